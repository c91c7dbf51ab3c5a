import Foundation
import GRDB

/// The heads on record: the tip, which each commit renews, and those that were kept.
enum HeadRow {
  /// Nil in a record that was never signed.
  static func tip(in database: Database) throws -> SignedHead? {
    try Row.fetchOne(database, sql: "SELECT text, signature, public_key, NULL FROM record_tip").map(head)
  }

  static func setTip(_ head: SignedHead, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO record_tip (id, text, signature, public_key) VALUES (0, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          text = excluded.text, signature = excluded.signature, public_key = excluded.public_key
        """)
    try statement.execute(arguments: [head.text, head.signature, head.publicKey])
  }

  /// Those that were kept, oldest first.
  static func all(in database: Database) throws -> [SignedHead] {
    try Row.fetchCursor(
      database,
      sql: """
        SELECT text, signature, public_key, token FROM record_head LEFT JOIN record_timestamp ON head = number
        ORDER BY number
        """
    ).reduce(into: []) { $0.append(head($1)) }
  }

  static func nextNumber(in database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT coalesce(max(number) + 1, 0) FROM record_head") ?? 0
  }

  static func kept(_ number: Int, in database: Database) throws -> SignedHead? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT text, signature, public_key, token FROM record_head LEFT JOIN record_timestamp ON head = number
        WHERE number = ?
        """)
    return try Row.fetchOne(statement, arguments: [number]).map(head)
  }

  /// The last that was kept, and the last that has a time stamp, if there are any.
  static func newest(in database: Database) throws -> [SignedHead] {
    let numbers = try Row.fetchOne(
      database, sql: "SELECT (SELECT max(head) FROM record_timestamp), (SELECT max(number) FROM record_head)")
    return try [numbers?[0] as Int?, numbers?[1] as Int?].compactMap { $0 }
      .compactMap { try kept($0, in: database) }
  }

  /// Keeps a head, and puts it in line for the export.
  static func keep(_ head: SignedHead, number: Int, in database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT INTO record_head (number, text, signature, public_key) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [number, head.text, head.signature, head.publicKey])
    try database.cachedStatement(sql: "INSERT INTO record_export (head) VALUES (?)").execute(arguments: [number])
  }

  static func setTimestamp(_ token: Data, of number: Int, in database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO record_timestamp (head, token) VALUES (?, ?)")
      .execute(arguments: [number, token])
  }

  /// Of the four columns text, signature, public key, time stamp. What is not UTF-8 is read as something that no signature
  /// is good for.
  private static func head(_ row: Row) -> SignedHead {
    let text: Data = row[0]
    return SignedHead(
      text: String(decoding: text, as: UTF8.self), signature: row[1] ?? Data(), publicKey: row[2] ?? Data(),
      timestamp: row[3])
  }
}

/// What waits to be exported.
struct ExportRow {
  let sequence: Int64
  /// The number of a head that was kept; nil for a line of its own.
  let head: Int?
  let line: String?

  static func add(_ line: String, in database: Database) throws {
    try database.cachedStatement(sql: "INSERT INTO record_export (line) VALUES (?)").execute(arguments: [line])
  }

  /// How many lines of their own, closures and erasures, there ever were: rows are numbered without gaps, and each kept
  /// head has one.
  static func linesEver(in database: Database) throws -> Int {
    let rows = try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'record_export'") ?? 0
    return rows - (try HeadRow.nextNumber(in: database))
  }

  /// What a target has not had yet, oldest first.
  static func waiting(for target: String, limit: Int, in database: Database) throws -> [ExportRow] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT seq, head, line FROM record_export
        WHERE seq > coalesce((SELECT seq FROM record_exported WHERE target = ?), 0) ORDER BY seq LIMIT ?
        """, arguments: [target, limit]
    ).map { ExportRow(sequence: $0[0], head: $0[1], line: $0[2]) }
  }

  /// Notes that a target has it, and forgets what all of them have.
  static func done(_ sequence: Int64, target: String, of targets: [String], in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO record_exported (target, seq) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET seq = excluded.seq
        """, arguments: [target, sequence])
    let marks = databaseQuestionMarks(count: targets.count)
    let reached = try Int64.fetchAll(
      database, sql: "SELECT seq FROM record_exported WHERE target IN (\(marks))",
      arguments: StatementArguments(targets))
    guard reached.count == targets.count, let least = reached.min() else { return }
    try database.execute(sql: "DELETE FROM record_export WHERE seq <= ?", arguments: [least])
  }
}

import Foundation
internal import GRDB
import Mail

/// Letters that wait to be sent. A row, and any secret in its letter, goes when it was.
enum MailTable {
  /// Queues a letter, to be sent at once when the transaction is on disk.
  ///
  /// - Parameter account: whose erasure takes the letter along; nil for somebody without an account.
  static func append(
    _ db: Database, to recipient: String, account: AccountID?, language: Language, _ letter: Letter, now: Int64
  ) throws {
    let json = String(decoding: try JSONEncoder().encode(letter), as: UTF8.self)
    try db.cachedStatement(
      sql: """
        INSERT INTO mail (account, recipient, language, letter, created_at, next_try_at, priority)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [account?.uuid, recipient, language.rawValue, json, now, now, letter.priority])
  }

  /// Those that may be tried now: those with a link that somebody waits for, then others, then those that go to
  /// everybody; of each, those due for longest first.
  static func due(_ db: Database, limit: Int, now: Int64) throws -> [QueuedLetter] {
    var letters: [QueuedLetter] = []
    for priority in 0...2 where letters.count < limit {
      letters += try due(db, priority, limit: limit - letters.count, now: now)
    }
    return letters
  }

  private static func due(_ db: Database, _ priority: Int, limit: Int, now: Int64) throws -> [QueuedLetter] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, recipient, language, letter, tries FROM mail WHERE priority = ? AND next_try_at <= ?
        ORDER BY next_try_at, id LIMIT ?
        """)
    return try Row.fetchAll(statement, arguments: [priority, now, limit]).map { row in
      guard let language = Language(rawValue: row["language"]),
        let letter = try? JSONDecoder().decode(Letter.self, from: Data((row["letter"] as String).utf8))
      else { throw AccountRefusal.unavailable(why: "the queue holds a letter that this version does not know") }
      return QueuedLetter(
        id: row["id"], recipient: row["recipient"], language: language, letter: letter, tries: row["tries"])
    }
  }

  static func count(_ db: Database) throws -> Int {
    try Int.fetchOne(try db.cachedStatement(sql: "SELECT count(*) FROM mail")) ?? 0
  }

  static func delete(_ db: Database, id: Int64) throws {
    try db.cachedStatement(sql: "DELETE FROM mail WHERE id = ?").execute(arguments: [id])
  }

  /// Notes that a letter was tried in vain.
  static func postpone(_ db: Database, id: Int64, to nextTry: Int64) throws {
    try db.cachedStatement(sql: "UPDATE mail SET tries = tries + 1, next_try_at = ? WHERE id = ?")
      .execute(arguments: [nextTry, id])
  }
}

extension Letter {
  /// Lower ones go first: a link that somebody waits for is not behind a letter to everybody.
  fileprivate var priority: Int {
    if case .newTexts = self { return 2 }
    return linkSeconds == nil ? 1 : 0
  }
}

import Foundation
import GRDB
import Rooms

/// A document as a row.
struct StagingRow {
  let id: DocumentID
  let consultation: ConsultationID
  let kind: Document.Kind
  let type: Document.MediaType
  let size: Int
  let received: Int
  /// Whether it is known to be on record.
  let isHandedOver: Bool
  let details: Data

  fileprivate init(_ row: Row) throws {
    guard let id = DocumentID(row["id"] as String), let consultation = ConsultationID(row["consultation"] as String),
      let kind = Document.Kind(rawValue: row["kind"]), let type = Document.MediaType(rawValue: row["type"])
    else { throw DocumentFailure.damaged }
    self.id = id
    self.consultation = consultation
    self.kind = kind
    self.type = type
    size = row["size"]
    received = row["received"]
    isHandedOver = row["handed_over"]
    details = row["details"]
  }
}

/// A chunk as a row: which bytes of the document it has.
struct ChunkRow {
  let number: Int
  let bytes: Range<Int>
  let sealed: Data

  fileprivate init(_ row: Row) {
    number = row["number"]
    bytes = (row["start"] as Int)..<(row["start"] as Int) + (row["count"] as Int)
    sealed = row["sealed"]
  }
}

/// The statements on documents and chunks.
enum DocumentTable {
  static func find(_ id: DocumentID, of consultation: ConsultationID, in database: Database) throws -> StagingRow? {
    try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT * FROM document WHERE id = ? AND consultation = ?"),
      arguments: [id.description, consultation.description]
    ).map { try StagingRow($0) }
  }

  static func find(_ key: MutationKey, of author: PersonID, in database: Database) throws -> StagingRow? {
    try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT * FROM document WHERE author = ? AND key = ?"),
      arguments: [author.description, key.description]
    ).map { try StagingRow($0) }
  }

  static func isAuthor(_ author: PersonID, of id: DocumentID, in database: Database) throws -> Bool {
    try Bool.fetchOne(
      try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM document WHERE id = ? AND author = ?)"),
      arguments: [id.description, author.description]) ?? false
  }

  static func all(of consultation: ConsultationID, in database: Database) throws -> [StagingRow] {
    try Row.fetchAll(
      try database.cachedStatement(sql: "SELECT * FROM document WHERE consultation = ?"),
      arguments: [consultation.description]
    ).map { try StagingRow($0) }
  }

  /// How many are on their way: those for a consultation or those of an author, whichever are more.
  static func stagedCount(
    of consultation: ConsultationID, by author: PersonID, in database: Database
  ) throws -> Int {
    try Int.fetchOne(
      try database.cachedStatement(
        sql: """
          SELECT max(coalesce(sum(consultation = ?1), 0), coalesce(sum(author = ?2), 0)) FROM document
          WHERE (consultation = ?1 OR author = ?2) AND NOT handed_over
          """),
      arguments: [consultation.description, author.description]) ?? 0
  }

  static func insert(
    _ announced: AnnouncedDocument, as id: DocumentID, details: Data, at now: Instant, in database: Database
  ) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO document (id, consultation, author, key, kind, type, size, touched_at, details)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      id.description, announced.consultation.description, announced.author.description, announced.key.description,
      announced.kind.rawValue, announced.type.rawValue, announced.size, now.milliseconds, details,
    ])
  }

  static func touch(_ id: DocumentID, received: Int, at now: Instant, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE document SET received = ?, touched_at = ? WHERE id = ?")
      .execute(arguments: [received, now.milliseconds, id.description])
  }

  static func touch(_ id: DocumentID, at now: Instant, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE document SET touched_at = ? WHERE id = ?")
      .execute(arguments: [now.milliseconds, id.description])
  }

  static func setHandedOver(_ id: DocumentID, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE document SET handed_over = TRUE WHERE id = ? AND NOT handed_over")
      .execute(arguments: [id.description])
  }

  static func setDetails(_ details: Data, of id: DocumentID, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE document SET details = ? WHERE id = ?")
      .execute(arguments: [details, id.description])
  }

  /// The chunks go with it.
  ///
  /// - Returns: how many there were, 0 or 1.
  static func delete(_ id: DocumentID, in database: Database) throws -> Int {
    try database.cachedStatement(sql: "DELETE FROM document WHERE id = ?").execute(arguments: [id.description])
    return database.changesCount
  }

  static func delete(of consultation: ConsultationID, in database: Database) throws -> Int {
    try database.cachedStatement(sql: "DELETE FROM document WHERE consultation = ?")
      .execute(arguments: [consultation.description])
    return database.changesCount
  }

  /// What decides whether a document is kept.
  struct Remainder {
    let id: DocumentID
    let consultation: ConsultationID?
    let touchedAt: Instant
    let isHandedOver: Bool
  }

  static func remainders(in database: Database) throws -> [Remainder] {
    try Row.fetchAll(database, sql: "SELECT id, consultation, touched_at, handed_over FROM document").compactMap {
      row in
      DocumentID(row[0] as String).map {
        Remainder(
          id: $0, consultation: ConsultationID(row[1] as String), touchedAt: Instant(milliseconds: row[2]),
          isHandedOver: row[3])
      }
    }
  }

  // MARK: Chunks

  static func insert(_ sealed: Data, _ number: Int, _ bytes: Range<Int>, of id: DocumentID, in database: Database)
    throws
  {
    try database.cachedStatement(
      sql: "INSERT INTO chunk (document, number, start, count, sealed) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [id.description, number, bytes.lowerBound, bytes.count, sealed])
  }

  static func lastChunk(of id: DocumentID, in database: Database) throws -> ChunkRow? {
    try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT * FROM chunk WHERE document = ? ORDER BY number DESC LIMIT 1"),
      arguments: [id.description]
    ).map(ChunkRow.init)
  }

  /// Reads those that have any of the bytes, in their order, one at a time.
  static func forEachChunk(
    of id: DocumentID, with bytes: Range<Int>, in database: Database, _ body: (ChunkRow) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      try database.cachedStatement(
        sql: "SELECT * FROM chunk WHERE document = ? AND start < ? AND start + count > ? ORDER BY number"),
      arguments: [id.description, bytes.upperBound, bytes.lowerBound])
    while let row = try rows.next() { try body(ChunkRow(row)) }
  }
}

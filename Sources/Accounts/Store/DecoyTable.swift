internal import GRDB

/// Rows that mean nothing, written where nothing else is, so that the time of a write does not tell whether an address
/// has an account (CU-4.1).
enum DecoyTable {
  /// About as many bytes as a link and a letter.
  private static let byteCount = 400

  static func append(_ db: Database, now: Int64) throws {
    try db.cachedStatement(sql: "INSERT INTO decoy (created_at, bytes) VALUES (?, randomblob(?))")
      .execute(arguments: [now, byteCount])
  }

  static func deleteAll(_ db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM decoy").execute()
  }
}

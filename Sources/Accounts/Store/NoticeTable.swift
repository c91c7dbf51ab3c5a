internal import GRDB

/// What was written about already, by a key for each occasion, so that nobody gets the same letter twice.
enum NoticeTable {
  static let schema = """
    CREATE TABLE notice (
      key TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  /// - Returns: false if the key is there already.
  static func note(_ db: Database, _ key: String, now: Int64) throws -> Bool {
    try db.cachedStatement(sql: "INSERT INTO notice (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .execute(arguments: [key, now])
    return db.changesCount > 0
  }

  static func delete(_ db: Database, by limit: Int64) throws {
    try db.execute(sql: "DELETE FROM notice WHERE at <= ?", arguments: [limit])
  }
}

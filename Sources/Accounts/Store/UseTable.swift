import Foundation
internal import GRDB

/// When accounts were used last, and who was told that theirs will be closed (CU-4.4).
enum UseTable {
  private static let select = """
    SELECT id, last_used_at, unused_notice_at FROM account JOIN credential ON credential.account = id
    """

  /// Notes that an account was used, and with it the patients without a sign-in of their own whom it represents; a
  /// notice that was sent is forgotten.
  static func note(_ db: Database, _ account: AccountID, now: Int64) throws {
    try db.cachedStatement(
      sql: """
        UPDATE account SET last_used_at = max(last_used_at, :now), unused_notice_at = NULL
        WHERE id = :account OR id IN (
          SELECT patient FROM guardianship WHERE guardian = :account
            AND NOT EXISTS (SELECT 1 FROM credential WHERE credential.account = patient))
        """
    ).execute(arguments: ["account": account.uuid, "now": now])
  }

  /// Accounts that can be written to and were not used since a time, those unused for longest first.
  static func unused(_ db: Database, since time: Int64) throws -> [UnusedAccount] {
    let statement = try db.cachedStatement(sql: "\(select) WHERE last_used_at <= ? ORDER BY last_used_at")
    return try Row.fetchAll(statement, arguments: [time]).map(account)
  }

  /// - Returns: nil if there is no such account any more.
  static func find(_ db: Database, _ id: AccountID) throws -> UnusedAccount? {
    let statement = try db.cachedStatement(sql: "\(select) WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id.uuid]).map(account)
  }

  static func noteTold(_ db: Database, _ account: AccountID, now: Int64) throws {
    try db.cachedStatement(sql: "UPDATE account SET unused_notice_at = ? WHERE id = ?")
      .execute(arguments: [now, account.uuid])
  }

  private static func account(_ row: Row) -> UnusedAccount {
    UnusedAccount(id: AccountID(row["id"] as UUID), lastUsedAt: row["last_used_at"], toldAt: row["unused_notice_at"])
  }
}

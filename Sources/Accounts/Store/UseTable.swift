import Foundation
internal import GRDB

/// When accounts were used last, and who was told that theirs will be closed (CU-4.4).
enum UseTable {
  private static let select = """
    SELECT id, last_used_at, unused_notice_at, EXISTS (SELECT 1 FROM mail WHERE mail.account = account.id
      AND json_type(letter, '$.unusedAccount') IS NOT NULL) AS letter_waits
    FROM account JOIN credential ON credential.account = id
    """

  /// Notes that an account was used, and with it the patients whom it represents on the day or who have no sign-in of
  /// their own; a notice that was sent or waits to be is forgotten.
  static func note(_ db: Database, _ account: AccountID, now: Int64) throws {
    let represented = try FamilyTable.guardianships(db, by: account).map(\.patient).filter { patient in
      try FamilyTable.represents(db, patient, account, now: now) || !FamilyTable.hasSignIn(db, patient)
    }
    for id in [account] + represented {
      try db.cachedStatement(
        sql: "UPDATE account SET last_used_at = max(last_used_at, ?), unused_notice_at = NULL WHERE id = ?"
      ).execute(arguments: [now, id.uuid])
      try db.cachedStatement(
        sql: """
          DELETE FROM mail WHERE (account = ?1 AND json_type(letter, '$.unusedAccount') IS NOT NULL)
            OR (about = ?1 AND json_type(letter, '$.unusedAccompanied') IS NOT NULL)
          """
      ).execute(arguments: [id.uuid])
    }
  }

  /// Accounts that can be written to, were not closed by an operator, and were not used since a time, those unused for
  /// longest first.
  static func unused(_ db: Database, since time: Int64) throws -> [UnusedAccount] {
    let statement = try db.cachedStatement(
      sql: "\(select) WHERE suspended_at IS NULL AND last_used_at <= ? ORDER BY last_used_at")
    return try Row.fetchAll(statement, arguments: [time]).map(account)
  }

  /// - Returns: nil if there is no such account any more, or an operator closed it.
  static func find(_ db: Database, _ id: AccountID) throws -> UnusedAccount? {
    let statement = try db.cachedStatement(sql: "\(select) WHERE suspended_at IS NULL AND id = ?")
    return try Row.fetchOne(statement, arguments: [id.uuid]).map(account)
  }

  /// Notes that somebody was told, or cannot be, if that is what a letter is about: it was delivered or given up.
  static func noteTold(_ db: Database, byLetter letter: Int64, now: Int64) throws {
    try db.cachedStatement(
      sql: """
        UPDATE account SET unused_notice_at = ?
        WHERE id = (SELECT account FROM mail WHERE id = ? AND json_type(letter, '$.unusedAccount') IS NOT NULL)
        """
    ).execute(arguments: [now, letter])
  }

  static func isClosed(_ db: Database, _ account: AccountID) throws -> Bool {
    try ProfileTable.require(db, account).isSuspended
  }

  private static func account(_ row: Row) -> UnusedAccount {
    UnusedAccount(
      id: AccountID(row["id"] as UUID), lastUsedAt: row["last_used_at"], toldAt: row["unused_notice_at"],
      letterWaits: row["letter_waits"])
  }
}

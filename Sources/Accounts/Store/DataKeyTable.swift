import Foundation
internal import GRDB
import Vault

/// The data key of each account that has something sealed (CU-1, CU-12.5), wrapped under a master key.
enum DataKeyTable {
  /// - Parameter creating: makes a key where there is none yet.
  /// - Returns: nil if there is none, and none was to be made.
  /// - Throws: `VaultFailure` if the master key that it is wrapped under is not at hand.
  static func key(
    _ db: Database, of account: AccountID, keyring: MasterKeyring, creating: Bool
  ) throws -> DataKey? {
    let find = try db.cachedStatement(sql: "SELECT sealed FROM data_key WHERE account = ?")
    if let sealed = try Data.fetchOne(find, arguments: [account.uuid]) {
      return try keyring.openDataKey(sealed, of: account.description)
    }
    guard creating else { return nil }
    let made = try keyring.makeDataKey(of: account.description, following: try VaultTable.check(db))
    try db.cachedStatement(sql: "INSERT INTO data_key (account, sealed) VALUES (?, ?)")
      .execute(arguments: [account.uuid, made.wrapped])
    return made.key
  }

  /// Wraps keys under the current master key, in the order of their accounts.
  ///
  /// - Returns: the accounts that were looked at.
  static func rewrap(_ db: Database, after last: Data, limit: Int, keyring: MasterKeyring) throws -> [Data] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT account, sealed FROM data_key WHERE account > ? ORDER BY account LIMIT ?"),
      arguments: [last, limit])
    for row in rows where try !keyring.isUnderCurrentKey(row["sealed"]) {
      let account = AccountID(row["account"] as UUID)
      try db.cachedStatement(sql: "UPDATE data_key SET sealed = ? WHERE account = ?")
        .execute(arguments: [try keyring.rewrap(row["sealed"], of: account.description), account.uuid])
    }
    return rows.map { $0["account"] }
  }

  /// Counts by the name of the master key, which those of before there were names do not have.
  static func census(_ db: Database) throws -> [Data: Int] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT CASE WHEN length(sealed) = 60 THEN x'' ELSE substr(sealed, 1, 8) END AS name, count(*) AS keys
        FROM data_key GROUP BY name
        """)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["keys"]) })
  }
}

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
}

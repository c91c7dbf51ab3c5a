import Crypto
import Foundation
internal import GRDB

/// The data key of each account that has something sealed (CU-1, CU-12.5).
enum DataKeyTable {
  /// - Parameter creating: makes a key where there is none yet.
  /// - Returns: nil if there is none, and none was to be made.
  /// - Throws: ``AccountRefusal/unavailable(why:)`` if the master key is not the one it was sealed with.
  static func key(_ db: Database, of account: AccountID, vault: Vault, creating: Bool) throws -> SymmetricKey? {
    let find = try db.cachedStatement(sql: "SELECT sealed FROM data_key WHERE account = ?")
    if let sealed = try Data.fetchOne(find, arguments: [account.uuid]) {
      return try vault.openDataKey(sealed, of: account)
    }
    guard creating else { return nil }
    let made = try vault.makeDataKey(for: account)
    try db.cachedStatement(sql: "INSERT INTO data_key (account, sealed) VALUES (?, ?)")
      .execute(arguments: [account.uuid, made.sealed])
    return made.key
  }
}

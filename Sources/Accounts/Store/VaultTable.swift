import Foundation
internal import GRDB
import Vault

/// What shows whether a master key is the one that the database's data is sealed under, and under which new keys are.
enum VaultTable {
  /// Whether something is sealed, or was.
  static func isSealed(_ db: Database) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM vault) OR EXISTS (SELECT 1 FROM data_key)") == true
  }

  static func check(_ db: Database) throws -> Data? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT sealed FROM vault"))
  }

  static func setCheck(_ db: Database, _ sealed: Data) throws {
    try db.execute(sql: "INSERT OR REPLACE INTO vault (id, sealed) VALUES (1, ?)", arguments: [sealed])
  }

  /// Opens what is sealed to see that the key is the right one, and seals the check where there is none yet.
  ///
  /// - Returns: false if it is another key.
  static func accepts(_ db: Database, _ keyring: MasterKeyring) throws -> Bool {
    if let sealed = try check(db) { return keyring.opensCheck(sealed) }
    // A folder of before there was a check.
    if let row = try Row.fetchOne(db, sql: "SELECT account, sealed FROM data_key LIMIT 1") {
      let account = AccountID(row["account"] as UUID)
      guard (try? keyring.openDataKey(row["sealed"], of: account.description)) != nil else { return false }
    }
    try setCheck(db, try keyring.sealCheck())
    return true
  }
}

import Foundation
internal import GRDB

/// What shows whether a master key is the one that the database's data is sealed under.
enum VaultTable {
  /// Whether something is sealed, or was.
  static func isSealed(_ db: Database) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM vault) OR EXISTS (SELECT 1 FROM data_key)") == true
  }

  /// Opens what is sealed to see that the key is the right one, and seals the check where there is none yet.
  ///
  /// - Returns: false if it is another key.
  static func accepts(_ db: Database, _ vault: Vault) throws -> Bool {
    if let sealed = try Data.fetchOne(db, sql: "SELECT sealed FROM vault") { return vault.opensCheck(sealed) }
    // A folder of before there was a check.
    if let row = try Row.fetchOne(db, sql: "SELECT account, sealed FROM data_key LIMIT 1") {
      guard (try? vault.openDataKey(row["sealed"], of: AccountID(row["account"] as UUID))) != nil else { return false }
    }
    try db.execute(sql: "INSERT INTO vault (id, sealed) VALUES (1, ?)", arguments: [try vault.sealCheck()])
    return true
  }
}

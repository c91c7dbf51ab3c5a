import Foundation
internal import GRDB
import Vault

/// Second factors, their secrets sealed, and recovery codes.
enum SecondFactorTable {
  static let purpose = "second factor"

  /// A row, opened.
  struct SecondFactor: Sendable {
    let totp: TOTP
    /// Whether it is asked for; until then it waits for its first code.
    let isInForce: Bool
    /// The step of the code that was used last.
    let lastStep: Int64
  }

  /// - Throws: ``AccountRefusal/unavailable(why:)`` if the secret cannot be opened.
  static func find(_ db: Database, of account: AccountID, keyring: MasterKeyring) throws -> SecondFactor? {
    let statement = try db.cachedStatement(
      sql: "SELECT sealed, confirmed_at IS NOT NULL AS in_force, last_step FROM second_factor WHERE account = ?")
    guard let row = try Row.fetchOne(statement, arguments: [account.uuid]) else { return nil }
    let key = try requireKey(db, of: account, keyring: keyring)
    let secret = try key.open(row["sealed"], purpose: purpose)
    return SecondFactor(totp: TOTP(secret: secret), isInForce: row["in_force"], lastStep: row["last_step"])
  }

  static func isInForce(_ db: Database, of account: AccountID) throws -> Bool {
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM second_factor WHERE account = ? AND confirmed_at IS NOT NULL")
    return try Int.fetchOne(statement, arguments: [account.uuid]) != nil
  }

  /// In place of an earlier one and its recovery codes; it waits for its first code.
  static func replace(_ db: Database, of account: AccountID, secret: Data, keyring: MasterKeyring) throws {
    let key = try requireKey(db, of: account, keyring: keyring)
    let sealed = try key.seal(secret, purpose: purpose)
    try delete(db, of: account)
    try execute(db, "INSERT INTO second_factor (account, sealed) VALUES (?, ?)", [account.uuid, sealed])
  }

  static func confirm(
    _ db: Database, of account: AccountID, step: Int64, codes: [RecoveryCode], keyring: MasterKeyring, now: Int64
  ) throws {
    try execute(
      db, "UPDATE second_factor SET confirmed_at = ?, last_step = ? WHERE account = ?", [now, step, account.uuid])
    let key = try requireKey(db, of: account, keyring: keyring)
    for code in codes {
      try execute(
        db, "INSERT INTO recovery_code (account, digest) VALUES (?, ?)", [account.uuid, code.digest(key)])
    }
  }

  /// Uses up what was typed: a code of the app with all before it, or a recovery code.
  ///
  /// - Throws: ``AccountRefusal/wrongCode``.
  static func use(
    _ db: Database, _ code: String, of account: AccountID, _ factor: SecondFactor, keyring: MasterKeyring, now: Int64
  ) throws {
    let digits = code.filter { $0 != " " }
    if let step = factor.totp.step(of: digits, now: now, after: factor.lastStep) {
      return try execute(
        db, "UPDATE second_factor SET last_step = ? WHERE account = ?", [step, account.uuid])
    }
    guard let recovery = RecoveryCode(code) else { throw AccountRefusal.wrongCode }
    let key = try requireKey(db, of: account, keyring: keyring)
    try execute(
      db, "DELETE FROM recovery_code WHERE account = ? AND digest = ?", [account.uuid, recovery.digest(key)])
    guard db.changesCount == 1 else { throw AccountRefusal.wrongCode }
  }

  /// - Returns: whether there was one in force.
  @discardableResult
  static func delete(_ db: Database, of account: AccountID) throws -> Bool {
    let wasInForce = try isInForce(db, of: account)
    try execute(db, "DELETE FROM second_factor WHERE account = ?", [account.uuid])
    return wasInForce
  }

  private static func requireKey(_ db: Database, of account: AccountID, keyring: MasterKeyring) throws -> DataKey {
    guard let key = try DataKeyTable.key(db, of: account, keyring: keyring, creating: true) else {
      throw AccountRefusal.unavailable(why: "a data key could not be made")
    }
    return key
  }

  private static func execute(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

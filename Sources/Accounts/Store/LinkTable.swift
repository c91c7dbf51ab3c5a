import Foundation
internal import GRDB

/// Links that were e-mailed to somebody who has an account, found by the digest of their token.
enum LinkTable {
  /// What a link is for.
  enum Purpose: Hashable, Sendable {
    case password
    /// To confirm this new address.
    case email(EmailAddress)

    fileprivate var stored: String {
      switch self {
      case .password: "password"
      case .email: "email"
      }
    }

    fileprivate var email: EmailAddress? {
      switch self {
      case .password: nil
      case .email(let email): email
      }
    }
  }

  /// In place of the account's earlier links for the same.
  static func replace(
    _ db: Database, _ account: AccountID, _ purpose: Purpose, token: SessionToken, now: Int64, expiresAt: Int64
  ) throws {
    try execute(db, "DELETE FROM link WHERE account = ? AND purpose = ?", [account.uuid, purpose.stored])
    try execute(
      db,
      """
      INSERT INTO link (token_digest, account, purpose, email, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
      """,
      [token.digest, account.uuid, purpose.stored, purpose.email?.text, now, expiresAt])
  }

  /// Whose link to set a new password it is; nil if it is not good, or not any more.
  static func findPassword(_ db: Database, token: SessionToken, now: Int64) throws -> AccountID? {
    let statement = try db.cachedStatement(
      sql: "SELECT account FROM link WHERE token_digest = ? AND purpose = 'password' AND expires_at > ?")
    return try UUID.fetchOne(statement, arguments: [token.digest, now]).map { AccountID($0) }
  }

  /// Whose link to confirm an address it is, and which address; nil if it is not good, or not any more.
  static func findEmail(
    _ db: Database, token: SessionToken, now: Int64
  ) throws -> (account: AccountID, email: EmailAddress)? {
    let statement = try db.cachedStatement(
      sql: "SELECT account, email FROM link WHERE token_digest = ? AND purpose = 'email' AND expires_at > ?")
    return try Row.fetchOne(statement, arguments: [token.digest, now]).map { row in
      (AccountID(row["account"] as UUID), try EmailAddress(row["email"] as String))
    }
  }

  static func deleteAll(_ db: Database, of account: AccountID) throws {
    try execute(db, "DELETE FROM link WHERE account = ?", [account.uuid])
  }

  static func deleteExpired(_ db: Database, now: Int64) throws {
    try execute(db, "DELETE FROM link WHERE expires_at <= ?", [now])
  }

  private static func execute(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

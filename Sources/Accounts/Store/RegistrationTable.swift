import Foundation
internal import GRDB

/// Who signed up, and has not shown yet that the e-mail address is theirs.
enum RegistrationTable {
  /// A row.
  struct Registration: Sendable {
    let email: EmailAddress
    let details: RegistrationDetails
    let hash: PasswordHash
    let createdAt: Int64
    let expiresAt: Int64
  }

  /// - Parameter limit: how many of one e-mail address are kept; the oldest go.
  static func insert(_ db: Database, _ registration: Registration, token: SessionToken, limit: Int) throws {
    let details = String(decoding: try JSONEncoder().encode(registration.details), as: UTF8.self)
    let hash = registration.hash
    try execute(
      db,
      """
      INSERT INTO registration
        (token_digest, email, details, salt, hash, rounds, block_size, parallelism, created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        token.digest, registration.email.text, details, Data(hash.salt), Data(hash.hash), hash.cost.rounds,
        hash.cost.blockSize, hash.cost.parallelism, registration.createdAt, registration.expiresAt,
      ])
    try execute(
      db,
      """
      DELETE FROM registration WHERE email = :email AND rowid NOT IN (
        SELECT rowid FROM registration WHERE email = :email ORDER BY created_at DESC, rowid DESC LIMIT :limit)
      """, ["email": registration.email.text, "limit": limit])
  }

  /// - Returns: nil if the token is not good, or not any more.
  static func find(_ db: Database, token: SessionToken, now: Int64) throws -> Registration? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT email, details, salt, hash, rounds, block_size, parallelism, created_at, expires_at
        FROM registration WHERE token_digest = ? AND expires_at > ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [token.digest, now]) else { return nil }
    guard
      let details = try? JSONDecoder().decode(RegistrationDetails.self, from: Data((row["details"] as String).utf8))
    else { throw AccountRefusal.unavailable(why: "the database holds a sign-up that this version does not know") }
    let cost = ScryptCost(rounds: row["rounds"], blockSize: row["block_size"], parallelism: row["parallelism"])
    let hash = PasswordHash(salt: Array(row["salt"] as Data), hash: Array(row["hash"] as Data), cost: cost)
    return Registration(
      email: try EmailAddress(row["email"] as String), details: details, hash: hash, createdAt: row["created_at"],
      expiresAt: row["expires_at"])
  }

  static func deleteAll(_ db: Database, of email: EmailAddress) throws {
    try execute(db, "DELETE FROM registration WHERE email = ?", [email.text])
  }

  static func deleteExpired(_ db: Database, now: Int64) throws {
    try execute(db, "DELETE FROM registration WHERE expires_at <= ?", [now])
  }

  private static func execute(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

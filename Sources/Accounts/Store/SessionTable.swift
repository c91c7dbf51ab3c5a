import Foundation
internal import GRDB

/// Sessions: who is signed in, found by the digest of their token.
enum SessionTable {
  private static let columns = "id, account, kind, room, created_at, expires_at, device, last_used_at, factors"

  static func insert(_ db: Database, _ session: Session, token: SessionToken) throws {
    let (kind, room) = stored(session.kind)
    try db.cachedStatement(
      sql: """
        INSERT INTO session
          (id, account, token_digest, kind, room, created_at, expires_at, device, last_used_at, factors)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      session.id, session.account.uuid, token.digest, kind, room, session.createdAt, session.expiresAt,
      session.device, session.lastUsedAt, session.isStrong ? 2 : 1,
    ])
  }

  static func find(_ db: Database, token: SessionToken, now: Int64) throws -> Session? {
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns) FROM session WHERE token_digest = ? AND expires_at > ?")
    return try Row.fetchOne(statement, arguments: [token.digest, now]).map(session)
  }

  static func existing(_ db: Database, among ids: Set<UUID>) throws -> Set<UUID> {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM session WHERE id = ?")
    return try ids.filter { try Int.fetchOne(statement, arguments: [$0]) != nil }
  }

  /// Newest first, over or not.
  static func all(_ db: Database, of account: AccountID) throws -> [Session] {
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns) FROM session WHERE account = ? ORDER BY created_at DESC, rowid DESC")
    return try Row.fetchAll(statement, arguments: [account.uuid]).map(session)
  }

  /// - Throws: ``AccountRefusal/wrongCredentials`` if the session was ended, or its account closed.
  static func require(_ db: Database, _ id: UUID, of account: AccountID) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT 1 FROM session JOIN account ON account.id = session.account
        WHERE session.id = ? AND session.account = ? AND suspended_at IS NULL
        """)
    guard try Int.fetchOne(statement, arguments: [id, account.uuid]) != nil else {
      throw AccountRefusal.wrongCredentials
    }
  }

  static func delete(_ db: Database, token: SessionToken) throws -> Session? {
    try ended(db, "DELETE FROM session WHERE token_digest = ?", [token.digest]).first
  }

  static func delete(_ db: Database, id: UUID) throws -> Session? {
    try ended(db, "DELETE FROM session WHERE id = ?", [id]).first
  }

  static func delete(_ db: Database, id: UUID, of account: AccountID) throws -> Session? {
    try ended(db, "DELETE FROM session WHERE id = ? AND account = ?", [id, account.uuid]).first
  }

  /// - Parameter kept: the one that stays; nil for none.
  static func deleteAll(_ db: Database, of account: AccountID, but kept: UUID? = nil) throws -> [Session] {
    try ended(db, "DELETE FROM session WHERE account = ? AND id IS NOT ?", [account.uuid, kept])
  }

  /// Ends sessions, and says so in the audit if there were any, for who follows it to close their sockets.
  ///
  /// - Parameter kept: the one that stays; nil for none.
  static func revokeAll(
    _ db: Database, of account: AccountID, but kept: UUID? = nil, by actor: AuditEntry.Actor, now: Int64
  ) throws {
    guard try !deleteAll(db, of: account, but: kept).isEmpty else { return }
    try AuditTable.append(db, at: now, by: actor, .sessionsRevoked, account)
  }

  /// Those that are not over, newest first.
  static func all(_ db: Database, of account: AccountID, now: Int64) throws -> [Session] {
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns) FROM session WHERE account = ? AND expires_at > ? ORDER BY created_at DESC, rowid DESC")
    return try Row.fetchAll(statement, arguments: [account.uuid, now]).map(session)
  }

  /// - Parameter interval: in milliseconds.
  /// - Returns: false, with nothing changed, if it was used less than that ago, or is over.
  static func noteUse(_ db: Database, of id: UUID, now: Int64, every interval: Int64) throws -> Bool {
    try db.cachedStatement(sql: "UPDATE session SET last_used_at = ? WHERE id = ? AND last_used_at <= ?")
      .execute(arguments: [now, id, now - interval])
    return db.changesCount == 1
  }

  static func deleteExpired(_ db: Database, now: Int64) throws -> [Session] {
    try ended(db, "DELETE FROM session WHERE expires_at <= ?", [now])
  }

  /// Makes room for one more: drops what has expired, and the oldest beyond `limit` - 1.
  static func makeRoom(_ db: Database, for account: AccountID, limit: Int, now: Int64) throws -> [Session] {
    try ended(
      db,
      """
      DELETE FROM session WHERE account = :account AND (expires_at <= :now OR id NOT IN (
        SELECT id FROM session WHERE account = :account AND expires_at > :now
        ORDER BY created_at DESC, rowid DESC LIMIT :kept))
      """, ["account": account.uuid, "now": now, "kept": limit - 1])
  }

  private static func ended(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [Session] {
    let statement = try db.cachedStatement(sql: "\(sql) RETURNING \(columns)")
    return try Row.fetchAll(statement, arguments: arguments).map(session)
  }

  private static func session(_ row: Row) throws -> Session {
    Session(
      id: row["id"], account: AccountID(row["account"] as UUID), kind: try kind(row["kind"], room: row["room"]),
      createdAt: row["created_at"], expiresAt: row["expires_at"], device: row["device"],
      lastUsedAt: row["last_used_at"], isStrong: row["factors"] == 2)
  }

  private static func stored(_ kind: Session.Kind) -> (kind: String, room: UUID?) {
    switch kind {
    case .cookie: ("cookie", nil)
    case .bearer: ("bearer", nil)
    case .companion(let room): ("companion", room)
    }
  }

  private static func kind(_ kind: String, room: UUID?) throws -> Session.Kind {
    switch (kind, room) {
    case ("cookie", nil): .cookie
    case ("bearer", nil): .bearer
    case ("companion", let room?): .companion(room: room)
    default:
      throw AccountRefusal.unavailable(why: "the database holds a kind of session that this version does not know")
    }
  }
}

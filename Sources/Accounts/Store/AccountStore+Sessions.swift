public import Foundation
internal import GRDB

extension AccountStore {
  /// The session of a cookie or bearer token; nil if it is over or never was. A companion's token is not one of these.
  public func session(forToken token: String, now: Int64) async throws(AccountRefusal) -> Session? {
    guard let session = try await find(token, now: now) else { return nil }
    if case .companion = session.kind { return nil }
    return session
  }

  /// The session of a guardian who signed in beside the patient for this room; nil for any other token or room
  /// (CU-6.3b).
  public func companionSession(
    forToken token: String, room: UUID, now: Int64
  ) async throws(AccountRefusal) -> Session? {
    guard let session = try await find(token, now: now), session.kind == .companion(room: room) else { return nil }
    return session
  }

  /// Makes a bearer token for an account without a password: for service clients and tests.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount``, ``AccountRefusal/accountSuspended``.
  public func issueToken(
    for account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    let start = prepare(.bearer, for: account, isStrong: true, now: now)
    return try await database.write { db in
      let signedIn = try start.insert(db)
      try AuditTable.append(db, at: now, by: actor, .tokenIssued, account)
      return signedIn
    }
  }

  /// Ends the session of a token of any kind.
  ///
  /// - Returns: the session that ended, so that its sockets can be closed; nil if there was none.
  @discardableResult
  public func signOut(token: String) async throws(AccountRefusal) -> Session? {
    guard let token = SessionToken(token) else { return nil }
    return try await database.write { db in try SessionTable.delete(db, token: token) }
  }

  /// Ends one session.
  ///
  /// - Returns: the session that ended; nil if there was none.
  @discardableResult
  public func revokeSession(_ id: UUID) async throws(AccountRefusal) -> Session? {
    try await database.write { db in try SessionTable.delete(db, id: id) }
  }

  /// Ends all sessions of an account.
  ///
  /// - Returns: those that ended.
  /// - Throws: ``AccountRefusal/unknownAccount``.
  @discardableResult
  public func revokeSessions(
    of account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> [Session] {
    try await database.write { db in
      _ = try ProfileTable.require(db, account)
      try AuditTable.append(db, at: now, by: actor, .sessionsRevoked, account)
      return try SessionTable.deleteAll(db, of: account)
    }
  }

  /// Forgets the sessions that are over; to be called every minute or so.
  ///
  /// - Returns: those that were forgotten, so that their sockets can be closed.
  @discardableResult
  public func sweepExpiredSessions(now: Int64) async throws(AccountRefusal) -> [Session] {
    try await database.write { db in try SessionTable.deleteExpired(db, now: now) }
  }

  /// Which of some sessions are not over: others may have been ended by another process.
  public func existingSessions(among ids: Set<UUID>) async throws(AccountRefusal) -> Set<UUID> {
    try await database.read { db in try SessionTable.existing(db, among: ids) }
  }

  func prepare(
    _ kind: Session.Kind, for account: AccountID, device: String? = nil, isStrong: Bool = false, now: Int64
  ) -> SessionStart {
    let session = Session(
      id: entropy.uuid(), account: account, kind: kind, createdAt: now,
      expiresAt: now + settings.sessions.lifetime(of: kind), device: device, isStrong: isStrong)
    return SessionStart(
      session: session, token: SessionToken(bytes: entropy.bytes(SessionToken.byteCount)),
      limit: settings.sessions.perAccount)
  }

  private func find(_ token: String, now: Int64) async throws(AccountRefusal) -> Session? {
    guard let token = SessionToken(token) else { return nil }
    return try await database.read { db in try SessionTable.find(db, token: token, now: now) }
  }
}

/// A session that is about to be stored.
struct SessionStart: Sendable {
  let session: Session
  let token: SessionToken
  let limit: Int

  /// - Throws: ``AccountRefusal/unknownAccount``, ``AccountRefusal/accountSuspended``.
  func insert(_ db: Database) throws -> SignedIn {
    let profile = try ProfileTable.require(db, session.account)
    guard !profile.isSuspended else { throw AccountRefusal.accountSuspended }
    let dropped = try SessionTable.makeRoom(db, for: session.account, limit: limit, now: session.createdAt)
    try SessionTable.insert(db, session, token: token)
    return SignedIn(session: session, token: token, profile: profile, dropped: dropped)
  }
}

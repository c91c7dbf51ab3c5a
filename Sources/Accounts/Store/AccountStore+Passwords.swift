public import Foundation
internal import GRDB
import Mail
import Synchronization

/// Passwords that people set themselves (CU-4.1).
extension AccountStore {
  /// Whether somebody may ask for a link to set a new password just now. It does not look at the accounts.
  ///
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/invalid(field:why:)`` for what is
  ///   not an e-mail address.
  public func admitPasswordRequest(email: String, address: RemoteAddress, now: Int64) throws(AccountRefusal) {
    try admitPasswordLetter(email: EmailAddress(email), address: address, now: now)
  }

  /// Writes to somebody who forgot their password, with a link that is good for an hour, in place of an earlier one.
  /// Nothing is sent to an address without an account, or with a closed one, but as much is written. To be called after
  /// the answer, which must not depend on it.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for what is not an e-mail address.
  public func sendPasswordLink(email: String, now: Int64) async throws(AccountRefusal) {
    let email = try EmailAddress(email)
    let token = SessionToken(bytes: entropy.bytes(SessionToken.byteCount))
    try await database.write { [lifetime = settings.links.password] db in
      guard let profile = try ProfileTable.find(db, email: email), !profile.isSuspended else {
        return try DecoyTable.append(db, now: now)
      }
      try LinkTable.replace(db, profile.id, .password, token: token, now: now, expiresAt: now + lifetime)
      try MailTable.append(db, to: profile.id, .resetPassword(token: token.text), now: now)
    }
  }

  /// Sets the password of whose link it is. All sessions end, the link is used up, and who was locked out by somebody's
  /// guessing can sign in at once.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for a password out of bounds, which does not use up the link,
  ///   ``AccountRefusal/linkInvalid`` (also for an account that was closed meanwhile),
  ///   ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/busy(afterMilliseconds:)``.
  public func resetPassword(
    token: String, to password: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) {
    let password = try Password(password)
    let email = try await tryLink(token, from: address, now: now) { token throws(AccountRefusal) in
      let found = try await database.read { db in try LinkTable.findPassword(db, token: token, now: now) }
      guard found != nil else { throw .linkInvalid }
      let hash = try await hash(password)
      return try await database.write { db in
        guard let account = try LinkTable.findPassword(db, token: token, now: now),
          case let profile = try ProfileTable.require(db, account), !profile.isSuspended
        else { throw AccountRefusal.linkInvalid }
        try AccountTable.renewPassword(db, account, hash, now: now)
        _ = try SessionTable.deleteAll(db, of: account)
        return profile.email
      }
    }
    if let email = try? email.map({ text throws(AccountRefusal) in try EmailAddress(text) }) {
      limiter.withLock { $0.lift(email) }
    }
  }

  /// Sets one's own password, and ends all other sessions.
  ///
  /// - Parameter session: the one that stays.
  /// - Returns: the sessions that ended, so that their sockets can be closed.
  /// - Throws: ``AccountRefusal/wrongCredentials``, ``AccountRefusal/invalid(field:why:)`` for a new password out of
  ///   bounds, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/busy(afterMilliseconds:)``.
  public func changePassword(
    of account: AccountID, current: String, to new: String, keeping session: UUID, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> [Session] {
    let new = try Password(new)
    let checked = try await checkPassword(current, of: account, from: address, now: now)
    let hash = try await hash(new)
    return try await database.write { db in
      try checked.confirm(db, session: session)
      try AccountTable.renewPassword(db, account, hash, now: now)
      return try SessionTable.deleteAll(db, of: account, but: session)
    }
  }
}

extension AccountTable {
  /// Somebody sets their own password, and is told by e-mail.
  fileprivate static func renewPassword(_ db: Database, _ id: AccountID, _ hash: PasswordHash, now: Int64) throws {
    try setPassword(db, id, hash, now: now)
    try AuditTable.append(db, at: now, by: .account(id), .passwordSet, id)
    try MailTable.append(db, to: id, .passwordChanged, now: now)
  }
}

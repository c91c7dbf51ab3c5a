public import Foundation
import Synchronization

extension AccountStore {
  /// Signs somebody in (CU 1).
  ///
  /// An unknown address, an account without a password and a wrong password are refused in the same way after the same
  /// work.
  ///
  /// - Parameter kind: ``Session/Kind/companion(room:)`` for a guardian beside a patient; see
  ///   ``signInCompanion(email:password:room:address:now:)``.
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)`` before any work,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``, ``AccountRefusal/wrongCredentials``,
  ///   ``AccountRefusal/accountSuspended`` (only for who knows the password).
  public func signIn(
    email: String, password: String, code: String? = nil, address: RemoteAddress, kind: Session.Kind,
    device: String? = nil, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    let email = try? EmailAddress(email)
    if case .refused(let wait) = limiter.withLock({ $0.begin(email: email, address: address, now: now) }) {
      throw .tooManyAttempts(afterMilliseconds: wait)
    }
    // Nobody has such an address or password: there is nothing to hide, and nothing to hash.
    guard let email, let password = try? Password(password) else { throw .wrongCredentials }
    let account = try await judge(password, of: email, from: address)
    return try await start(kind, for: account, device: device, isStrong: false, now: now)
  }

  /// Signs in a guardian beside a patient, for one room (CU-6.3b). The token is good for
  /// ``companionSession(forToken:room:now:)`` only. Whether this person may be in that room is for the caller to
  /// decide.
  ///
  /// - Throws: as ``signIn(email:password:address:kind:now:)``.
  public func signInCompanion(
    email: String, password: String, code: String? = nil, room: UUID, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    try await signIn(
      email: email, password: password, code: code, address: address, kind: .companion(room: room), now: now)
  }

  /// Checks a password, and tells the limiter how it went.
  private func judge(
    _ password: Password, of email: EmailAddress, from address: RemoteAddress
  ) async throws(AccountRefusal) -> AccountID {
    do {
      let account = try await check(password, of: email)
      limiter.withLock { $0.succeeded(email: email, address: address) }
      return account
    } catch {
      if error != .wrongCredentials { limiter.withLock { $0.abandoned(email: email, address: address) } }
      throw error
    }
  }

  private func check(_ password: Password, of email: EmailAddress) async throws(AccountRefusal) -> AccountID {
    let credential = try await database.read { db in try AccountTable.credential(db, email: email) }
    let stored = credential?.hash ?? decoy
    let hash = try await hashing.hash(password, salt: stored.salt, cost: stored.cost)
    guard stored.matches(hash), let credential, credential.hash != nil else { throw .wrongCredentials }
    return credential.account
  }
}

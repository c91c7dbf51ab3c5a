public import Foundation
internal import GRDB

extension AccountStore {
  /// Signs somebody in (CU 1).
  ///
  /// An unknown address, an account without a password and a wrong password are refused in the same way after the same
  /// work. A right password without the code that is needed, too, counts neither as a failure nor as a success.
  ///
  /// - Parameters:
  ///   - code: of the authenticator app, or a recovery code; needed where a second factor is in force.
  ///   - kind: ``Session/Kind/companion(room:)`` for a guardian beside a patient; see
  ///     ``signInCompanion(email:password:code:room:address:now:)``.
  ///   - device: 1...60 characters.
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)`` before any work,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``, ``AccountRefusal/wrongCredentials``; and only for who knows the
  ///   password: ``AccountRefusal/secondFactorRequired``, ``AccountRefusal/wrongCode``,
  ///   ``AccountRefusal/secondFactorMissing`` (an operator without one), ``AccountRefusal/accountSuspended``.
  public func signIn(
    email: String, password: String, code: String? = nil, address: RemoteAddress, kind: Session.Kind,
    device: String? = nil, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    let email = try? EmailAddress(email)
    return try await guess(at: email, from: address, lifting: true, now: now) { () throws(AccountRefusal) in
      let checked = try await check(password, of: email)
      let account = checked.account
      let proof = SecondFactorProof(account: account, code: code, keyring: keyring, now: now)
      return try await database.write { [self] db in
        try checked.confirm(db, session: nil)
        let isStrong = try proof.use(db)
        guard try isStrong || !ProfileTable.require(db, account).roles.contains(.operator) else {
          throw AccountRefusal.secondFactorMissing
        }
        try UseTable.note(db, account, now: now)
        return try prepare(kind, for: account, device: device, isStrong: isStrong, now: now).insert(db)
      }
    }
  }

  /// Signs in a guardian beside a patient, for one room (CU-6.3b). The token is good for
  /// ``companionSession(forToken:room:now:)`` only. Whether this person may be in that room is for the caller to
  /// decide.
  ///
  /// - Throws: as ``signIn(email:password:code:address:kind:device:now:)``.
  public func signInCompanion(
    email: String, password: String, code: String? = nil, room: UUID, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    try await signIn(
      email: email, password: password, code: code, address: address, kind: .companion(room: room), now: now)
  }

  /// Checks the password of who is signed in, as often as a sign-in may be tried.
  ///
  /// - Returns: to be confirmed in the transaction that acts on it.
  /// - Throws: ``AccountRefusal/wrongCredentials``, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``.
  func checkPassword(
    _ password: String, of account: AccountID, from address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> CheckedPassword {
    let email = try await email(of: account)
    return try await guess(at: email, from: address, lifting: false, now: now) { () throws(AccountRefusal) in
      try await check(password, of: email)
    }
  }

  /// - Returns: nil for somebody who cannot sign in.
  func email(of account: AccountID) async throws(AccountRefusal) -> EmailAddress? {
    guard let text = try await profile(account)?.email else { return nil }
    return try EmailAddress(text)
  }

  /// - Parameter email: nil for what is not an e-mail address.
  /// - Throws: ``AccountRefusal/wrongCredentials``, ``AccountRefusal/busy(afterMilliseconds:)``.
  func check(_ password: String, of email: EmailAddress?) async throws(AccountRefusal) -> CheckedPassword {
    // Nobody has such an address or password: there is nothing to hide, and nothing to hash.
    guard let email, let password = try? Password(password) else { throw .wrongCredentials }
    let credential = try await database.read { db in try AccountTable.credential(db, email: email) }
    let stored = credential?.hash ?? decoy
    let hash = try await hashing.hash(password, salt: stored.salt, cost: stored.cost)
    guard stored.matches(hash), let credential, credential.hash != nil else { throw .wrongCredentials }
    return CheckedPassword(account: credential.account, email: email, hash: stored)
  }
}

import Foundation
internal import GRDB
import Mail
import Vault

/// Second factors: codes of an authenticator app (RFC 6238), and recovery codes.
extension AccountStore {
  /// Makes a secret that waits for its first code; an earlier one that waited is forgotten.
  ///
  /// - Throws: ``AccountRefusal/wrongCredentials``, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``, ``AccountRefusal/secondFactorOn``.
  public func beginSecondFactor(
    by session: Session, password: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> SecondFactorSetup {
    let account = session.account
    let checked = try await checkPassword(password, of: account, from: address, now: now)
    let secret = Data(entropy.bytes(TOTP.secretBytes))
    return try await database.write { [keyring] db in
      try checked.confirm(db, session: session.id)
      guard try !SecondFactorTable.isInForce(db, of: account) else { throw AccountRefusal.secondFactorOn }
      try SecondFactorTable.replace(db, of: account, secret: secret, keyring: keyring)
      return SecondFactorSetup(secret: secret, email: checked.email.text)
    }
  }

  /// Puts the second factor in force with its first code, ends all other sessions, and tells the person by e-mail.
  ///
  /// - Returns: 10 recovery codes, each good once in place of a code. Only their digests are stored.
  /// - Throws: ``AccountRefusal/wrongCode`` (also if none was begun), ``AccountRefusal/secondFactorOn``,
  ///   ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``.
  public func confirmSecondFactor(
    by session: Session, code: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> [String] {
    let account = session.account
    let codes = recoveryCodes()
    let email = try await email(of: account)
    return try await guess(at: email, from: address, lifting: false, now: now) { () throws(AccountRefusal) in
      try await database.write { [keyring] db in
        try SessionTable.require(db, session.id, of: account)
        guard let factor = try SecondFactorTable.find(db, of: account, keyring: keyring) else {
          throw AccountRefusal.wrongCode
        }
        guard !factor.isInForce else { throw AccountRefusal.secondFactorOn }
        let digits = code.filter { $0 != " " }
        guard let step = factor.totp.step(of: digits, now: now, after: factor.lastStep) else {
          throw AccountRefusal.wrongCode
        }
        try SecondFactorTable.confirm(db, of: account, step: step, codes: codes, keyring: keyring, now: now)
        try SessionTable.revokeAll(db, of: account, but: session.id, by: .account(account), now: now)
        try AuditTable.append(db, at: now, by: .account(account), .secondFactorOn, account)
        try MailTable.append(db, to: account, .secondFactorOn, now: now)
        return codes.map(\.text)
      }
    }
  }

  /// Takes the second factor and its recovery codes away, and tells the person by e-mail. Nothing happens if there is
  /// none.
  ///
  /// - Throws: ``AccountRefusal/forbidden`` for operators, who need one, ``AccountRefusal/wrongCredentials``,
  ///   ``AccountRefusal/secondFactorRequired``, ``AccountRefusal/wrongCode``,
  ///   ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/busy(afterMilliseconds:)``.
  public func removeSecondFactor(
    by session: Session, password: String, code: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) {
    let account = session.account
    guard let profile = try await profile(account) else { throw .unknownAccount }
    guard !profile.roles.contains(.operator) else { throw .forbidden }
    try await verify(session, password: password, code: code, address: address, now: now) { db in
      guard try SecondFactorTable.delete(db, of: account) else { return }
      try AuditTable.append(db, at: now, by: .account(account), .secondFactorOff, account)
      try MailTable.append(db, to: account, .secondFactorOff, now: now)
    }
  }

  /// Makes a second factor that is in force at once, in place of an earlier one, and ends all sessions: for who has access
  /// to the machine.
  ///
  /// - Returns: what the person needs, shown once, with 10 recovery codes.
  /// - Throws: ``AccountRefusal/unknownAccount``, ``AccountRefusal/invalid(field:why:)`` for an account without an e-mail
  ///   address.
  public func setSecondFactor(
    of account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> (setup: SecondFactorSetup, recoveryCodes: [String]) {
    let secret = Data(entropy.bytes(TOTP.secretBytes))
    let codes = recoveryCodes()
    return try await database.write { [keyring] db in
      guard let email = try ProfileTable.require(db, account).email else {
        throw AccountRefusal.invalid(field: .email, why: "this account has no e-mail address to sign in with")
      }
      try SecondFactorTable.replace(db, of: account, secret: secret, keyring: keyring)
      try SecondFactorTable.confirm(db, of: account, step: 0, codes: codes, keyring: keyring, now: now)
      try SessionTable.revokeAll(db, of: account, by: actor, now: now)
      try AuditTable.append(db, at: now, by: actor, .secondFactorOn, account)
      try MailTable.append(db, to: account, .secondFactorOn, now: now)
      return (SecondFactorSetup(secret: secret, email: email), codes.map(\.text))
    }
  }

  /// Whether a second factor is in force.
  public func hasSecondFactor(_ account: AccountID) async throws(AccountRefusal) -> Bool {
    try await database.read { db in try SecondFactorTable.isInForce(db, of: account) }
  }

  /// Checks the password of who is signed in, and the code where a second factor is in force, and does what cannot be
  /// taken back in the same transaction.
  ///
  /// - Throws: ``AccountRefusal/wrongCredentials`` (also if the session ended, or the password changed, meanwhile),
  ///   ``AccountRefusal/secondFactorRequired``, ``AccountRefusal/wrongCode``,
  ///   ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/busy(afterMilliseconds:)``, and what the
  ///   work throws, which uses up no code.
  func verify<Value: Sendable>(
    _ session: Session, password: String, code: String?, address: RemoteAddress, now: Int64,
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(AccountRefusal) -> Value {
    let email = try await email(of: session.account)
    return try await guess(at: email, from: address, lifting: true, now: now) { () throws(AccountRefusal) in
      let checked = try await check(password, of: email)
      let proof = SecondFactorProof(account: session.account, code: code, keyring: keyring, now: now)
      return try await database.write { db in
        try checked.confirm(db, session: session.id)
        _ = try proof.use(db)
        return try work(db)
      }
    }
  }

  private func recoveryCodes() -> [RecoveryCode] {
    (0..<RecoveryCode.perAccount).map { _ in RecoveryCode(entropy) }
  }
}

/// The code that goes with a password.
struct SecondFactorProof: Sendable {
  let account: AccountID
  let code: String?
  let keyring: MasterKeyring
  let now: Int64

  /// Uses the code up.
  ///
  /// - Returns: false if no second factor is in force.
  /// - Throws: ``AccountRefusal/secondFactorRequired``, ``AccountRefusal/wrongCode``.
  func use(_ db: Database) throws -> Bool {
    guard let factor = try SecondFactorTable.find(db, of: account, keyring: keyring), factor.isInForce else {
      return false
    }
    guard let code else { throw AccountRefusal.secondFactorRequired }
    try SecondFactorTable.use(db, code, of: account, factor, keyring: keyring, now: now)
    return true
  }
}

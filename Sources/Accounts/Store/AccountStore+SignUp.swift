internal import GRDB
import Mail
import Synchronization

/// People who make their own account (CU-1), once they have shown that the e-mail address is theirs.
extension AccountStore {
  /// Keeps what somebody said of themself for 48 hours, and writes to their address: with a link to confirm it or, if
  /// it has an account, that it has one. The answer and the work are the same.
  ///
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)`` before any work,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``, ``AccountRefusal/rppsTaken``,
  ///   ``AccountRefusal/invalid(field:why:)`` for a patient under 18 on this day in France, whose account a parent makes,
  ///   and for an attending physician who is no verified practitioner.
  public func signUp(_ signUp: SignUp, address: RemoteAddress, now: Int64) async throws(AccountRefusal) {
    guard let email = signUp.account.email, let password = signUp.account.password else {
      throw .invalid(field: .email, why: "an e-mail address and a password are needed")
    }
    try admitRequest(email: email, address: address, now: now)
    let today = CivilDate(inParisAt: now)
    if let birthDate = signUp.account.birthDate, birthDate.age(on: today) < 18 {
      throw .invalid(field: .birthDate, why: "a parent makes the account of a child under 18")
    }
    let registration = RegistrationTable.Registration(
      email: email, details: RegistrationDetails(signUp),
      hash: try await hashForRequest(password, email: email, address: address), createdAt: now,
      expiresAt: now + settings.links.registration)
    let token = SessionToken(bytes: entropy.bytes(SessionToken.byteCount))
    try await database.write { [limit = settings.links.registrationsPerEmail] db in
      try RegistrationTable.check(db, signUp)
      // What was said waits for an address that is taken, too, though nobody gets its token: the work is the same.
      try RegistrationTable.insert(db, registration, token: token, limit: limit)
      if let account = try AccountTable.credential(db, email: email)?.account {
        try MailTable.append(db, to: account, .alreadyRegistered, now: now)
      } else {
        let letter = Letter.confirmRegistration(givenName: signUp.account.givenName.text, token: token.text)
        try MailTable.append(db, to: email.text, account: nil, language: signUp.language, letter, now: now)
      }
    }
  }

  /// Makes the account that somebody signed up for, and signs them in. Only who chose the password can do it, so that
  /// nobody gets an account that somebody else made in their name. Other sign-ups of the address are forgotten.
  ///
  /// A physician who was chosen as the attending one, and is not verified any more, is left out.
  ///
  /// - Parameter device: 1...60 characters.
  /// - Throws: ``AccountRefusal/linkInvalid``, ``AccountRefusal/wrongCredentials``, ``AccountRefusal/rppsTaken``,
  ///   ``AccountRefusal/emailTaken``, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``.
  public func confirmRegistration(
    token: String, password: String, address: RemoteAddress, device: String?, now: Int64
  ) async throws(AccountRefusal) -> SignedIn {
    try await tryLink(token, from: address, now: now) { token throws(AccountRefusal) in
      let found = try await database.read { db in try RegistrationTable.find(db, token: token, now: now) }
      guard let found else { throw .linkInvalid }
      return try await guess(at: found.email, from: address, lifting: true, now: now) { () throws(AccountRefusal) in
        guard let password = try? Password(password) else { throw .wrongCredentials }
        let hash = try await hashing.hash(password, salt: found.hash.salt, cost: found.hash.cost)
        guard found.hash.matches(hash) else { throw .wrongCredentials }
        let start = prepare(.cookie, for: AccountID(entropy.uuid()), device: device, now: now)
        return try await database.write { db in
          guard let registration = try RegistrationTable.find(db, token: token, now: now) else {
            throw AccountRefusal.linkInvalid
          }
          try registration.makeAccount(db, start.session.account, now: now)
          return try start.insert(db)
        }
      }
    }
  }

  /// A request that is refused for want of capacity does not count.
  private func hashForRequest(
    _ password: Password, email: EmailAddress, address: RemoteAddress
  ) async throws(AccountRefusal) -> PasswordHash {
    do {
      return try await hash(password)
    } catch {
      requests.withLock { $0.abandoned(email: email, address: address) }
      throw error
    }
  }
}

extension RegistrationTable {
  /// What can be told at once, as it is no secret: practitioners are public, and whether the address has an account
  /// plays no part.
  ///
  /// - Throws: ``AccountRefusal/rppsTaken``, ``AccountRefusal/invalid(field:why:)``.
  fileprivate static func check(_ db: Database, _ signUp: SignUp) throws {
    if let rpps = signUp.account.practitioner?.rpps, try AccountTable.isTaken(db, rpps) {
      throw AccountRefusal.rppsTaken
    }
    guard case .registered(let id) = signUp.attending else { return }
    guard try ProfileTable.find(db, id)?.isVerifiedPractitioner == true else {
      throw AccountRefusal.invalid(field: .attending, why: "there is no such practitioner; choose one who was found")
    }
  }
}

extension RegistrationTable.Registration {
  fileprivate func makeAccount(_ db: Database, _ id: AccountID, now: Int64) throws {
    try AccountTable.insert(db, id, details.account(email: email), hash: hash, now: now)
    try DetailsTable.setLanguage(db, of: id, to: details.language)
    try DetailsTable.setPostalAddress(db, of: id, to: details.postalAddress)
    try AuditTable.append(db, at: now, by: .account(id), .accountCreated, id)
    try setAttending(db, of: id, now: now)
    try RegistrationTable.deleteAll(db, of: email)
  }

  private func setAttending(_ db: Database, of id: AccountID, now: Int64) throws {
    var physician: AccountID?
    switch try details.attendingChoice() {
    case .none: return
    case .registered(let chosen):
      guard try ProfileTable.find(db, chosen)?.isVerifiedPractitioner == true else { return }
      physician = chosen
      try DetailsTable.setAttending(db, of: id, to: .registered(chosen))
    case .named(let name): try DetailsTable.setAttending(db, of: id, to: .named(name))
    }
    try AuditTable.append(db, at: now, by: .account(id), .attendingSet, id, other: physician)
  }
}

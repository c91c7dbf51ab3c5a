internal import GRDB
import Mail

/// Another e-mail address for an account.
extension AccountStore {
  /// Writes to the new address with a link that is good for 24 hours, in place of an earlier one; if the address has an
  /// account, the letter says so instead. What who asks sees is the same.
  ///
  /// - Throws: ``AccountRefusal/wrongCredentials``, ``AccountRefusal/invalid(field:why:)`` for what is not an e-mail
  ///   address or is the account's own, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``,
  ///   ``AccountRefusal/busy(afterMilliseconds:)``.
  public func requestEmail(
    _ email: String, by session: Session, password: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) {
    let email = try EmailAddress(email)
    let account = session.account
    let checked = try await checkPassword(password, of: account, from: address, now: now)
    guard email != checked.email else { throw .invalid(field: .email, why: "this is the account's address already") }
    try admitRequest(email: email, address: address, now: now)
    let token = SessionToken(bytes: entropy.bytes(SessionToken.byteCount))
    try await database.write { [lifetime = settings.links.email] db in
      try checked.confirm(db, session: session.id)
      let language = try ProfileTable.require(db, account).language
      // A link to an address that is taken waits, too, though nobody gets its token: whoever looks sees no difference.
      try LinkTable.replace(db, account, .email(email), token: token, now: now, expiresAt: now + lifetime)
      if let owner = try AccountTable.credential(db, email: email)?.account {
        try MailTable.append(db, to: owner, .emailTaken, now: now)
      } else {
        try MailTable.append(
          db, to: email.text, account: account, language: language, .confirmEmail(token: token.text), now: now)
      }
    }
  }

  /// Signs the account in with its new address from now on, and tells the old one.
  ///
  /// - Throws: ``AccountRefusal/linkInvalid`` (also for an account that was closed meanwhile),
  ///   ``AccountRefusal/emailTaken``, ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``.
  public func confirmEmail(token: String, address: RemoteAddress, now: Int64) async throws(AccountRefusal) {
    try await tryLink(token, from: address, now: now) { token throws(AccountRefusal) in
      try await database.write { db in
        guard let (account, email) = try LinkTable.findEmail(db, token: token, now: now),
          case let profile = try ProfileTable.require(db, account), !profile.isSuspended
        else { throw AccountRefusal.linkInvalid }
        try MailTable.append(db, to: account, .emailChanged, now: now)
        try AccountTable.setEmail(db, account, email)
        try RegistrationTable.deleteAll(db, of: email)
        try AuditTable.append(db, at: now, by: .account(account), .emailChanged, account)
      }
    }
  }
}

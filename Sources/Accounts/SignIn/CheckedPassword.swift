import Foundation
internal import GRDB

/// A password that was right when it was hashed. As that takes long, what is done by virtue of it confirms in its own
/// transaction that nothing changed meanwhile.
struct CheckedPassword: Sendable {
  let account: AccountID
  let email: EmailAddress
  let hash: PasswordHash

  /// - Parameter session: of who is signed in; nil for somebody who signs in.
  /// - Throws: ``AccountRefusal/wrongCredentials`` if the password or the address is another by now, or the session is
  ///   over.
  func confirm(_ db: Database, session: UUID?) throws {
    guard let current = try AccountTable.credential(db, email: email), current.account == account,
      current.hash?.salt == hash.salt, current.hash?.hash == hash.hash
    else { throw AccountRefusal.wrongCredentials }
    if let session { try SessionTable.require(db, session, of: account) }
  }
}

import Foundation
internal import GRDB

/// Practitioners as patients find them, and how one becomes a practitioner.
extension AccountStore {
  /// Verified practitioners whose given, family or whole name begins like this; case and accents do not matter.
  ///
  /// - Parameter name: 2...100 characters.
  /// - Returns: 20 at most, in the order of the names that begin so.
  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public func searchPractitioners(name: String) async throws(AccountRefusal) -> [Profile] {
    let start = FoldedName(try PersonName(name, field: .name).text).text
    guard start.unicodeScalars.count >= 2 else { throw .invalid(field: .name, why: "it must have 2 to 100 characters") }
    return try await database.read { db in try PractitionerTable.search(db, start: start, limit: 20) }
  }

  /// Applies to be a practitioner, again after a refusal, or corrects the professional data. Another RPPS number or
  /// specialty has to be verified anew; the sector does not.
  ///
  /// - Throws: ``AccountRefusal/forbidden`` for an operator, and while the registration is suspended;
  ///   ``AccountRefusal/rppsTaken``, ``AccountRefusal/unknownAccount``.
  public func apply(
    _ practitioner: NewAccount.Practitioner, of account: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      let profile = try ProfileTable.require(db, account)
      let before = profile.practitioner
      guard before?.verification != .suspended, !profile.roles.contains(.operator) else {
        throw AccountRefusal.forbidden
      }
      let isPending =
        before?.rpps != practitioner.rpps || before?.verification == .refused
        || before?.specialty != practitioner.specialty.text
      if before == nil { try AccountTable.add(.practitioner, to: account, in: db) }
      try PractitionerTable.store(db, practitioner, of: account, isPending: isPending, now: now)
      try AuditTable.append(
        db, at: now, by: .account(account), isPending ? .practitionerPending : .accountCorrected, account)
    }
  }
}

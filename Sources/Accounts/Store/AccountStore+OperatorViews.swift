internal import GRDB
import Mail

/// What operators see and decide, beside `AccountStore+Operators`. Never health data (CU-5.2).
extension AccountStore {
  /// How many there are of what, all at one moment.
  ///
  /// - Parameter now: registrations and invitations that have expired by then are not counted.
  public func counts(now: Int64 = 0) async throws(AccountRefusal) -> AccountCounts {
    try await database.read { db in try OperatorTable.counts(db, now: now) }
  }

  /// One page of practitioners, in the order of their ids.
  ///
  /// - Parameters:
  ///   - verification: only those who stand so.
  ///   - after: the last id of the page before.
  ///   - limit: 1...1000.
  public func practitioners(
    _ verification: Verification?, after: AccountID?, limit: Int
  ) async throws(AccountRefusal) -> [PractitionerEntry] {
    let limit = min(max(limit, 1), 1000)
    return try await database.read { db in
      try PractitionerTable.page(db, verification, after: after, limit: limit)
    }
  }

  /// The account of an e-mail address; nil if there is none.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for what is not an address.
  public func operatorAccount(email: String) async throws(AccountRefusal) -> OperatorAccount? {
    let email = try EmailAddress(email)
    return try await database.read { db in try OperatorTable.account(db, email: email) }
  }

  /// Sets a patient's protection, up or down, and writes to the patient. Setting what it is already changes nothing.
  ///
  /// - Throws: ``AccountRefusal/hasGuardians``, ``AccountRefusal/notAPatient``, ``AccountRefusal/unknownAccount``,
  ///   ``AccountRefusal/invalid(field:why:)`` for the ground.
  public func setProtection(
    of patient: AccountID, to protection: Protection, ground: String, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    let ground = try Ground(ground)
    try await database.write { db in
      let profile = try ProfileTable.require(db, patient)
      guard profile.roles.contains(.patient) else { throw AccountRefusal.notAPatient }
      guard profile.protection != protection else { return }
      try DetailsTable.setProtection(db, of: patient, to: protection)
      try AuditTable.append(db, at: now, by: actor, .protectionSet, patient, ground: ground)
      try MailTable.appendToFamily(db, of: patient, now: now)
    }
  }
}

internal import GRDB
import Mail

extension AccountStore {
  /// Ends that somebody represents a patient, at once: by the patient, by the guardian, or by who granted it and is the patient
  /// or still represents them. Open invitations that the guardian sent for the patient are taken back.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` for somebody who has nothing to do with the patient,
  ///   ``AccountRefusal/guardianship(_:)`` with `notLinked`, ``AccountRefusal/forbidden``,
  ///   ``AccountRefusal/lastGuardian`` for a patient without a sign-in of their own.
  public func endGuardianship(
    patient: AccountID, guardian: AccountID, by account: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      let guardianships = try FamilyTable.guardianships(db, of: patient)
      let isKnown = guardianships.contains { $0.mayEnd(account, among: guardianships) }
      guard try isKnown || FamilyTable.maySee(db, patient, account, now: now) else {
        throw AccountRefusal.unknownAccount
      }
      guard let guardianship = guardianships.first(where: { $0.guardian == guardian }) else {
        throw AccountRefusal.guardianship(.notLinked)
      }
      guard guardianship.mayEnd(account, among: guardianships) else { throw AccountRefusal.forbidden }
      guard try guardianships.count > 1 || FamilyTable.hasSignIn(db, patient) else {
        throw AccountRefusal.lastGuardian
      }
      try AccountTable.unlink(db, patient: patient, guardian: guardian)
      try InvitationTable.revoke(db, sentBy: guardian, for: patient, by: .account(account), now: now)
      try AuditTable.append(db, at: now, by: .account(account), .guardianUnlinked, patient, other: guardian)
      let name = try ProfileTable.require(db, patient).fullName
      try MailTable.append(db, to: guardian, .guardianshipEnded(patient: name), about: patient, now: now)
    }
  }
}

import Foundation
internal import GRDB
import Mail

/// An invitation that is about to be sent.
struct InvitationRow: Sendable {
  let record: InvitationRecord
  let token: SessionToken
  let inviter: AccountID
  let now: Int64

  /// - Throws: as `AccountStore.invite`.
  func store(_ db: Database) throws -> Invitation {
    let sender = try ProfileTable.require(db, inviter)
    let isFamily = try FamilyTable.maySee(db, record.patient, inviter, now: now)
    guard let patient = try ProfileTable.find(db, record.patient), patient.roles.contains(.patient),
      isFamily || sender.roles.contains(.operator)
    else { throw AccountRefusal.unknownAccount }
    guard isFamily || sender.email != record.email else { throw AccountRefusal.forbidden }
    let wait = try InvitationTable.wait(db, for: inviter, now: now)
    guard wait == 0 else { throw AccountRefusal.tooManyAttempts(afterMilliseconds: wait) }
    try check(db, patient)

    try InvitationTable.insert(db, record, token: token)
    try AuditTable.append(db, at: now, by: .account(inviter), .guardianInvited, record.patient)
    // The letter names a member of the family, and goes with them; of operators nobody is told the name.
    try MailTable.append(
      db, to: record.email, account: nil, language: sender.language,
      .invitation(from: isFamily ? sender.fullName : nil, token: token.text), now: now)
    try MailTable.markLast(db, about: isFamily ? inviter : record.patient)
    if !isFamily { try MailTable.appendToFamily(db, of: record.patient, now: now) }
    return record.invitation
  }

  /// Takes back what the address was sent before for the same patient, and checks that there is room for this one.
  private func check(_ db: Database, _ patient: Profile) throws {
    guard record.relation.fits(patient, on: CivilDate(inParisAt: now)) else {
      throw AccountRefusal.guardianship(.relationMismatch)
    }
    guard patient.email != record.email else { throw AccountRefusal.guardianship(.ownGuardian) }
    let guardians = try ProfileTable.guardians(db, of: patient.id)
    guard !guardians.contains(where: { $0.profile.email == record.email }) else {
      throw AccountRefusal.guardianship(.alreadyLinked)
    }
    let open = try InvitationTable.open(db, of: patient.id, now: now)
    for replaced in open where replaced.email == record.email {
      try InvitationTable.setState(db, replaced.id, .revoked)
    }
    guard guardians.count + open.count(where: { $0.email != record.email }) < 2 else {
      throw AccountRefusal.guardianship(.tooManyGuardians)
    }
  }
}

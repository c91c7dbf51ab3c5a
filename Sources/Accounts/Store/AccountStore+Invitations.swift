public import Foundation
internal import GRDB
import Mail
import Synchronization

/// Asking somebody by e-mail to represent a patient (CU-6.3). The link in the letter is good once, for 7 days, and for
/// the account with that address only.
extension AccountStore {
  /// Invites somebody: by the patient, a guardian or an operator. Whether the address has an account makes no
  /// difference. The same address can be invited again, which takes the earlier invitation back.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` for somebody who has nothing to do with the patient,
  ///   ``AccountRefusal/forbidden`` for an operator's own address, ``AccountRefusal/guardianship(_:)`` with
  ///   `relationMismatch`, `ownGuardian`, `alreadyLinked` or `tooManyGuardians` (guardians and open invitations
  ///   together: 2), ``AccountRefusal/tooManyAttempts(afterMilliseconds:)`` after 20 in a day, and after too
  ///   many letters to the same address or from the same remote one,
  ///   ``AccountRefusal/invalid(field:why:)``.
  public func invite(
    _ email: String, as relation: Relation, for patient: AccountID, by account: AccountID, address: RemoteAddress,
    now: Int64
  ) async throws(AccountRefusal) -> Invitation {
    let email = try EmailAddress(email)
    let record = InvitationRecord(
      id: entropy.uuid(), patient: patient, invitedBy: account, email: email.text,
      relation: relation, state: .open, createdAt: now, expiresAt: now + InvitationRecord.lifetime)
    let row = InvitationRow(
      record: record, token: SessionToken(bytes: entropy.bytes(SessionToken.byteCount)), inviter: account, now: now)
    try admitRequest(email: email, address: address, now: now)
    do {
      return try await database.write { db in try row.store(db) }
    } catch {
      // No letter was sent.
      requests.withLock { $0.abandoned(email: email, address: address) }
      throw error
    }
  }

  /// Takes back an invitation that nobody has answered: by the patient, a guardian, an operator or who sent it.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` if there is no such open invitation for the patient, or it is not for
  ///   this account to know.
  public func revokeInvitation(
    _ id: UUID, for patient: AccountID, by account: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      guard let record = try InvitationTable.find(db, id: id), record.patient == patient, record.state == .open,
        try record.invitedBy == account || FamilyTable.maySee(db, patient, account, now: now)
          || ProfileTable.require(db, account).roles.contains(.operator)
      else { throw AccountRefusal.unknownAccount }
      try InvitationTable.setState(db, id, .revoked)
      try AuditTable.append(db, at: now, by: .account(account), .invitationRevoked, patient)
    }
  }

  /// Open invitations to the address that an account signs in with, oldest first.
  public func receivedInvitations(
    of account: AccountID, now: Int64
  ) async throws(AccountRefusal) -> [ReceivedInvitation] {
    try await database.read { db in
      guard let email = try ProfileTable.require(db, account).email else { return [] }
      return try InvitationTable.open(db, for: email, now: now).map { try ReceivedInvitation(db, $0, now: now) }
    }
  }

  /// The invitation of a link.
  ///
  /// - Throws: ``AccountRefusal/linkInvalid``, ``AccountRefusal/invitation(_:)``.
  public func findInvitation(
    token: String, for account: AccountID, now: Int64
  ) async throws(AccountRefusal) -> ReceivedInvitation {
    guard let token = SessionToken(token) else { throw .linkInvalid }
    return try await database.read { db in
      guard let record = try InvitationTable.find(db, token: token) else { throw AccountRefusal.linkInvalid }
      try record.requireOpen(for: ProfileTable.require(db, account).email, now: now)
      return try ReceivedInvitation(db, record, now: now)
    }
  }

  /// Represents the patient from now on, with the role guardian if it was missing, and tells who invited.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` if there is no such invitation, ``AccountRefusal/invitation(_:)``,
  ///   ``AccountRefusal/guardianship(_:)``, ``AccountRefusal/forbidden`` for an operator, who never sees health data.
  public func acceptInvitation(_ id: UUID, by account: AccountID, now: Int64) async throws(AccountRefusal) {
    try await database.write { db in
      let profile = try ProfileTable.require(db, account)
      let record = try InvitationTable.requireOpen(db, id, for: profile, now: now)
      guard !profile.roles.contains(.operator) else { throw AccountRefusal.forbidden }
      let patient = try ProfileTable.require(db, record.patient)
      guard record.relation.fits(patient, on: CivilDate(inParisAt: now)) else {
        throw AccountRefusal.guardianship(.relationMismatch)
      }
      guard patient.id != account else { throw AccountRefusal.guardianship(.ownGuardian) }
      try AccountTable.add(.guardian, to: account, in: db)
      try AccountTable.link(
        db, Guardianship(patient: patient.id, guardian: account, relation: record.relation, since: now),
        grantedBy: record.invitedBy)
      try InvitationTable.setState(db, id, .accepted)
      try AuditTable.append(db, at: now, by: .account(account), .guardianLinked, patient.id, other: account)
      if try !FamilyTable.hasSignIn(db, patient.id) {
        try ConsentTable.copy(db, from: account, to: patient.id, now: now)
      }
      try MailTable.appendToFamily(db, of: patient.id, except: [account, record.invitedBy ?? account], now: now)
      guard let inviter = record.invitedBy else { return }
      try MailTable.append(db, to: inviter, .invitationAccepted(by: profile.fullName), about: account, now: now)
    }
  }

  /// - Throws: ``AccountRefusal/unknownAccount`` if there is no such invitation, ``AccountRefusal/invitation(_:)``.
  public func declineInvitation(_ id: UUID, by account: AccountID, now: Int64) async throws(AccountRefusal) {
    try await database.write { db in
      let record = try InvitationTable.requireOpen(db, id, for: ProfileTable.require(db, account), now: now)
      try InvitationTable.setState(db, id, .declined)
      try AuditTable.append(db, at: now, by: .account(account), .invitationDeclined, record.patient)
    }
  }
}

extension InvitationTable {
  /// - Throws: ``AccountRefusal/unknownAccount`` if there is none, ``AccountRefusal/invitation(_:)``.
  fileprivate static func requireOpen(
    _ db: Database, _ id: UUID, for profile: Profile, now: Int64
  ) throws -> InvitationRecord {
    guard let record = try find(db, id: id) else { throw AccountRefusal.unknownAccount }
    try record.requireOpen(for: profile.email, now: now)
    return record
  }
}

extension ReceivedInvitation {
  /// Names who sent it if they belong to the family; an operator stays the platform.
  fileprivate init(_ db: Database, _ record: InvitationRecord, now: Int64) throws {
    let patient = try ProfileTable.require(db, record.patient)
    var inviter: Inviter?
    if let id = record.invitedBy, let profile = try ProfileTable.find(db, id),
      try !profile.roles.contains(.operator) || FamilyTable.maySee(db, record.patient, id, now: now)
    {
      inviter = Inviter(givenName: profile.givenName, familyName: profile.familyName)
    }
    self.init(
      id: record.id, relation: record.relation, patientGivenName: patient.givenName,
      patientFamilyName: patient.familyName, inviter: inviter, expiresAt: record.expiresAt)
  }
}

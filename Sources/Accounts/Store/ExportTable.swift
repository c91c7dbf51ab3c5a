import Foundation
internal import GRDB
import Mail
import Vault

/// Collects all that is held about a person (CU-11).
struct ExportTable {
  let db: Database
  let profile: Profile
  let keyring: MasterKeyring

  func export(now: Int64) throws -> PersonExport {
    PersonExport(
      exportedAt: ExportTime(now), account: try account(), patient: try patient(), healthFile: try healthFile(),
      practitioner: try practitioner(), consents: try ConsentTable.all(db, of: profile.id).map(ExportedConsent.init),
      guardians: try FamilyTable.guardianships(db, of: profile.id).map { try guardianship($0, with: $0.guardian) },
      represents: try FamilyTable.guardianships(db, by: profile.id).map { try guardianship($0, with: $0.patient) },
      invitations: try invitations(), sessions: try SessionTable.all(db, of: profile.id).map(ExportedSession.init),
      secondFactor: try secondFactor(), pendingEmails: try pendingEmails(), registrations: try registrations(),
      letters: try letters(), audit: try AuditTable.read(db, about: profile.id).map(ExportedAuditEntry.init))
  }

  private func account() throws -> ExportedAccount {
    let row = try require(
      """
      SELECT a.created_at, a.last_used_at, a.unused_notice_at, a.suspended_at, a.suspended_ground, c.password_set_at
      FROM account a LEFT JOIN credential c ON c.account = a.id WHERE a.id = ?
      """)
    let address = try DetailsTable.details(db, of: profile.id, now: 0)?.postalAddress
    return ExportedAccount(
      id: profile.id.description, givenName: profile.givenName, familyName: profile.familyName, email: profile.email,
      roles: profile.roles.map(\.rawValue).sorted(), language: profile.language.rawValue,
      postalAddress: address.map {
        ExportedAddress(street: $0.street, postalCode: $0.postalCode, city: $0.city, country: $0.country)
      },
      createdAt: ExportTime(row["created_at"]), lastUsedAt: ExportTime(row["last_used_at"]),
      unusedNoticeAt: row.time("unused_notice_at"), passwordSetAt: row.time("password_set_at"),
      closing: row.time("suspended_at").map { .init(at: $0, ground: row["suspended_ground"]) })
  }

  private func patient() throws -> ExportedPatient? {
    guard let birthDate = profile.birthDate else { return nil }
    return ExportedPatient(
      birthDate: birthDate.description, protection: profile.protection.rawValue,
      attending: try DetailsTable.attending(db, of: profile).map(ExportedAttending.init))
  }

  private func healthFile() throws -> ExportedHealthFile? {
    guard let (file, updatedAt) = try HealthTable.find(db, of: profile.id, keyring) else { return nil }
    return ExportedHealthFile(
      history: file.history, socialSecurityNumber: file.socialSecurityNumber, updatedAt: ExportTime(updatedAt))
  }

  private func practitioner() throws -> ExportedPractitioner? {
    guard let practice = profile.practitioner, let entry = try PractitionerTable.find(db, profile.id) else {
      return nil
    }
    return ExportedPractitioner(
      rpps: practice.rpps.digits, specialty: practice.specialty, sector: practice.sector.rawValue,
      verification: practice.verification.rawValue, ground: entry.ground, decidedAt: ExportTime(entry.decidedAt),
      appliedAt: ExportTime(entry.appliedAt))
  }

  private func guardianship(_ row: FamilyTable.Row, with other: AccountID) throws -> ExportedGuardianship {
    let other = try ProfileTable.require(db, other)
    return ExportedGuardianship(
      givenName: other.givenName, familyName: other.familyName, relation: row.relation.rawValue,
      since: ExportTime(row.since))
  }

  private func invitations() throws -> ExportedInvitations {
    ExportedInvitations(
      sent: try InvitationTable.about(db, profile.id).map(invitation),
      received: try profile.email.map { try InvitationTable.sent(db, to: $0).map(invitation) } ?? [])
  }

  private func invitation(_ record: InvitationRecord) throws -> ExportedInvitation {
    ExportedInvitation(
      patient: try ProfileTable.require(db, record.patient).fullName, email: record.email,
      relation: record.relation.rawValue, state: record.state.rawValue, createdAt: ExportTime(record.createdAt),
      expiresAt: ExportTime(record.expiresAt))
  }

  private func secondFactor() throws -> ExportedSecondFactor? {
    try rows("SELECT confirmed_at FROM second_factor WHERE account = ? AND confirmed_at IS NOT NULL").first
      .map { ExportedSecondFactor(onSince: ExportTime($0["confirmed_at"])) }
  }

  private func pendingEmails() throws -> [ExportedPendingEmail] {
    try rows("SELECT email, created_at, expires_at FROM link WHERE account = ? AND purpose = 'email'").map { row in
      ExportedPendingEmail(
        email: row["email"], createdAt: ExportTime(row["created_at"]), expiresAt: ExportTime(row["expires_at"]))
    }
  }

  private func registrations() throws -> [ExportedRegistration] {
    try rows(
      """
      SELECT details, created_at, expires_at FROM registration
      WHERE email = (SELECT email FROM credential WHERE account = ?) ORDER BY created_at
      """
    ).map { row in
      ExportedRegistration(
        details: row["details"], createdAt: ExportTime(row["created_at"]), expiresAt: ExportTime(row["expires_at"]))
    }
  }

  private func letters() throws -> [ExportedLetter] {
    try rows(
      """
      SELECT recipient, created_at FROM mail
      WHERE account = ?1 OR recipient = (SELECT email FROM credential WHERE account = ?1) ORDER BY id
      """
    ).map { row in
      ExportedLetter(recipient: row["recipient"], createdAt: ExportTime(row["created_at"]))
    }
  }

  private func require(_ sql: String) throws -> Row {
    guard let row = try rows(sql).first else { throw AccountRefusal.unknownAccount }
    return row
  }

  /// - Parameter sql: with one place for the account's id.
  private func rows(_ sql: String) throws -> [Row] {
    try Row.fetchAll(db, sql: sql, arguments: [profile.id.uuid])
  }
}

extension Row {
  fileprivate func time(_ column: String) -> ExportTime? {
    (self[column] as Int64?).map { ExportTime($0) }
  }
}

/// Everything that the accounts hold about a person (CU-11), as `docs/export.schema.json` describes it, without the
/// consultations, which are in the record. What there is none of is left out. Of other people it has the names only,
/// and what the person themself entered.
public struct PersonExport: Encodable, Sendable {
  let exportedAt: ExportTime
  let account: ExportedAccount
  let patient: ExportedPatient?
  let healthFile: ExportedHealthFile?
  let practitioner: ExportedPractitioner?
  let consents: [ExportedConsent]
  let guardians: [ExportedGuardianship]
  let represents: [ExportedGuardianship]
  let invitations: ExportedInvitations
  let sessions: [ExportedSession]
  let secondFactor: ExportedSecondFactor?
  let pendingEmails: [ExportedPendingEmail]
  let registrations: [ExportedRegistration]
  let letters: [ExportedLetter]
  let audit: [ExportedAuditEntry]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case exportedAt = "exported_at"
    case healthFile = "health_file"
    case secondFactor = "second_factor"
    case pendingEmails = "pending_emails"
    case account, patient, practitioner, consents, guardians, represents, invitations, sessions, registrations, letters
    case audit
  }
}

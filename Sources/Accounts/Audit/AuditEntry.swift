/// A line of the append-only record of what was done to accounts. It holds ids and no personal data; the ground is the
/// operator's own sentence, and must name nobody.
public struct AuditEntry: Hashable, Sendable, Identifiable {
  /// Grows with each entry.
  public let id: Int64
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let at: Int64
  public let actor: Actor
  public let action: Action
  /// Whose account it was done to; the patient for guardians.
  public let subject: AccountID
  /// The guardian, or the attending physician.
  public let other: AccountID?
  public let ground: String?

  /// Who did it.
  public enum Actor: Hashable, Sendable {
    /// An operator with access to the machine.
    case commandLine
    /// The platform's own clock (CU-4.4).
    case system
    case account(AccountID)
  }

  public enum Action: String, CaseIterable, Hashable, Sendable {
    case accountCreated = "account_created"
    case accountErased = "account_erased"
    case accountCorrected = "account_corrected"
    case accountSuspended = "account_suspended"
    case accountReinstated = "account_reinstated"
    case passwordSet = "password_set"
    case emailChanged = "email_changed"
    case secondFactorOn = "second_factor_on"
    case secondFactorOff = "second_factor_off"
    case textsPublished = "texts_published"
    case consentGiven = "consent_given"
    case healthFileChanged = "health_file_changed"
    case protectionSet = "protection_set"
    case guardianInvited = "guardian_invited"
    case invitationDeclined = "invitation_declined"
    case invitationRevoked = "invitation_revoked"
    case tokenIssued = "token_issued"
    case sessionsRevoked = "sessions_revoked"
    case attendingSet = "attending_set"
    case guardianLinked = "guardian_linked"
    case guardianUnlinked = "guardian_unlinked"
    case practitionerPending = "practitioner_pending"
    case practitionerVerified = "practitioner_verified"
    case practitionerRefused = "practitioner_refused"
    case practitionerSuspended = "practitioner_suspended"

    init(_ verification: Verification) {
      switch verification {
      case .pending: self = .practitionerPending
      case .verified: self = .practitionerVerified
      case .refused: self = .practitionerRefused
      case .suspended: self = .practitionerSuspended
      }
    }
  }

  public init(
    id: Int64, at: Int64, actor: Actor, action: Action, subject: AccountID, other: AccountID? = nil,
    ground: String? = nil
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.action = action
    self.subject = subject
    self.other = other
    self.ground = ground
  }
}

extension AuditEntry.Actor: CustomStringConvertible {
  /// `cli`, `system`, or the id of an account.
  public var description: String {
    switch self {
    case .commandLine: "cli"
    case .system: "system"
    case .account(let id): id.description
    }
  }

  init?(_ text: String) {
    if text == "cli" {
      self = .commandLine
    } else if text == "system" {
      self = .system
    } else if let id = AccountID(text) {
      self = .account(id)
    } else {
      return nil
    }
  }
}

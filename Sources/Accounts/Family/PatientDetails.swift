public import Foundation

/// A patient as those see them who represent them.
public struct PatientDetails: Hashable, Sendable {
  public let profile: Profile
  /// Of who asks; nil for the patient's own.
  public let relation: Relation?
  public let attending: Attending?
  /// Whether the patient has an e-mail address to sign in with.
  public let hasOwnSignIn: Bool
  public let guardians: [GuardianEntry]
  /// Open ones, oldest first.
  public let invitations: [Invitation]

  public struct GuardianEntry: Hashable, Sendable {
    public let profile: Profile
    public let relation: Relation
    public let since: Int64
    /// Whether who asks may end it.
    public let isRevocable: Bool

    public init(profile: Profile, relation: Relation, since: Int64, isRevocable: Bool) {
      self.profile = profile
      self.relation = relation
      self.since = since
      self.isRevocable = isRevocable
    }
  }

  public init(
    profile: Profile, relation: Relation?, attending: Attending?, hasOwnSignIn: Bool, guardians: [GuardianEntry],
    invitations: [Invitation]
  ) {
    self.profile = profile
    self.relation = relation
    self.attending = attending
    self.hasOwnSignIn = hasOwnSignIn
    self.guardians = guardians
    self.invitations = invitations
  }
}

/// A child whose account a parent makes (CU-6.3). That the parent holds parental authority, and agrees for the child, is
/// asked before.
public struct NewChild: Sendable {
  public let givenName: PersonName
  public let familyName: PersonName
  public let birthDate: CivilDate
  public let attending: AttendingChoice

  public init(givenName: PersonName, familyName: PersonName, birthDate: CivilDate, attending: AttendingChoice) {
    self.givenName = givenName
    self.familyName = familyName
    self.birthDate = birthDate
    self.attending = attending
  }
}

/// An invitation to represent a patient that nobody has answered yet. It is good for 7 days.
public struct Invitation: Hashable, Sendable, Identifiable {
  public let id: UUID
  public let email: String
  public let relation: Relation
  public let createdAt: Int64
  public let expiresAt: Int64

  public init(id: UUID, email: String, relation: Relation, createdAt: Int64, expiresAt: Int64) {
    self.id = id
    self.email = email
    self.relation = relation
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }
}

/// An invitation as who was invited sees it.
public struct ReceivedInvitation: Hashable, Sendable, Identifiable {
  public let id: UUID
  public let relation: Relation
  public let patientGivenName: String
  public let patientFamilyName: String
  /// nil: an operator, or somebody who is gone.
  public let inviter: Inviter?
  public let expiresAt: Int64

  public struct Inviter: Hashable, Sendable {
    public let givenName: String
    public let familyName: String

    public init(givenName: String, familyName: String) {
      self.givenName = givenName
      self.familyName = familyName
    }
  }

  public init(
    id: UUID, relation: Relation, patientGivenName: String, patientFamilyName: String, inviter: Inviter?,
    expiresAt: Int64
  ) {
    self.id = id
    self.relation = relation
    self.patientGivenName = patientGivenName
    self.patientFamilyName = patientFamilyName
    self.inviter = inviter
    self.expiresAt = expiresAt
  }
}

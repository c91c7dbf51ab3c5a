/// That a guardian represents a patient (CU-6.3).
public struct Guardianship: Hashable, Sendable {
  public let patient: AccountID
  public let guardian: AccountID
  public let relation: Relation
  /// When it was recorded, in milliseconds since 1970-01-01T00:00:00Z.
  public let since: Int64

  public init(patient: AccountID, guardian: AccountID, relation: Relation, since: Int64) {
    self.patient = patient
    self.guardian = guardian
    self.relation = relation
    self.since = since
  }
}

/// A guardian of a patient, as `AccountStore.guardians(of:)` finds them.
public struct Guardian: Hashable, Sendable {
  public let profile: Profile
  public let relation: Relation

  public init(profile: Profile, relation: Relation) {
    self.profile = profile
    self.relation = relation
  }
}

/// A patient for whom an account may ask for a teleconsultation, as `AccountStore.patientsRepresented(by:)` finds them.
public struct RepresentedPatient: Hashable, Sendable {
  public let profile: Profile
  /// nil: the account is the patient's own.
  public let relation: Relation?

  public init(profile: Profile, relation: Relation?) {
    self.profile = profile
    self.relation = relation
  }
}

/// Somebody the platform knows. Only used to mark ids: the rules work on ids and on what they need to know of a person.
public enum Person {}

/// What links a guardian to the person they accompany (CU-6.3).
public enum Relation: String, Hashable, Sendable, CaseIterable {
  case parent, tutor, curator
}

/// The legal protection of an adult.
public enum Protection: String, Hashable, Sendable, CaseIterable {
  case none, tutelle, curatelle
}

public struct Guardian: Hashable, Sendable {
  public let person: PersonID
  public let relation: Relation

  public init(person: PersonID, relation: Relation) {
    self.person = person
    self.relation = relation
  }
}

/// Whether a patient may, must, or must not be accompanied (CU-6.3).
public enum PatientStatus: String, Hashable, Sendable, CaseIterable {
  case adult
  case minor
  case protectedAdult = "protected_adult"
}

/// What the rules know of a patient; everything else about them stays in their account.
public struct PatientFile: Hashable, Sendable {
  public let person: PersonID
  public let birthDate: CivilDate
  public let protection: Protection
  public let guardians: [Guardian]
  /// The attending physician they named, if that is a verified practitioner of the platform (CU-6.1).
  public let attending: PersonID?

  public init(
    person: PersonID, birthDate: CivilDate, protection: Protection, guardians: [Guardian], attending: PersonID?
  ) {
    self.person = person
    self.birthDate = birthDate
    self.protection = protection
    self.guardians = guardians
    self.attending = attending
  }

  /// Under 18 on that day is a minor, whatever else holds; a protected adult is one under tutelle or curatelle (CU-6.3).
  public func status(on day: CivilDate) -> PatientStatus {
    if birthDate.age(on: day) < 18 { return .minor }
    return protection == .none ? .adult : .protectedAdult
  }

  /// Whether somebody is the patient, or one of their guardians.
  public func isRepresented(by person: PersonID) -> Bool {
    person == self.person || guardians.contains { $0.person == person }
  }

  /// Nobody treats themself, nor a patient whom they represent.
  public func canBeTreated(by physician: PersonID) -> Bool { !isRepresented(by: physician) }

  /// The guardians whose relation counts for that status: parents for a minor, tutor or curator for a protected adult,
  /// nobody for an adult. The parent of somebody who came of age is not among them.
  public func guardians(for status: PatientStatus) -> [Guardian] {
    guardians.filter { guardian in
      switch status {
      case .adult: false
      case .minor: guardian.relation == .parent
      case .protectedAdult: guardian.relation == (protection == .curatelle ? .curator : .tutor)
      }
    }
  }
}

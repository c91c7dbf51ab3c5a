/// Who may be in a room, and who must be before anything is relayed (CU-6.3, 6.3b, 6.3c).
public struct PersonsRule: Equatable, Sendable {
  public let patient: PersonID
  public let practitioner: PersonID
  /// The patient's status when the room opened.
  public let status: PatientStatus
  /// Those who may accompany the patient, two at most; the position gives the seat.
  public let guardians: [Guardian]
  /// Whether one of them must be present. False for adults, and for curators where the platform is configured so.
  public let guardianRequired: Bool

  public init(
    file: PatientFile, practitioner: PersonID, status: PatientStatus, curatorRequired: Bool = true
  ) {
    self.patient = file.person
    self.practitioner = practitioner
    self.status = status
    // Whoever treats the patient cannot be the one who accompanies them.
    self.guardians = Array(file.guardians(for: status).filter { $0.person != practitioner }.prefix(2))
    self.guardianRequired =
      switch status {
      case .adult: false
      case .minor: true
      case .protectedAdult: curatorRequired || file.protection != .curatelle
      }
  }

  /// Somebody whom the rule is waiting for.
  public enum Missing: String, Hashable, Sendable, CaseIterable {
    case patient, guardian
  }

  public func isGuardian(_ person: PersonID) -> Bool {
    guardians.contains { $0.person == person }
  }

  /// The guardians' seats that are not for the same person as by an earlier rule.
  func reassigned(since earlier: PersonsRule) -> [Seat] {
    [Seat.guardian1, .guardian2].enumerated().compactMap { position, seat in
      let person = guardians.dropFirst(position).first?.person
      return person == earlier.guardians.dropFirst(position).first?.person ? nil : seat
    }
  }

  /// The seat that `person` may take in the capacity `role`; nil when the rule has no place for them.
  func seat(for person: PersonID, as role: SeatRole) -> Seat? {
    switch role {
    case .practitioner:
      return person == practitioner ? .practitioner : nil
    case .patient:
      // A guardian who is beside the patient acts for them, and sits in the same seat.
      return person == patient || isGuardian(person) ? .patient : nil
    case .guardian:
      return switch guardians.firstIndex(where: { $0.person == person }) {
      case 0: .guardian1
      case 1: .guardian2
      default: nil
      }
    }
  }

  /// The seats that somebody may take in this room.
  public var seats: [Seat] {
    [.practitioner, .patient] + [.guardian1, .guardian2].prefix(guardians.count)
  }

  /// Whom the rule is waiting for, given who sits in the patient's and the guardians' seats.
  ///
  /// A taken patient's seat means that the patient is there: in person, or beside the guardian who acts for them.
  func missing(patientSeated: Bool, present: (PersonID) -> Bool) -> [Missing] {
    var missing: [Missing] = []
    if !patientSeated { missing.append(.patient) }
    if guardianRequired, !guardians.contains(where: { present($0.person) }) { missing.append(.guardian) }
    return missing
  }

  /// Whether the persons that the practitioner attests to see are enough to start, and all of them present (CU-6.3b).
  func accepts(attested persons: [PersonID], present: (PersonID) -> Bool) -> Bool {
    guard persons.contains(patient), Set(persons).count == persons.count else { return false }
    guard persons.allSatisfy({ $0 == patient || (isGuardian($0) && present($0)) }) else { return false }
    return !guardianRequired || persons.contains(where: isGuardian)
  }
}

/// In which capacity somebody asks for a seat.
public enum SeatRole: String, Hashable, Sendable, CaseIterable {
  case practitioner, patient, guardian
}

/// A place in a room. The order is the one in which glare is decided: the earlier seat of a pair is the impolite side.
public enum Seat: String, Hashable, Sendable, CaseIterable, Comparable {
  case practitioner, patient, guardian1, guardian2

  public static func < (left: Seat, right: Seat) -> Bool { left.index < right.index }

  /// By its number: the hash of a raw value would be that of a text, and rooms look seats up for each signal.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }

  /// In which capacity somebody sits there.
  public var role: SeatRole {
    switch self {
    case .practitioner: .practitioner
    case .patient: .patient
    case .guardian1, .guardian2: .guardian
    }
  }

  private var index: Int {
    switch self {
    case .practitioner: 0
    case .patient: 1
    case .guardian1: 2
    case .guardian2: 3
    }
  }
}

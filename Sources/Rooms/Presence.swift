/// Whether a practitioner can be reached, as others see it.
public enum Presence: String, Hashable, Sendable, CaseIterable {
  case available, away
  case inConsultation = "in_consultation"
  case offline
}

/// A verified practitioner's place at work: what they declared, and what follows from where they are.
struct Desk: Equatable, Sendable {
  /// What the practitioner last said of themselves; they are away until they say otherwise.
  var declaredAvailable = false
  var connections: Set<ConnectionID> = []
  /// Those of them of which nothing was heard for long.
  var lapsed: Set<ConnectionID> = []
  /// Connections that hold the practitioner's seat in a room.
  var seated: Set<ConnectionID> = []

  var presence: Presence {
    if lapsed.count == connections.count { return .offline }
    if !seated.isEmpty { return .inConsultation }
    return declaredAvailable ? .available : .away
  }
}

/// What the hall knows of the person behind a connection.
public struct Visitor: Equatable, Sendable {
  public let person: PersonID
  public let practitioner: Standing
  /// The patients they may ask and sit for: themselves, and those they are a guardian of.
  public internal(set) var patients: [PersonID]

  public init(person: PersonID, practitioner: Standing, patients: [PersonID]) {
    self.person = person
    self.practitioner = practitioner
    self.patients = patients
  }

  /// What an operator has said of a practitioner's registration (CU-6.7).
  public enum Standing: Hashable, Sendable {
    /// Not a practitioner at all.
    case none
    /// Not verified yet, refused, or suspended.
    case unverified
    case verified
  }

  public var isVerifiedPractitioner: Bool { practitioner == .verified }
}

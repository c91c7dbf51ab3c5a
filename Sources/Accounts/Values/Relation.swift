/// How a guardian stands to the patient whom they accompany (CU-6.3).
public enum Relation: String, CaseIterable, Hashable, Sendable, Codable {
  /// Of a minor; two at most.
  case parent
  /// Of an adult under tutelle.
  case tutor
  /// Of an adult under curatelle.
  case curator

  /// The protection that a patient must have for this relation to exist.
  public var protection: Protection {
    switch self {
    case .parent: .none
    case .tutor: .tutelle
    case .curator: .curatelle
    }
  }
}

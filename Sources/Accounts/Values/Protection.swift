/// The legal protection of an adult (French civil code, articles 425 and following; CU-6.3).
public enum Protection: String, CaseIterable, Hashable, Sendable, Codable {
  case none
  /// Represented by a tutor.
  case tutelle
  /// Assisted by a curator.
  case curatelle
}

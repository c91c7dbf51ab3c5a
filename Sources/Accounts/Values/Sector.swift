/// A physician's agreement with the French health insurance, which decides about fees above the tariff (CU-8).
public enum Sector: Int, CaseIterable, Hashable, Sendable, Codable {
  case one = 1
  case two = 2
  case three = 3
}

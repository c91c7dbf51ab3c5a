/// Where an operator stands with checking a practitioner's registration with the Ordre des médecins (CU-6.7). Only
/// `verified` ones see the queue or claim.
public enum Verification: String, CaseIterable, Hashable, Sendable, Codable {
  case pending
  case verified
  case refused
  case suspended
}

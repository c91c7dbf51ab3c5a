/// What an account may be used for. A person may have several: a parent who is also a patient, a physician who is also
/// a parent.
public enum Role: String, CaseIterable, Hashable, Sendable, Codable {
  /// May ask for a teleconsultation for themself (CU 1).
  case patient
  /// May represent and accompany minors or protected adults (CU-6.3).
  case guardian
  /// A physician with an RPPS number (CU-6.7).
  case practitioner
  /// Runs the platform; never sees health data (CU-5.2).
  case `operator`
}

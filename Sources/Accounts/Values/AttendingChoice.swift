/// The physician whom a patient names (CU-6.1).
public enum AttendingChoice: Hashable, Sendable {
  case none
  /// A practitioner of the platform.
  case registered(AccountID)
  /// One who is not registered: requests go to everybody, and the name is the patient's own note.
  case named(PersonName)
}

/// The physician whom a patient named, as the patient sees them.
public enum Attending: Hashable, Sendable {
  case registered(AccountID, givenName: String, familyName: String, specialty: String)
  case named(String)
}

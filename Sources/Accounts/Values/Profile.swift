public import Mail

/// A person as the platform knows them: what an account shows of itself, without anything secret.
public struct Profile: Hashable, Sendable, Identifiable {
  public let id: AccountID
  public let givenName: String
  public let familyName: String
  /// nil for somebody who cannot sign in, such as a child who is represented by their parents.
  public let email: String?
  public let roles: Set<Role>
  /// Known of patients only.
  public let birthDate: CivilDate?
  /// `.none` for everyone but protected patients.
  public let protection: Protection
  /// The physician whom a patient named (CU-6.1); registered here, though perhaps not verified.
  public let attendingPhysician: AccountID?
  /// The name that a patient typed, for a physician who is not registered here.
  public let attendingName: String?
  /// In which language the person is written to.
  public let language: Language
  public let practitioner: Practitioner?
  /// An operator closed this account (CU-12.2): it cannot sign in.
  public let isSuspended: Bool

  /// The professional side of a practitioner's account.
  public struct Practitioner: Hashable, Sendable {
    public let rpps: RPPS
    public let specialty: String
    public let sector: Sector
    public let verification: Verification

    public init(rpps: RPPS, specialty: String, sector: Sector, verification: Verification) {
      self.rpps = rpps
      self.specialty = specialty
      self.sector = sector
      self.verification = verification
    }
  }

  public init(
    id: AccountID, givenName: String, familyName: String, email: String? = nil, roles: Set<Role>,
    birthDate: CivilDate? = nil, protection: Protection = .none, attendingPhysician: AccountID? = nil,
    attendingName: String? = nil, language: Language = .fr, practitioner: Practitioner? = nil, isSuspended: Bool = false
  ) {
    self.id = id
    self.givenName = givenName
    self.familyName = familyName
    self.email = email
    self.roles = roles
    self.birthDate = birthDate
    self.protection = protection
    self.attendingPhysician = attendingPhysician
    self.attendingName = attendingName
    self.language = language
    self.practitioner = practitioner
    self.isSuspended = isSuspended
  }

  /// As people are addressed: `Anne Martin`.
  public var fullName: String { "\(givenName) \(familyName)" }

  /// Whether this is a practitioner who may see the queue and claim (CU-6.7).
  public var isVerifiedPractitioner: Bool {
    practitioner?.verification == .verified && !isSuspended
  }
}

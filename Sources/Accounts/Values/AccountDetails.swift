/// Everything that a person sees and corrects of their own account (CU-11).
public struct AccountDetails: Hashable, Sendable {
  public let profile: Profile
  public let language: Language
  public let postalAddress: PostalAddress?
  public let attending: Attending?
  /// The ground of the last decision about a practitioner's registration.
  public let verificationGround: String?
  public let hasSecondFactor: Bool
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let createdAt: Int64
  /// An address that waits to be confirmed.
  public let pendingEmail: String?

  public init(
    profile: Profile, language: Language, postalAddress: PostalAddress?, attending: Attending?,
    verificationGround: String?, hasSecondFactor: Bool, createdAt: Int64, pendingEmail: String?
  ) {
    self.profile = profile
    self.language = language
    self.postalAddress = postalAddress
    self.attending = attending
    self.verificationGround = verificationGround
    self.hasSecondFactor = hasSecondFactor
    self.createdAt = createdAt
    self.pendingEmail = pendingEmail
  }
}

/// What somebody wants changed; nil leaves a part as it is.
public struct Correction: Sendable {
  public var givenName: PersonName?
  public var familyName: PersonName?
  /// `.some(nil)` takes the address away.
  public var postalAddress: PostalAddress??
  public var birthDate: CivilDate?
  public var language: Language?
  public var attending: AttendingChoice?
  public var protection: Protection?

  public init() {}
}

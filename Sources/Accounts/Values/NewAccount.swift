/// A person who gets an account. What it says was checked by itself; whether the parts fit together is checked when it
/// is created.
public struct NewAccount: Sendable {
  public let givenName: PersonName
  public let familyName: PersonName
  /// Needed to sign in.
  public let email: EmailAddress?
  /// Needed to sign in with a password; services have tokens only.
  public let password: Password?
  /// At least one.
  public let roles: Set<Role>
  /// Needed for the role patient, and kept for no other: nobody else's age matters.
  public let birthDate: CivilDate?
  public let protection: Protection
  /// Needed for the role practitioner.
  public let practitioner: Practitioner?

  public struct Practitioner: Sendable {
    public let rpps: RPPS
    public let specialty: PersonName
    public let sector: Sector

    /// - Throws: ``AccountRefusal/invalid(field:why:)``.
    public init(rpps: String, specialty: String, sector: Sector = .one) throws(AccountRefusal) {
      self.rpps = try RPPS(rpps)
      self.specialty = try PersonName(specialty, field: .specialty)
      self.sector = sector
    }
  }

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for the first part that is not acceptable, or that does not go
  ///   with the roles.
  public init(
    givenName: String, familyName: String, email: String? = nil, password: String? = nil, roles: Set<Role>,
    birthDate: CivilDate? = nil, protection: Protection = .none, practitioner: Practitioner? = nil
  ) throws(AccountRefusal) {
    self.givenName = try PersonName(givenName, field: .givenName)
    self.familyName = try PersonName(familyName, field: .familyName)
    self.email = if let email { try EmailAddress(email) } else { nil }
    self.password = if let password { try Password(password) } else { nil }
    self.roles = roles
    self.birthDate = birthDate
    self.protection = protection
    self.practitioner = practitioner
    try checkRoles()
  }

  private func checkRoles() throws(AccountRefusal) {
    guard !roles.isEmpty else { throw .invalid(field: .roles, why: "an account needs at least one role") }
    let isPatient = roles.contains(.patient)
    guard isPatient == (birthDate != nil) else {
      throw .invalid(
        field: .birthDate, why: isPatient ? "a patient needs a birth date" : "a birth date is kept of patients only")
    }
    guard isPatient || protection == .none else {
      throw .invalid(field: .protection, why: "only patients can be protected adults")
    }
    let isPractitioner = roles.contains(.practitioner)
    guard isPractitioner == (practitioner != nil) else {
      throw .invalid(
        field: .rpps,
        why: isPractitioner
          ? "a practitioner needs an RPPS number and a specialty"
          : "an RPPS number goes with the role practitioner only")
    }
    guard password == nil || email != nil else {
      throw .invalid(field: .email, why: "a password needs an e-mail address to go with it")
    }
  }
}

/// The account itself, in an export.
struct ExportedAccount: Encodable, Sendable {
  let id: String
  let givenName: String
  let familyName: String
  let email: String?
  let roles: [String]
  let language: String
  let postalAddress: ExportedAddress?
  let createdAt: ExportTime
  let lastUsedAt: ExportTime
  /// When the person was told that the account is about to be closed for want of use (CU-4.4).
  let unusedNoticeAt: ExportTime?
  let passwordSetAt: ExportTime?
  let closing: Closing?

  struct Closing: Encodable, Sendable {
    let at: ExportTime
    let ground: String
  }

  enum CodingKeys: String, CodingKey {
    case givenName = "given_name"
    case familyName = "family_name"
    case postalAddress = "postal_address"
    case createdAt = "created_at"
    case lastUsedAt = "last_used_at"
    case unusedNoticeAt = "unused_notice_at"
    case passwordSetAt = "password_set_at"
    case id, email, roles, language, closing
  }
}

/// A postal address, in an export.
struct ExportedAddress: Encodable, Sendable {
  let street: String
  let postalCode: String
  let city: String
  let country: String

  enum CodingKeys: String, CodingKey {
    case postalCode = "postal_code"
    case street, city, country
  }
}

/// What is held of a patient, in an export.
struct ExportedPatient: Encodable, Sendable {
  let birthDate: String
  let protection: String
  let attending: ExportedAttending?

  enum CodingKeys: String, CodingKey {
    case birthDate = "birth_date"
    case protection, attending
  }
}

/// The physician whom a patient named, in an export: an id and a specialty if they are registered.
struct ExportedAttending: Encodable, Sendable {
  let id: String?
  let name: String
  let specialty: String?

  init(_ attending: Attending) {
    switch attending {
    case .registered(let id, let givenName, let familyName, let specialty):
      self.id = id.description
      name = "\(givenName) \(familyName)"
      self.specialty = specialty
    case .named(let name):
      id = nil
      self.name = name
      specialty = nil
    }
  }
}

/// The health file in clear, in an export.
struct ExportedHealthFile: Encodable, Sendable {
  let history: String?
  let socialSecurityNumber: String?
  let updatedAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case socialSecurityNumber = "social_security_number"
    case updatedAt = "updated_at"
    case history
  }
}

/// What is held of a practitioner, in an export.
struct ExportedPractitioner: Encodable, Sendable {
  let rpps: String
  let specialty: String
  let sector: Int
  let verification: String
  let ground: String?
  let decidedAt: ExportTime
  let appliedAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case decidedAt = "decided_at"
    case appliedAt = "applied_at"
    case rpps, specialty, sector, verification, ground
  }
}

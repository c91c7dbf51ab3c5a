import Mail

/// A text that the person agreed to, in an export.
struct ExportedConsent: Encodable, Sendable {
  let document: String
  let version: Int
  let language: String
  /// In hexadecimal.
  let sha256: String
  let givenAt: ExportTime
  /// `self`, `guardian` or `import`.
  let by: String

  init(_ consent: Consent) {
    document = consent.document.rawValue
    version = consent.version
    language = consent.language.rawValue
    sha256 = consent.sha256.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
    givenAt = ExportTime(consent.givenAt)
    by = consent.source.rawValue
  }

  enum CodingKeys: String, CodingKey {
    case givenAt = "given_at"
    case document, version, language, sha256, by
  }
}

/// Somebody who represents the person, or whom the person represents, in an export.
struct ExportedGuardianship: Encodable, Sendable {
  let givenName: String
  let familyName: String
  let relation: String
  let since: ExportTime

  enum CodingKeys: String, CodingKey {
    case givenName = "given_name"
    case familyName = "family_name"
    case relation, since
  }
}

/// Invitations to represent somebody, in an export.
struct ExportedInvitations: Encodable, Sendable {
  /// By the person, or for the person as the patient.
  let sent: [ExportedInvitation]
  /// To the person's e-mail address.
  let received: [ExportedInvitation]
}

/// An invitation to represent somebody, in an export.
struct ExportedInvitation: Encodable, Sendable {
  /// The name of the patient.
  let patient: String
  /// Where it was sent.
  let email: String
  let relation: String
  /// `open`, `accepted`, `declined` or `revoked`.
  let state: String
  let createdAt: ExportTime
  let expiresAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case createdAt = "created_at"
    case expiresAt = "expires_at"
    case patient, email, relation, state
  }
}

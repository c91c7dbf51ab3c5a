/// Something that the practitioner hands over to the patient, as it stands on record: nothing of it is health data.
public struct Document: Hashable, Sendable {
  public let id: DocumentID
  public let kind: Kind
  public let type: MediaType
  /// In bytes.
  public let size: Int
  /// SHA-256 of a salt and the content's SHA-256, in lower-case hexadecimal: binds the record to the content without
  /// telling anything of it (CU-13).
  public let commitment: String
  public let handedOverAt: Instant
  /// When the patient's side had it whole for the first time.
  public internal(set) var fetchedAt: Instant?

  public init(
    id: DocumentID, kind: Kind, type: MediaType, size: Int, commitment: String, handedOverAt: Instant,
    fetchedAt: Instant? = nil
  ) {
    self.id = id
    self.kind = kind
    self.type = type
    self.size = size
    self.commitment = commitment
    self.handedOverAt = handedOverAt
    self.fetchedAt = fetchedAt
  }

  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case prescription
    case sickNote = "sick_note"
    case letter
    case other
  }

  /// RFC 6838 names.
  public enum MediaType: String, Hashable, Sendable, CaseIterable {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"
  }
}

public typealias DocumentID = Identifier<Document>

/// What of a document is health data, and goes with the consultation's (CU-5.2).
public struct DocumentDetails: Hashable, Sendable {
  public let name: String
  /// 32 bytes, in lower-case hexadecimal.
  public let salt: String

  public init(name: String, salt: String) {
    self.name = name
    self.salt = salt
  }
}

/// What is known of the patient's health for a consultation, from the request until it is closed (CU-5.2).
public struct HealthNotes: Hashable, Sendable {
  public let reason: String
  /// A copy of what the patient's account says; nil if it says nothing.
  public var history: String?
  public var socialSecurityNumber: String?
  /// When the patient last changed the two; nil if there is nothing.
  public var updatedAt: Instant?

  public init(
    reason: String, history: String? = nil, socialSecurityNumber: String? = nil, updatedAt: Instant? = nil
  ) {
    self.reason = reason
    self.history = history
    self.socialSecurityNumber = socialSecurityNumber
    self.updatedAt = updatedAt
  }
}

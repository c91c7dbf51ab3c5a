public import Rooms

/// A document that a practitioner announces, before any of it is there.
public struct AnnouncedDocument: Equatable, Sendable {
  public let consultation: ConsultationID
  public let author: PersonID
  /// Chosen by the client: who announces again goes on with the same document.
  public let key: MutationKey
  /// 1 to 120 characters; health data.
  public let name: String
  public let kind: Document.Kind
  public let type: Document.MediaType
  /// In bytes, at least 1 and at most `DocumentLimits.bytes`.
  public let size: Int

  public init(
    consultation: ConsultationID, author: PersonID, key: MutationKey, name: String, kind: Document.Kind,
    type: Document.MediaType, size: Int
  ) {
    self.consultation = consultation
    self.author = author
    self.key = key
    self.name = name
    self.kind = kind
    self.type = type
    self.size = size
  }
}

/// A document that is on its way.
public struct Upload: Equatable, Sendable {
  public let document: DocumentID
  /// How many bytes are there, and where the next chunk begins. The last chunk does not count until the document is handed
  /// over, so that who lost the answer to it sends it again.
  public let received: Int
}

/// What a chunk made of an upload.
public enum UploadProgress: Equatable, Sendable {
  /// So many bytes are there.
  case partial(received: Int)
  /// All of it is there, checked, and durable.
  case whole(StagedDocument)
}

/// A document whose content is there.
public struct StagedDocument: Equatable, Sendable {
  public let id: DocumentID
  public let kind: Document.Kind
  public let type: Document.MediaType
  /// In bytes.
  public let size: Int
  public let details: DocumentDetails
  /// SHA-256 of the content, in lower-case hexadecimal.
  public let sha256: String
  /// SHA-256 of salt and `sha256`, both as bytes, in lower-case hexadecimal (CU-13).
  public let commitment: String
}

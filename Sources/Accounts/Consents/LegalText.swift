import Crypto
public import Foundation
import Mail

/// What people agree to (CU-3).
public enum LegalDocument: String, CaseIterable, Hashable, Sendable, Codable {
  /// The terms of use.
  case terms
  /// The processing of personal data.
  case privacy
}

/// One version of a document in one language, to the letter.
public struct LegalText: Hashable, Sendable {
  public let document: LegalDocument
  /// 1...100,000; the highest is the one in force.
  public let version: Int
  public let language: Language
  /// 1...200,000 characters.
  public let text: String

  public init(document: LegalDocument, version: Int, language: Language, text: String) {
    self.document = document
    self.version = version
    self.language = language
    self.text = text
  }

  public static let versions = 1...100_000
  public static let characters = 1...200_000

  /// Where the text lies in a folder of texts: `terms/1.fr.md`.
  public var fileName: String { "\(document.rawValue)/\(version).\(language.rawValue).md" }

  /// SHA-256 of the text's UTF-8 bytes.
  public var sha256: Data { Data(SHA256.hash(data: Data(text.utf8))) }
}

/// A text that was published, without its words.
public struct TextReference: Hashable, Sendable {
  public let document: LegalDocument
  public let version: Int
  public let language: Language
  /// 32 bytes.
  public let sha256: Data
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let publishedAt: Int64

  public init(document: LegalDocument, version: Int, language: Language, sha256: Data, publishedAt: Int64) {
    self.document = document
    self.version = version
    self.language = language
    self.sha256 = sha256
    self.publishedAt = publishedAt
  }
}

/// That somebody agreed to a text (CU-3).
public struct Consent: Hashable, Sendable {
  public let document: LegalDocument
  public let version: Int
  public let language: Language
  /// Of the exact text, 32 bytes.
  public let sha256: Data
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let givenAt: Int64
  public let source: Source

  public enum Source: String, Hashable, Sendable {
    /// On the page, by the person.
    case own = "self"
    /// By a guardian, for a patient without a sign-in of their own.
    case guardian
    /// Given elsewhere, and brought along by an import.
    case `import`
  }

  public init(
    document: LegalDocument, version: Int, language: Language, sha256: Data, givenAt: Int64, source: Source
  ) {
    self.document = document
    self.version = version
    self.language = language
    self.sha256 = sha256
    self.givenAt = givenAt
    self.source = source
  }
}

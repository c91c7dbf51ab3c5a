import Crypto
import Foundation
import Rooms
import Vault

/// What of a document is sealed beside its content.
struct SealedDetails: Codable, Equatable {
  let name: String
  /// 32 random bytes.
  let salt: Data
  /// Of the content; nil until all of it is there and was checked.
  var sha256: Data?

  /// With a new salt.
  init(name: String) {
    var generator = SystemRandomNumberGenerator()
    self.name = name
    salt = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  /// The name and the salt.
  var details: DocumentDetails { DocumentDetails(name: name, salt: salt.hexadecimal) }

  /// SHA-256 of the salt and the content's SHA-256; nil until that is known.
  var commitment: Data? { sha256.map { Data(SHA256.hash(data: salt + $0)) } }

  func sealed(under key: DataKey, for document: DocumentID) throws -> Data {
    try key.seal(try JSONEncoder().encode(self), purpose: Self.purpose(document))
  }

  static func open(_ sealed: Data, under key: DataKey, for document: DocumentID) throws -> SealedDetails {
    try JSONDecoder().decode(SealedDetails.self, from: try key.open(sealed, purpose: purpose(document)))
  }

  private static func purpose(_ document: DocumentID) -> String { "document \(document) details" }
}

/// A piece of a document's content, bound to its place in that document.
enum SealedChunk {
  static func seal(_ bytes: Data, under key: DataKey, as index: Int, of document: DocumentID) throws -> Data {
    try key.seal(bytes, purpose: purpose(index, document))
  }

  static func open(_ sealed: Data, under key: DataKey, as index: Int, of document: DocumentID) throws -> Data {
    try key.open(sealed, purpose: purpose(index, document))
  }

  private static func purpose(_ index: Int, _ document: DocumentID) -> String { "document \(document) chunk \(index)" }
}

public import Foundation

/// What the log was at some moment: everything before it follows from these few values.
public struct TreeHead: Equatable, Sendable {
  /// The log's own id, made when it began: heads of two logs are never taken for each other.
  public let log: String
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let at: Int64
  /// Entries.
  public let size: Int
  public let root: RecordDigest
  public let chain: RecordDigest
  /// The hash over all heads that were kept before this one: none of them can be taken out or replaced.
  public let heads: RecordDigest
  /// Names the signing key.
  public let key: String

  /// The bytes that are signed.
  public var text: String {
    "{\"v\":1,\"log\":\"\(log)\",\"at\":\(at),\"size\":\(size),\"root\":\"\(root.hexadecimal)\","
      + "\"chain\":\"\(chain.hexadecimal)\",\"heads\":\"\(heads.hexadecimal)\",\"key\":\"\(key)\"}"
  }

  init(
    log: String, at: Int64, size: Int, root: RecordDigest, chain: RecordDigest, heads: RecordDigest, key: String
  ) {
    self.log = log
    self.at = at
    self.size = size
    self.root = root
    self.chain = chain
    self.heads = heads
    self.key = key
  }

  /// Reads a head; nil for anything but what ``text`` writes.
  public init?(_ text: String) {
    guard text.utf8.count <= 1_024 else { return nil }
    var reader = StrictReader(rest: Array(text.utf8)[...])
    guard reader.skip("{\"v\":1,\"log\":\""), let log = reader.hexadecimal(32),
      reader.skip("\",\"at\":"), let at = reader.integer(),
      reader.skip(",\"size\":"), let size = reader.integer(), size >= 0,
      reader.skip(",\"root\":"), let root = reader.digest() ?? nil,
      reader.skip(",\"chain\":"), let chain = reader.digest() ?? nil,
      reader.skip(",\"heads\":"), let heads = reader.digest() ?? nil,
      reader.skip(",\"key\":\""), let key = reader.hexadecimal(16), reader.skip("\"}"), reader.rest.isEmpty
    else { return nil }
    self.init(log: log, at: Int64(at), size: size, root: root, chain: chain, heads: heads, key: key)
  }
}

/// A head's text with its signature.
public struct SignedHead: Equatable, Sendable {
  public let text: String
  /// Ed25519 over the bytes of `text`: 64 bytes.
  public let signature: Data
  /// 32 bytes.
  public let publicKey: Data
  /// An RFC 3161 token over `text`, in DER.
  public var timestamp: Data?

  init(text: String, signature: Data, publicKey: Data, timestamp: Data? = nil) {
    self.text = text
    self.signature = signature
    self.publicKey = publicKey
    self.timestamp = timestamp
  }

  /// The head, if it is signed by the key that it names, and that is the one given.
  public func head(signedBy key: Data) -> TreeHead? {
    guard publicKey == key, let head = TreeHead(text), head.key == RecordSigningKey.id(of: key),
      RecordSigningKey.isValid(signature, for: Data(text.utf8), by: key)
    else { return nil }
    return head
  }

  /// The hash over all heads up to this one: SHA-256(the one before ‖ text ‖ signature ‖ public key).
  func headsChain(after before: RecordDigest) -> RecordDigest {
    .hash(before.data + Data(text.utf8) + signature + publicKey)
  }

  /// As an object's members, without the braces.
  private func members(text name: String) -> String {
    "\"\(name)\":\(JSONText.quoted(text)),\"signature\":\"\(signature.base64EncodedString())\","
      + "\"public_key\":\"\(publicKey.base64EncodedString())\""
      + (timestamp.map { ",\"timestamp\":\"\($0.base64EncodedString())\"" } ?? "")
  }

  /// A line of the heads file.
  var line: String { "{\(members(text: "head"))}" }

  /// As it stands in a bundle.
  var bundled: String { "{\(members(text: "text"))}" }
}

extension String {
  /// Whether it is so many digits, in lower case.
  func isHexadecimal(_ count: Int) -> Bool {
    utf8.count == count
      && utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

extension JSONText {
  /// A JSON string of text that is ASCII without control characters, as all that the record holds is.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension Data {
  /// Reads base64 as it is written, and in no other way: with padding, and no bit that stands for nothing set.
  init?(exactBase64 text: String) {
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
    self = data
  }
}

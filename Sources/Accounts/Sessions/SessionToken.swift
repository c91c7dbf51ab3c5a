import Crypto
public import Foundation

/// A secret of 256 random bits that stands for a session. It prints as `•••`; ``text`` is the secret itself.
public struct SessionToken: Hashable, Sendable {
  static let byteCount = 32

  /// 43 characters of base64url without padding (RFC 4648 section 5).
  public let text: String

  /// Reads what a client sent; nil unless it has the form of a token.
  public init?(_ text: String) {
    guard text.utf8.count == 43, text.utf8.allSatisfy(SessionToken.isBase64URL) else { return nil }
    self.text = text
  }

  /// - Precondition: 32 bytes.
  init(bytes: [UInt8]) {
    precondition(bytes.count == SessionToken.byteCount)
    text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
  }

  /// What is stored: SHA-256 of the text. A fast hash is enough for 256 random bits.
  public var digest: Data { Data(SHA256.hash(data: Data(text.utf8))) }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension SessionToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

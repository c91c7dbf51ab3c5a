import Crypto
import Foundation

/// A secret that this broker shares with TURN servers, by which they know user names and passwords that the broker made
/// (coturn's `static-auth-secret`, or one of its table `turn_secret`).
public struct TURNSecret: Hashable, Sendable {
  /// Bytes that a secret may have: fewer could be guessed, more does not go into coturn's tables.
  public static let lengths = 16...200

  /// What stands in a TURN server's configuration or database.
  public let text: String

  /// - Returns: nil unless it is of ``lengths``, of printable ASCII without spaces and quotes.
  public init?(_ text: String) {
    let quotes = [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\")]
    guard Self.lengths.contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !quotes.contains($0) })
    else { return nil }
    self.text = text
  }

  private init(derived text: String) {
    self.text = text
  }

  /// A secret for one purpose, from which neither this one nor that of another purpose can be found. The same purpose gives
  /// the same secret, so none need be kept.
  ///
  /// - Parameter purpose: any text, such as a consultation and the time at which its room was opened.
  public func derived(for purpose: String) -> TURNSecret {
    TURNSecret(
      derived: derivedPrefix + hex(HMAC<SHA256>.authenticationCode(for: Data("secret \(purpose)".utf8), using: key)))
  }

  /// With what every secret begins that is derived from this one: how those of this broker are told from others.
  public var derivedPrefix: String {
    "mqm-" + hex(HMAC<SHA256>.authenticationCode(for: Data("prefix".utf8), using: key).prefix(8)) + "-"
  }

  private var key: SymmetricKey { SymmetricKey(data: Data(text.utf8)) }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16) }.joined()
  }
}

extension TURNSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never the secret.
  public var description: String { "a secret of TURN" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

import Foundation

/// What a person needs to set up their authenticator app (RFC 6238). Shown once. It prints as `•••`.
public struct SecondFactorSetup: Sendable {
  /// 32 characters of base32 (RFC 4648 section 6): 20 bytes.
  public let secret: String
  /// `otpauth://totp/…`, as apps read it.
  public let uri: String

  public init(secret: String, uri: String) {
    self.secret = secret
    self.uri = uri
  }

  init(secret bytes: Data, email: String) {
    let secret = bytes.base32
    self.init(
      secret: secret,
      uri: "otpauth://totp/MQM:\(email.percentEncoded)?secret=\(secret)&issuer=MQM&algorithm=SHA1&digits=6&period=30")
  }
}

extension SecondFactorSetup: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Data {
  /// Base32 without padding (RFC 4648 section 6).
  var base32: String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var text = ""
    var (pending, bits) = (UInt32(0), 0)
    for byte in self {
      pending = pending << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(pending >> bits & 31)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(pending << (5 - bits) & 31)]) }
    return text
  }
}

extension String {
  /// Everything but the unreserved characters (RFC 3986 section 2.3) as %XX.
  fileprivate var percentEncoded: String {
    utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: String(format: "%%%02X", byte)
      }
    }.joined()
  }
}

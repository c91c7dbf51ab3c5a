import Crypto
import Foundation

/// Time-based one-time passwords (RFC 6238) as every authenticator app makes them: SHA-1, 30 s, 6 digits. It prints as
/// `•••`.
struct TOTP: Sendable {
  static let secretBytes = 20
  static let digits = 6
  private static let period: Int64 = 30_000

  private let secret: SymmetricKey

  init(secret: Data) {
    self.secret = SymmetricKey(data: secret)
  }

  /// Which code it is at a time in milliseconds since 1970-01-01T00:00:00Z.
  static func step(at now: Int64) -> Int64 { now / period }

  /// The code of a step: HOTP of the step (RFC 4226 section 5.3).
  func code(step: Int64) -> String {
    let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
    let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: secret))
    let offset = Int(mac[19] & 0xf)
    let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    let digits = String(number % 1_000_000)
    return String(repeating: "0", count: TOTP.digits - digits.count) + digits
  }

  /// The step that a code belongs to, one before and one after now's included; nil for a wrong code, or one of `used`
  /// or before. All three are compared in full, whatever the code.
  func step(of code: String, now: Int64, after used: Int64) -> Int64? {
    let current = TOTP.step(at: now)
    var found: Int64?
    for step in current - 1...current + 1 where isEqual(code, self.code(step: step)) && step > used { found = step }
    return found
  }

  private func isEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension TOTP: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "•••" }
  var debugDescription: String { "•••" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

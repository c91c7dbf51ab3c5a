import Foundation
import Vault

/// What stands in for a code of the authenticator app, once, when the phone is lost: 50 random bits, written
/// `xxxxx-xxxxx` in Crockford's base32, which has no two letters that look alike. It prints as `•••`.
struct RecoveryCode: Hashable, Sendable {
  /// How many somebody gets.
  static let perAccount = 10
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
  private static let length = 10

  /// The ten characters without the hyphen.
  private let characters: String

  init(_ entropy: Entropy) {
    characters = String(entropy.bytes(RecoveryCode.length).map { RecoveryCode.alphabet[Int($0 & 31)] })
  }

  /// Reads what somebody typed, in either case, with or without hyphens and spaces, an `o` for a zero, and an `i` or
  /// `l` for a one; nil for what cannot be a code.
  init?(_ typed: String) {
    guard typed.utf8.count <= 40 else { return nil }
    let normal = typed.lowercased().filter { $0 != "-" && $0 != " " }
      .replacing("o", with: "0").replacing("i", with: "1").replacing("l", with: "1")
    guard normal.count == RecoveryCode.length, normal.allSatisfy(RecoveryCode.alphabet.contains) else { return nil }
    characters = normal
  }

  /// As it is shown.
  var text: String { "\(characters.prefix(5))-\(characters.suffix(5))" }

  /// What is stored: HMAC-SHA-256 under the account's data key, so that who has the database alone cannot try them all.
  func digest(_ key: DataKey) -> Data {
    key.authenticationCode(for: Data("mqm recovery code \(characters)".utf8))
  }
}

extension RecoveryCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "•••" }
  var debugDescription: String { "•••" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

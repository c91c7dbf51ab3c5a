import Foundation
import Rooms

/// What a client shows to go on with its session after its connection broke: 256 random bits, good for one time. It prints as
/// `•••`; ``text`` is the secret itself.
struct ResumeSecret: SessionSecret {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// A new one.
  init() {
    var generator = SystemRandomNumberGenerator()
    words = (generator.next(), generator.next(), generator.next(), generator.next())
  }

  /// Reads what a client sent: 43 characters of base64url without padding (RFC 4648, section 5); nil for anything else.
  init?(_ text: String) {
    guard text.utf8.count == 43 else { return nil }
    let standard = text.replacing("-", with: "+").replacing("_", with: "/") + "="
    guard let data = Data(base64Encoded: standard), data.count == 32 else { return nil }
    words = data.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
  }

  var text: String {
    withUnsafeBytes(of: words) { Data($0) }.base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Compares all bits, whatever they are.
  func matches(_ other: ResumeSecret) -> Bool {
    let difference =
      (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2) | (words.3 ^ other.words.3)
    return difference == 0
  }
}

extension ResumeSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "•••" }
  var debugDescription: String { "•••" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

import Foundation

/// A password of 12...256 characters (Unicode scalars after NFKC, 1,024 bytes at most), normalised so that it is the
/// same from every keyboard (NIST SP 800-63B-4 section 3.1.1.2). It prints as `•••`.
public struct Password: Sendable {
  public static let characters = 12...256
  public static let maximumBytes = 1024

  /// The UTF-8 bytes that are hashed.
  let bytes: [UInt8]

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` outside the bounds. Nothing else is asked of a password: no
  ///   digits, no signs.
  public init(_ raw: String) throws(AccountRefusal) {
    guard raw.utf8.count <= 4 * Password.maximumBytes else { throw Password.wrongLength }
    let normal = raw.precomposedStringWithCompatibilityMapping
    guard Password.characters.contains(normal.unicodeScalars.count), normal.utf8.count <= Password.maximumBytes else {
      throw Password.wrongLength
    }
    bytes = Array(normal.utf8)
  }

  private static let wrongLength = AccountRefusal.invalid(
    field: .password, why: "a password has \(characters.lowerBound) to \(characters.upperBound) characters")
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

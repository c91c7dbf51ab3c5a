import Foundation

/// A given or family name, or a specialty: a text of 1...100 characters on one line, trimmed, in Unicode NFC.
public struct PersonName: Hashable, Sendable {
  public static let maximumCharacters = 100
  /// One character may be built of several scalars; this bounds the bytes of all of them.
  public static let maximumBytes = 400

  public let text: String

  /// - Parameter field: named in the refusal.
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` when it is empty, too long, or has control or invisible
  ///   formatting characters, which could make one name look like another.
  public init(_ raw: String, field: AccountField) throws(AccountRefusal) {
    guard raw.utf8.count <= 4 * PersonName.maximumBytes else { throw PersonName.wrongLength(field) }
    let normal = raw.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    guard !normal.isEmpty, normal.unicodeScalars.count <= PersonName.maximumCharacters,
      normal.utf8.count <= PersonName.maximumBytes
    else { throw PersonName.wrongLength(field) }
    guard !normal.unicodeScalars.contains(where: PersonName.isForbidden) else {
      throw .invalid(field: field, why: "it contains control characters or invisible ones")
    }
    text = normal
  }

  private static func wrongLength(_ field: AccountField) -> AccountRefusal {
    .invalid(field: field, why: "it must have 1 to \(maximumCharacters) characters")
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension PersonName: CustomStringConvertible {
  public var description: String { text }
}

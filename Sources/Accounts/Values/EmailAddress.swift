import Foundation

/// An e-mail address in the one form in which it is stored and compared: trimmed, in lower case, in Unicode NFC.
///
/// Only what every mail system agrees on is checked, as one that is wrong in another way simply gets no mail: one `@`
/// with something on both sides, a dot inside the domain, no spaces or control characters, and 254 bytes at most (RFC
/// 5321 section 4.5.3.1.3 with RFC 3696 erratum 1690).
public struct EmailAddress: Hashable, Sendable {
  public static let maximumBytes = 254

  public let text: String

  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public init(_ raw: String) throws(AccountRefusal) {
    guard raw.utf8.count <= 4 * EmailAddress.maximumBytes else {
      throw .invalid(field: .email, why: "an e-mail address has \(EmailAddress.maximumBytes) bytes at most")
    }
    let normal = raw.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().precomposedStringWithCanonicalMapping
    guard normal.utf8.count <= EmailAddress.maximumBytes else {
      throw .invalid(field: .email, why: "an e-mail address has \(EmailAddress.maximumBytes) bytes at most")
    }
    let halves = normal.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, EmailAddress.isDomain(halves[1]),
      !normal.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
      )
    else { throw .invalid(field: .email, why: "this is not an e-mail address such as anne.martin@example.org") }
    text = normal
  }

  private static func isDomain(_ text: Substring) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasSuffix("-") }
  }
}

extension EmailAddress: CustomStringConvertible {
  public var description: String { text }
}

import Foundation

/// An e-mail address that may stand in an envelope and in a header as it is: RFC 5321 `Dot-string "@" Domain`, in
/// ASCII.
///
/// A domain with other characters becomes its A-labels (RFC 5891). A local part with other characters would need
/// SMTPUTF8 (RFC 6531), and a quoted one is not used by anybody; both are refused.
public struct Mailbox: Hashable, Sendable {
  /// RFC 5321 section 4.5.3.1.
  static let maximumLocalBytes = 64
  static let maximumBytes = 254

  public let address: String
  public let domain: String

  /// - Throws: ``MailRefusal`` that does not repeat the address.
  public init(_ raw: String) throws(MailRefusal) {
    guard raw.utf8.count <= 4 * Self.maximumBytes, let at = raw.lastIndex(of: "@") else {
      throw MailRefusal("an e-mail address looks like anne.martin@example.org")
    }
    let local = raw[..<at]
    guard local.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw MailRefusal("characters outside of ASCII before the @ (SMTPUTF8) are not supported")
    }
    guard (1...Self.maximumLocalBytes).contains(local.utf8.count), Self.isDotString(local) else {
      throw MailRefusal("what comes before the @ has characters that are not supported")
    }
    guard let domain = Self.asciiDomain(String(raw[raw.index(after: at)...])) else {
      throw MailRefusal("what comes after the @ is no domain")
    }
    guard local.utf8.count + 1 + domain.utf8.count <= Self.maximumBytes else {
      throw MailRefusal("an e-mail address has \(Self.maximumBytes) bytes at most")
    }
    self.domain = domain
    address = "\(local)@\(domain)"
  }

  private static func isDotString(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
    }
  }

  private static func asciiDomain(_ raw: String) -> String? {
    var domain = raw
    if !raw.utf8.allSatisfy({ $0 < 0x80 }) {
      var components = URLComponents()
      components.host = raw
      guard let encoded = components.encodedHost else { return nil }
      domain = encoded
    }
    let labels = domain.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let hyphen = UInt8(ascii: "-")
    let areLabels = labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
        && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
    }
    return areLabels ? domain : nil
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

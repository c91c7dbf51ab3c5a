/// Text as quoted-printable (RFC 2045 section 6.7): ASCII in lines of 76 characters at most.
enum QuotedPrintable {
  private static let maximumLine = 76

  /// - Parameter text: lines end with `\n`.
  /// - Returns: lines that end with CRLF, but for the last.
  static func encode(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\r\n")
  }

  private static func line(_ text: Substring) -> String {
    var encoded = ""
    var length = 0
    let bytes = Array(text.utf8)
    for (place, byte) in bytes.enumerated() {
      let token = token(byte, isLast: place == bytes.count - 1)
      // Room is kept for the `=` of a soft line break.
      if length + token.utf8.count > maximumLine - 1 {
        encoded += "=\r\n"
        length = 0
      }
      encoded += token
      length += token.utf8.count
    }
    return encoded
  }

  private static func token(_ byte: UInt8, isLast: Bool) -> String {
    switch byte {
    case UInt8(ascii: " ") where !isLast: " "
    case 0x21...0x7e where byte != UInt8(ascii: "="): String(UnicodeScalar(byte))
    default: (byte < 0x10 ? "=0" : "=") + String(byte, radix: 16, uppercase: true)
    }
  }
}

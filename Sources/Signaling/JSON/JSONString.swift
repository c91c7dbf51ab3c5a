import Glibc

/// Strings in a JSON text that a scanner has passed over.
package enum JSONString {
  /// The range between the quotes; nil if the value is not a string.
  package static func inner(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int>? {
    guard range.count >= 2, text[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
    return (range.lowerBound + 1)..<(range.upperBound - 1)
  }

  /// Whether the value is this string, written without escapes. Makes no string.
  static func isPlainly(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ string: StaticString) -> Bool {
    let count = string.utf8CodeUnitCount
    guard range.count == count + 2, text[range.lowerBound] == UInt8(ascii: "\"") else { return false }
    return memcmp(text.baseAddress! + range.lowerBound + 1, string.utf8Start, count) == 0
  }

  /// Calls `body` with the bytes of the string that the value means, without copying where nothing is escaped.
  ///
  /// - Returns: nil if the value is not a string, or has half a surrogate pair.
  package static func withBytes<Result>(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result?
  ) -> Result? {
    guard let inner = inner(text, range) else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: text[inner])
    guard memchr(bytes.baseAddress!, Int32(UInt8(ascii: "\\")), bytes.count) != nil else { return body(bytes) }
    guard var string = read(text, range) else { return nil }
    return string.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  /// The string that the value means, escapes resolved; nil if it is not a string, or has half a surrogate pair.
  package static func read(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> String? {
    guard let inner = inner(text, range) else { return nil }
    guard text[inner].contains(UInt8(ascii: "\\")) else { return String(decoding: text[inner], as: UTF8.self) }
    var units: [UInt16] = []
    var plain = inner.lowerBound
    var result = ""
    var position = inner.lowerBound

    func flush(upTo end: Int) {
      result += String(decoding: text[plain..<end], as: UTF8.self)
    }
    /// Escaped UTF-16 units wait until something else follows, since a pair of them may be one character.
    func flushUnits() -> Bool {
      guard !units.isEmpty else { return true }
      guard let decoded = String(validating: units, as: UTF16.self) else { return false }
      result += decoded
      units.removeAll()
      return true
    }

    while position < inner.upperBound {
      guard text[position] == UInt8(ascii: "\\") else {
        guard flushUnits() else { return nil }
        position += 1
        continue
      }
      flush(upTo: position)
      let escape = text[position + 1]
      if escape == UInt8(ascii: "u") {
        let digits = String(decoding: text[(position + 2)..<(position + 6)], as: UTF8.self)
        guard let unit = UInt16(digits, radix: 16) else { return nil }
        units.append(unit)
        position += 6
      } else {
        guard flushUnits() else { return nil }
        result.unicodeScalars.append(character(ofEscape: escape))
        position += 2
      }
      plain = position
    }
    flush(upTo: inner.upperBound)
    guard flushUnits() else { return nil }
    return result
  }

  private static func character(ofEscape escape: UInt8) -> Unicode.Scalar {
    switch escape {
    case UInt8(ascii: "n"): "\n"
    case UInt8(ascii: "t"): "\t"
    case UInt8(ascii: "r"): "\r"
    case UInt8(ascii: "b"): "\u{8}"
    case UInt8(ascii: "f"): "\u{C}"
    default: Unicode.Scalar(escape)
    }
  }
}

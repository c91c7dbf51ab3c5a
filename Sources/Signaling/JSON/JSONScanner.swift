/// Walks over a JSON text (RFC 8259) where it lies, without building a tree: what is relayed is checked and never copied.
///
/// UTF-8 itself has been checked by the transport.
package struct JSONScanner {
  /// How deep arrays and objects may nest.
  package static let depthLimit = 32

  package let text: UnsafeRawBufferPointer
  package private(set) var position: Int
  /// Whether something in the string that was passed over last is escaped.
  private(set) var isEscaped = false

  package init(_ text: UnsafeRawBufferPointer, at position: Int = 0) {
    self.text = text
    self.position = position
  }

  /// Not JSON, or nested too deeply.
  package struct Malformed: Error {}

  // MARK: Steps

  package mutating func skipWhitespace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// The byte at the position, or 0 at the end.
  package var next: UInt8 { position < text.count ? text[position] : 0 }

  package mutating func expect(_ byte: UInt8) throws(Malformed) {
    guard position < text.count, text[position] == byte else { throw Malformed() }
    position += 1
  }

  /// Passes over this byte if it is the next one.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  package mutating func expectEnd() throws(Malformed) {
    skipWhitespace()
    guard position == text.count else { throw Malformed() }
  }

  /// Passes over one value of any kind and returns where it lies.
  package mutating func skipValue(depth: Int = 0) throws(Malformed) -> Range<Int> {
    let start = position
    switch next {
    case UInt8(ascii: "\""): _ = try skipString()
    case UInt8(ascii: "{"):
      try forEachMember(depth: depth + 1) { (scanner, _) throws(Malformed) in
        _ = try scanner.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["): try skipArray(depth: depth + 1)
    case UInt8(ascii: "t"): try skipLiteral("true")
    case UInt8(ascii: "f"): try skipLiteral("false")
    case UInt8(ascii: "n"): try skipLiteral("null")
    default: try skipNumber()
    }
    return start..<position
  }

  /// Passes over a string and returns where it lies, quotes included.
  private mutating func skipString() throws(Malformed) -> Range<Int> {
    let start = position
    isEscaped = false
    try expect(UInt8(ascii: "\""))
    while true {
      skipPlainCharacters()
      guard position < text.count else { throw Malformed() }
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position
      case UInt8(ascii: "\\"):
        isEscaped = true
        // The lines of a session description end with two.
        repeat { try skipEscape() } while next == UInt8(ascii: "\\")
      case 0..<0x20: throw Malformed()
      default: position += 1
      }
    }
  }

  /// Passes over a backslash, which stands at the position, and what it changes the meaning of.
  @inline(__always)
  private mutating func skipEscape() throws(Malformed) {
    position += 1
    switch next {
    case UInt8(ascii: "u"):
      guard position + 4 < text.count else { throw Malformed() }
      for offset in 1...4 where !Self.isHexDigit(text[position + offset]) { throw Malformed() }
      position += 5
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    default: throw Malformed()
    }
  }

  /// Passes over many bytes at a time of a string, up to the first that is a quote, a backslash or a control character, or
  /// to the last few of the text.
  private mutating func skipPlainCharacters() {
    guard let base = text.baseAddress else { return }
    let word = { (position: Int) in
      UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
    while position + 32 <= text.count {
      let found =
        Self.specials(word(position)) | Self.specials(word(position + 8)) | Self.specials(word(position + 16))
        | Self.specials(word(position + 24))
      guard found == 0 else { break }
      position += 32
    }
    while position + 8 <= text.count {
      let found = Self.specials(word(position))
      guard found == 0 else {
        position += found.trailingZeroBitCount / 8
        return
      }
      position += 8
    }
  }

  /// In the byte of the first quote, backslash or control character the highest bit is set; only in bytes after that one it
  /// may be set wrongly.
  @inline(__always)
  private static func specials(_ word: UInt64) -> UInt64 {
    // With this bit flipped, the quote stands where the blank was, directly behind the control characters.
    let flipped = word ^ each(0x02)
    let controlOrQuote = (flipped &- each(0x21)) & ~flipped
    let backslash = word ^ each(UInt8(ascii: "\\"))
    return (controlOrQuote | ((backslash &- each(1)) & ~backslash)) & each(0x80)
  }

  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// Enters the object at the position and calls `body` at the value of each member, with the range of its key, quotes
  /// included, while `isEscaped` speaks of the key. `body` must pass over the value.
  @inline(__always)
  package mutating func forEachMember(
    depth: Int, _ body: (inout JSONScanner, Range<Int>) throws(Malformed) -> Void
  ) throws(Malformed) {
    guard depth <= Self.depthLimit else { throw Malformed() }
    try expect(UInt8(ascii: "{"))
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return }
    var keys = KeySet(text)
    while true {
      skipWhitespace()
      let key = try skipString()
      // A member given twice is read differently by different programs, so it is not read at all.
      guard keys.insert(key, isEscaped: isEscaped) else { throw Malformed() }
      skipWhitespace()
      try expect(UInt8(ascii: ":"))
      skipWhitespace()
      try body(&self, key)
      skipWhitespace()
      if take(UInt8(ascii: "}")) { return }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func skipArray(depth: Int) throws(Malformed) {
    guard depth <= Self.depthLimit else { throw Malformed() }
    try expect(UInt8(ascii: "["))
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return }
    while true {
      skipWhitespace()
      _ = try skipValue(depth: depth)
      skipWhitespace()
      if take(UInt8(ascii: "]")) { return }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func skipLiteral(_ literal: StaticString) throws(Malformed) {
    let bytes = UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    for byte in bytes { try expect(byte) }
  }

  private mutating func skipNumber() throws(Malformed) {
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(Malformed) {
    let start = position
    while case UInt8(ascii: "0")...UInt8(ascii: "9") = next { position += 1 }
    guard position > start else { throw Malformed() }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}

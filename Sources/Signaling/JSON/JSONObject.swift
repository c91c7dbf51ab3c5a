import Rooms

/// One object of a JSON text: its members by name, each read when it is asked for, and refused by name when it is not of its
/// form.
package struct JSONObject {
  private let text: UnsafeRawBufferPointer
  /// The first members, in place: messages have few.
  private var first = InlineArray<8, Member>(repeating: Member(key: 0..<0, value: 0..<0))
  private var count = 0
  private var more: [Member] = []
  /// Those in whose keys something is escaped, with the bytes that the key means.
  private var escaped: [(key: [UInt8], value: Range<Int>)] = []

  private struct Member {
    /// With its quotes.
    let key: Range<Int>
    let value: Range<Int>
  }

  /// A member that is missing, or not of its form or range.
  package enum Invalid: Error, Equatable {
    case missing(String)
    case invalid(String)
  }

  /// Reads a text that is one object and nothing else.
  package init(_ text: UnsafeRawBufferPointer) throws(JSONScanner.Malformed) {
    self.text = text
    var scanner = JSONScanner(text)
    scanner.skipWhitespace()
    try read(&scanner, depth: 1)
    try scanner.expectEnd()
  }

  /// Reads the object at `range` of a text that has been checked as a whole.
  private init(_ text: UnsafeRawBufferPointer, at range: Range<Int>, depth: Int) throws(JSONScanner.Malformed) {
    self.text = text
    var scanner = JSONScanner(text, at: range.lowerBound)
    try read(&scanner, depth: depth)
  }

  private mutating func read(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanner.Malformed) {
    try scanner.forEachMember(depth: depth) { (scanner, key) throws(JSONScanner.Malformed) in
      let isEscaped = scanner.isEscaped
      let value = try scanner.skipValue(depth: depth)
      if isEscaped {
        escaped.append((JSONString.withBytes(text, key) { Array($0) } ?? [], value))
        return
      }
      let member = Member(key: key, value: value)
      if count < first.count { first[count] = member } else { more.append(member) }
      count += 1
    }
  }

  // MARK: Members

  /// Where the value of a member lies in the text; nil where there is none.
  package func range(_ name: StaticString) -> Range<Int>? {
    for index in 0..<min(count, first.count) where JSONString.isPlainly(text, first[index].key, name) {
      return first[index].value
    }
    if let member = more.first(where: { JSONString.isPlainly(text, $0.key, name) }) { return member.value }
    guard !escaped.isEmpty else { return nil }
    let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return escaped.first { $0.key.elementsEqual(bytes) }?.value
  }

  /// The bytes of a member's value as they were written.
  package func raw(_ name: StaticString) throws(Invalid) -> UnsafeRawBufferPointer {
    guard let range = range(name) else { throw .missing("\(name)") }
    return UnsafeRawBufferPointer(rebasing: text[range])
  }

  package func has(_ name: StaticString) -> Bool { range(name) != nil }

  package func object(_ name: StaticString) throws(Invalid) -> JSONObject {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard text[range.lowerBound] == UInt8(ascii: "{") else { throw .invalid("\(name)") }
    do { return try JSONObject(text, at: range, depth: 2) } catch { throw .invalid("\(name)") }
  }

  /// The object `name`, or an empty one where there is none.
  package func objectIfPresent(_ name: StaticString) throws(Invalid) -> JSONObject {
    guard has(name) else { return JSONObject() }
    return try object(name)
  }

  private init() {
    text = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Calls `body` with each element of a list of objects.
  package func forEachObject(_ name: StaticString, _ body: (JSONObject) throws(Invalid) -> Void) throws(Invalid) {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard text[range.lowerBound] == UInt8(ascii: "[") else { throw .invalid("\(name)") }
    var scanner = JSONScanner(text, at: range.lowerBound + 1)
    scanner.skipWhitespace()
    while scanner.next != UInt8(ascii: "]") {
      let element: JSONObject
      do {
        let value = try scanner.skipValue()
        element = try JSONObject(text, at: value, depth: 2)
        scanner.skipWhitespace()
        if scanner.next == UInt8(ascii: ",") { try scanner.expect(UInt8(ascii: ",")) }
        scanner.skipWhitespace()
      } catch { throw .invalid("\(name)") }
      try body(element)
    }
  }

  /// A text of between 1 and `limit` Unicode scalars, without control characters but tabs and line breaks.
  package func string(_ name: StaticString, limit: Int) throws(Invalid) -> String {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard let string = JSONString.read(text, range), !string.isEmpty, string.utf8.count <= limit * 4,
      string.unicodeScalars.count <= limit, !string.unicodeScalars.contains(where: Self.isForbidden)
    else { throw .invalid("\(name)") }
    return string
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && !["\t", "\n", "\r"].contains(scalar)
  }

  package func stringIfPresent(_ name: StaticString, limit: Int) throws(Invalid) -> String? {
    has(name) ? try string(name, limit: limit) : nil
  }

  // MARK: Members that may be null

  /// Whether there is a member, and a value in it.
  private func hasValue(_ name: StaticString) -> Bool {
    guard let range = range(name) else { return false }
    return text[range.lowerBound] != UInt8(ascii: "n")
  }

  package func optionalString(_ name: StaticString, limit: Int) throws(Invalid) -> String? {
    hasValue(name) ? try string(name, limit: limit) : nil
  }

  package func optionalObject(_ name: StaticString) throws(Invalid) -> JSONObject? {
    hasValue(name) ? try object(name) : nil
  }

  package func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ name: StaticString, of: Choice.Type = Choice.self
  ) throws(Invalid) -> Choice? where Choice.RawValue == String {
    hasValue(name) ? try choice(name, of: Choice.self) : nil
  }

  /// An integer from 0 to 2^53 - 1, which is as far as every JSON reader agrees.
  package func integer(_ name: StaticString) throws(Invalid) -> Int {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard let value = JSONNumber.integer(text, range) else { throw .invalid("\(name)") }
    return value
  }

  /// True or false; `false` where there is none.
  package func flag(_ name: StaticString) throws(Invalid) -> Bool {
    guard let range = range(name) else { return false }
    switch range.count {
    case 4 where text[range.lowerBound] == UInt8(ascii: "t"): return true
    case 5 where text[range.lowerBound] == UInt8(ascii: "f"): return false
    default: throw .invalid("\(name)")
    }
  }

  package func id<Noun>(_ name: StaticString, of: Identifier<Noun>.Type = Identifier<Noun>.self) throws(Invalid)
    -> Identifier<Noun>
  {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard let id: Identifier<Noun> = Self.id(text, range) else { throw .invalid("\(name)") }
    return id
  }

  /// A list of at most `limit` ids.
  package func ids<Noun>(
    _ name: StaticString, limit: Int, of: Identifier<Noun>.Type = Identifier<Noun>.self
  ) throws(Invalid) -> [Identifier<Noun>] {
    guard let range = range(name) else { throw .missing("\(name)") }
    guard text[range.lowerBound] == UInt8(ascii: "[") else { throw .invalid("\(name)") }
    var ids: [Identifier<Noun>] = []
    var scanner = JSONScanner(text, at: range.lowerBound + 1)
    scanner.skipWhitespace()
    while scanner.next != UInt8(ascii: "]") {
      if scanner.next == UInt8(ascii: ",") {
        do { try scanner.expect(UInt8(ascii: ",")) } catch { throw .invalid("\(name)") }
      }
      scanner.skipWhitespace()
      guard ids.count < limit, let value = try? scanner.skipValue(), let id: Identifier<Noun> = Self.id(text, value)
      else { throw .invalid("\(name)") }
      ids.append(id)
      scanner.skipWhitespace()
    }
    return ids
  }

  /// One of the names of an enumeration.
  package func choice<Choice: RawRepresentable & CaseIterable>(_ name: StaticString, of: Choice.Type = Choice.self)
    throws(Invalid) -> Choice where Choice.RawValue == String
  {
    guard let range = range(name) else { throw .missing("\(name)") }
    let found = JSONString.withBytes(text, range) { Choice(rawValue: String(decoding: $0, as: UTF8.self)) }
    guard let found else { throw .invalid("\(name)") }
    return found
  }

  private static func id<Noun>(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Identifier<Noun>? {
    JSONString.withBytes(text, range) { Identifier<Noun>(bytes: $0) }
  }
}

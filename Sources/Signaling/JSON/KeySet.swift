/// The keys of one object of a JSON text.
struct KeySet {
  /// Up to so many keys, comparing them with each other is faster than anything else.
  private static let linearLimit = 16

  private let text: UnsafeRawBufferPointer
  private var few: [Range<Int>] = []
  /// All of them, once they are many: what somebody sends must not cost the square of its length.
  private var many: Set<[UInt8]> = []

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
  }

  /// Adds the key at a range, its quotes included; false if the same name is there already, however each is escaped.
  mutating func insert(_ key: Range<Int>) -> Bool {
    if few.count < Self.linearLimit {
      for earlier in few where isSame(earlier, key) { return false }
      few.append(key)
      return true
    }
    if many.isEmpty { many = Set(few.map(name)) }
    return many.insert(name(key)).inserted
  }

  private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    JSONString.withBytes(text, left) { left in
      JSONString.withBytes(text, right) { left.elementsEqual($0) }
    } ?? false
  }

  /// What stands there byte for byte if it is not the text of anything: half a surrogate pair.
  private func name(_ key: Range<Int>) -> [UInt8] {
    JSONString.withBytes(text, key) { Array($0) } ?? Array(text[key])
  }
}

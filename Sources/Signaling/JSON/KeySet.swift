/// The keys of one object of a JSON text, each read once: what somebody sends must not cost the square of its length, nor
/// many times the decoding of what they escaped.
struct KeySet {
  /// Up to so many keys, comparing them with each other is faster than anything else, as long as none is escaped.
  private static let linearLimit = 16

  private let text: UnsafeRawBufferPointer
  private var few = InlineArray<16, Range<Int>>(repeating: 0..<0)
  private var count = 0
  /// Hashes stand for the keys once they are many, or one is escaped: 64 bits, seeded anew by each process, so that nobody
  /// can make two keys that collide.
  private var many: Set<Int>?

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
  }

  /// Adds the key at a range, its quotes included; false if the same name is there already, however each is escaped.
  mutating func insert(_ key: Range<Int>, isEscaped: Bool) -> Bool {
    if many == nil, !isEscaped, count < Self.linearLimit {
      for index in 0..<count where text.isSame(few[index], key) { return false }
      few[count] = key
      count += 1
      return true
    }
    if many == nil { many = Set((0..<count).map { hash(of: few[$0]) }) }
    return many!.insert(hash(of: key)).inserted
  }

  private func hash(of key: Range<Int>) -> Int {
    var hasher = Hasher()
    // What is not the text of anything, half a surrogate pair, stands for itself byte by byte.
    if JSONString.withBytes(text, key, { hasher.combine(bytes: $0) }) == nil {
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: text[key]))
    }
    return hasher.finalize()
  }
}

extension UnsafeRawBufferPointer {
  /// Whether two ranges hold the same bytes.
  fileprivate func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    guard left.count == right.count else { return false }
    var offset = 0
    while offset < left.count {
      guard self[left.lowerBound + offset] == self[right.lowerBound + offset] else { return false }
      offset += 1
    }
    return true
  }
}

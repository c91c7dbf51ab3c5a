/// The keys of one object of a JSON text, each read once: what somebody sends must not cost the square of its length, nor
/// many times the decoding of what they escaped.
struct KeySet {
  /// Up to so many keys, comparing them with each other is faster than anything else.
  private static let linearLimit = 16

  private let text: UnsafeRawBufferPointer
  /// Hashes stand for the keys: 64 bits, seeded anew by each process, so that nobody can make two keys that collide.
  private var few: [Int] = []
  /// All of them, once they are many.
  private var many: Set<Int> = []

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
  }

  /// Adds the key at a range, its quotes included; false if the same name is there already, however each is escaped.
  mutating func insert(_ key: Range<Int>) -> Bool {
    let hash = hash(of: key)
    if few.count < Self.linearLimit {
      guard !few.contains(hash) else { return false }
      few.append(hash)
      return true
    }
    if many.isEmpty { many = Set(few) }
    return many.insert(hash).inserted
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

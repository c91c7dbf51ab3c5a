/// The right edge of a Merkle tree as of RFC 9162, section 2.1: all that is needed to add leaves and to know the root.
struct MerkleFrontier: Equatable, Sendable {
  /// Leaves so far.
  private(set) var size = 0
  /// The roots of the complete subtrees that make up the tree, the largest first.
  private(set) var peaks: [RecordDigest] = []

  init() {}

  /// - Parameter node: a complete subtree's root.
  init(size: Int, node: (MerkleNode) throws -> RecordDigest) rethrows {
    self.size = size
    peaks = try MerkleNode.peaks(size: size).map(node)
  }

  /// - Returns: the roots of the subtrees that this leaf completes, from the smallest, of two leaves, up.
  mutating func append(_ leaf: RecordDigest) -> [RecordDigest] {
    var completed: [RecordDigest] = []
    append(leaf) { completed.append($0) }
    return completed
  }

  mutating func append(_ leaf: RecordDigest, completed: (RecordDigest) -> Void) {
    var node = leaf
    for _ in 0..<MerkleNode.completed(by: size) {
      node = .node(peaks.removeLast(), node)
      completed(node)
    }
    peaks.append(node)
    size += 1
  }

  /// MTH of RFC 9162, section 2.1.1.
  var root: RecordDigest {
    guard var root = peaks.last else { return .hash(UnsafeRawBufferPointer(start: nil, count: 0)) }
    for peak in peaks.dropLast().reversed() { root = .node(peak, root) }
    return root
  }
}

/// A complete subtree: 2^level leaves, from the one at position × 2^level on.
struct MerkleNode: Hashable, Sendable {
  /// 0 for a leaf.
  let level: Int
  let position: Int

  /// Its last leaf, with which it is complete.
  var lastLeaf: Int { (position + 1) << level - 1 }

  /// How many subtrees of two or more leaves are complete with the leaf of that index.
  static func completed(by index: Int) -> Int { (~index).trailingZeroBitCount }

  /// The complete subtrees that make up a tree of that size, the largest first.
  static func peaks(size: Int) -> [MerkleNode] {
    var peaks: [MerkleNode] = []
    var start = 0
    for level in stride(from: Int.bitWidth - 2, through: 0, by: -1) where size & (1 << level) != 0 {
      peaks.append(MerkleNode(level: level, position: start >> level))
      start += 1 << level
    }
    return peaks
  }
}

/// That a leaf is in a tree: RFC 9162, section 2.1.3.
enum InclusionProof {
  /// PATH of section 2.1.3.1.
  ///
  /// - Parameters:
  ///   - index: of the leaf; less than `size`.
  ///   - node: a complete subtree's root.
  static func path(
    to index: Int, size: Int, node: (MerkleNode) throws -> RecordDigest
  ) rethrows -> [RecordDigest] {
    var path: [RecordDigest] = []
    var range = 0..<size
    // From the root down: each step leaves the half without the leaf behind.
    while range.count > 1 {
      let middle = range.lowerBound + half(of: range.count)
      let isLeft = index < middle
      path.append(try root(of: isLeft ? middle..<range.upperBound : range.lowerBound..<middle, node: node))
      range = isLeft ? range.lowerBound..<middle : middle..<range.upperBound
    }
    return path.reversed()
  }

  /// The root that follows from a leaf and its path, by the algorithm of section 2.1.3.2; nil if the path is not one for
  /// this index and size.
  static func root(leaf: RecordDigest, index: Int, size: Int, path: [RecordDigest]) -> RecordDigest? {
    guard index >= 0, index < size else { return nil }
    var index = index
    var last = size - 1
    var root = leaf
    for sibling in path {
      guard last > 0 else { return nil }
      if index & 1 == 1 || index == last {
        root = .node(sibling, root)
        while index & 1 == 0, index != 0 {
          index >>= 1
          last >>= 1
        }
      } else {
        root = .node(root, sibling)
      }
      index >>= 1
      last >>= 1
    }
    return last == 0 ? root : nil
  }

  /// The largest power of two that is less than `count`.
  private static func half(of count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

  private static func root(
    of range: Range<Int>, node: (MerkleNode) throws -> RecordDigest
  ) rethrows -> RecordDigest {
    // Only the rightmost subtree of a tree can be incomplete; it begins where a subtree of its size would.
    if range.count & (range.count - 1) == 0 {
      let level = range.count.trailingZeroBitCount
      return try node(MerkleNode(level: level, position: range.lowerBound >> level))
    }
    let middle = range.lowerBound + half(of: range.count)
    return .node(
      try root(of: range.lowerBound..<middle, node: node), try root(of: middle..<range.upperBound, node: node))
  }
}

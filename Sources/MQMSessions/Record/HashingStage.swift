/// Hashes the entries anew, and compares the chain, the tree's nodes and the heads with what comes out.
final class HashingStage: @unchecked Sendable {
  // Runs on one serial queue.
  private(set) var state = RecordState(log: "")
  private let expected: [(number: Int, head: TreeHead)]
  private var next = 0
  private let faults: FaultList

  init(expected: [(number: Int, head: TreeHead)], _ faults: FaultList) {
    self.expected = expected
    self.faults = faults
    checkHeads()
  }

  func run(_ batch: EntryBatch) {
    batch.leaves.reserveCapacity(batch.count)
    batch.bytes.withUnsafeBytes { bytes in
      for position in 0..<batch.count {
        let index = batch.first + position
        let leaf = RecordDigest.leaf(UnsafeRawBufferPointer(rebasing: bytes[batch.entry(position)]))
        batch.leaves.append(leaf)
        state.chain = .chain(state.chain, leaf)
        let chain = UnsafeRawBufferPointer(rebasing: bytes[batch.chain(position)])
        if RecordDigest(chain) != state.chain { faults.add(.chain(entry: index)) }
        var nodes = bytes[batch.nodes(position)]
        var areWhole = true
        state.frontier.append(leaf) { node in
          areWhole = areWhole && RecordDigest(UnsafeRawBufferPointer(rebasing: nodes.prefix(32))) == node
          nodes = nodes.dropFirst(32)
        }
        if !areWhole || !nodes.isEmpty { faults.add(.nodes(entry: index)) }
        checkHeads()
      }
    }
  }

  private func checkHeads() {
    while next < expected.count, expected[next].head.size <= state.frontier.size {
      let (number, head) = expected[next]
      if head.size < state.frontier.size || head.root != state.frontier.root || head.chain != state.chain {
        faults.add(.head(number: number, why: "the entries that it covers are not those that were signed"))
      }
      next += 1
    }
  }

  func finish() {
    for (number, _) in expected[next...] {
      faults.add(.head(number: number, why: "it covers entries that are not there any more"))
    }
  }
}

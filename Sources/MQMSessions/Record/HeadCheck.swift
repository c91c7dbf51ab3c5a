/// The heads that were kept, each by itself; that none is missing or was replaced follows from the signed tip.
struct HeadCheck: Sendable {
  let parsed: [(number: Int, head: TreeHead)]
  let chain: RecordDigest
  /// Their numbers by the lines with which they may have been exported: with the time stamp and without, as one target may
  /// have got a head before it had one.
  let numbers: [String: Int]

  init(_ heads: [SignedHead], _ faults: FaultList) {
    var parsed: [(number: Int, head: TreeHead)] = []
    var chain = RecordDigest.zero
    var numbers: [String: Int] = [:]
    for (number, signed) in heads.enumerated() {
      if let head = TreeHead(signed.text) {
        if head.heads != chain { faults.add(.head(number: number, why: "it does not follow the head before it")) }
        if let last = parsed.last?.head, last.size > head.size || last.log != head.log {
          faults.add(.head(number: number, why: "it is of another log, or of an earlier time, than the one before it"))
        }
        parsed.append((number, head))
      } else {
        faults.add(.head(number: number, why: "its text was changed"))
      }
      chain = signed.headsChain(after: chain)
      numbers[signed.line] = number
      if signed.timestamp != nil {
        var unstamped = signed
        unstamped.timestamp = nil
        numbers[unstamped.line] = number
      }
    }
    self.parsed = parsed
    self.chain = chain
    self.numbers = numbers
  }
}

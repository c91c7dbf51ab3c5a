public import Foundation
import GRDB
import Rooms
import Synchronization

/// Checks the whole record: every entry, the chain, the tree, the heads, what was exported, and the tables of the
/// consultations against what the entries say.
///
/// One thread reads, one hashes, one replays.
public struct RecordVerifier: Sendable {
  /// What was found.
  public struct Report: Equatable, Sendable {
    public let entries: Int
    public let heads: Int
    public let exportedLines: Int
    /// The tip, if it is signed by the given key.
    public let tip: TreeHead?
    /// In the order in which they were found, ``faultLimit`` at most.
    public let faults: [RecordFault]

    public var isWhole: Bool { faults.isEmpty }
  }

  /// More are counted no further.
  public static let faultLimit = 20
  private static let batchSize = 4_096

  /// The signing key's public half, 32 bytes.
  let publicKey: Data
  /// Lines of a heads file; empty for none.
  let exported: [String]
  /// What must be among them.
  let handedOver: ExportProgress?

  /// - Parameter handedOver: how far the lines have to go, read before they were; nil for a copy of any time, in which
  ///   nothing between its first line and its last may be missing.
  public init(publicKey: Data, exported: [String] = [], handedOver: ExportProgress? = nil) {
    self.publicKey = publicKey
    self.exported = exported
    self.handedOver = handedOver
  }

  /// Has SQLite check the file itself: its pages and rows, and that each index says what its table says. Beside a running
  /// broker it sees the moment at which it began.
  ///
  /// - Returns: what was found, ``faultLimit`` at most.
  public static func checkDatabase(_ file: URL) -> [RecordFault] {
    do {
      let found = try RecordFile(file).read {
        try String.fetchAll($0, sql: "PRAGMA integrity_check(\(faultLimit))")
      }
      return found == ["ok"] ? [] : found.prefix(faultLimit).map { .database(why: $0) }
    } catch {
      return [.file(why: (error as? DatabaseError)?.message ?? "\(error)")]
    }
  }

  /// Verifies the record in a file, also that of a running broker: it sees the moment at which it began.
  ///
  /// - Parameter progress: told of the entries that were read, and of how many there are.
  public func verify(file: URL, progress: (Int, Int) -> Void = { _, _ in }) -> Report {
    do {
      return try RecordFile(file).read { try verify($0, progress: progress) }
    } catch {
      return Report(
        entries: 0, heads: 0, exportedLines: 0, tip: nil,
        faults: [.file(why: (error as? DatabaseError)?.message ?? "\(error)")])
    }
  }

  func verify(_ database: Database, progress: (Int, Int) -> Void = { _, _ in }) throws -> Report {
    let faults = FaultList()
    let heads = try HeadRow.all(in: database)
    let kept = HeadCheck(heads, faults)
    if try HeadRow.nextNumber(in: database) != heads.count {
      faults.add(.head(number: heads.count, why: "heads are missing, or have other numbers than they had"))
    }
    let count = try JournalRow.size(in: database)
    let hashing = HashingStage(expected: kept.parsed, faults)
    let replay = ReplayStage(faults)
    let hashes = DispatchQueue(label: "mqm.record.hash")
    let replays = DispatchQueue(label: "mqm.record.replay")
    // Batches that are under way: what is read waits until what was read before is done with.
    let room = DispatchSemaphore(value: 8)

    let rows = try Row.fetchCursor(database, sql: "SELECT seq, entry, chain, nodes FROM journal ORDER BY seq")
    var batch = EntryBatch(first: 0)
    func hand(on full: EntryBatch) {
      room.wait()
      hashes.async {
        hashing.run(full)
        replays.async {
          replay.run(full)
          room.signal()
        }
      }
    }
    while faults.hasRoom, let row = try rows.next() {
      try batch.append(row)
      if batch.count == Self.batchSize {
        hand(on: batch)
        progress(batch.first + batch.count, count)
        batch = EntryBatch(first: batch.first + batch.count)
      }
    }
    hand(on: batch)
    hashes.sync {}
    replays.sync {}
    progress(batch.first + batch.count, count)

    hashing.finish()
    try replay.finish(database)
    let tip = try check(tipOf: database, hashing.state, heads: kept.chain, faults)
    let check = ExportCheck(
      kept: kept, lines: replay.lines, linesInLine: try ExportRow.linesEver(in: database), size: count,
      handedOver: handedOver)
    let lines = check.check(exported, faults)
    return Report(entries: count, heads: heads.count, exportedLines: lines, tip: tip, faults: faults.all)
  }

  private func check(
    tipOf database: Database, _ state: RecordState, heads: RecordDigest, _ faults: FaultList
  ) throws -> TreeHead? {
    guard let tip = try HeadRow.tip(in: database) else {
      faults.add(.noTip)
      return nil
    }
    guard tip.publicKey == publicKey else {
      faults.add(.tip(why: "it is signed by another key than the one given"))
      return nil
    }
    guard let head = tip.head(signedBy: publicKey) else {
      faults.add(.tip(why: "its signature is not good for its text"))
      return nil
    }
    if head.size != state.frontier.size {
      faults.add(.tip(why: "it covers \(head.size) entries, and there are \(state.frontier.size)"))
    } else if head.root != state.frontier.root || head.chain != state.chain {
      faults.add(.tip(why: "entries were changed after they were signed"))
    }
    if head.heads != heads { faults.add(.tip(why: "heads were replaced, added or taken out")) }
    return head
  }
}

/// Faults, from several threads.
final class FaultList: Sendable {
  private let faults = Mutex<[RecordFault]>([])

  func add(_ fault: RecordFault) {
    faults.withLock { if $0.count < RecordVerifier.faultLimit { $0.append(fault) } }
  }

  var hasRoom: Bool { faults.withLock { $0.count < RecordVerifier.faultLimit } }
  var all: [RecordFault] { faults.withLock { $0 } }
}

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

/// Entries that were read together.
final class EntryBatch: @unchecked Sendable {
  // Each stage has it to itself, one after the other.
  let first: Int
  private(set) var count = 0
  private(set) var bytes: [UInt8] = []
  /// Where the entry ends, where its chain value and its nodes end.
  private(set) var ends: [(entry: Int, chain: Int, nodes: Int)] = []
  private(set) var indexes: [Int] = []
  var leaves: [RecordDigest] = []

  init(first: Int) {
    self.first = first
  }

  func append(_ row: Row) throws {
    func add(_ column: Int) throws -> Int {
      try row.withUnsafeData(atIndex: column) { data in
        data?.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
      return bytes.count
    }
    indexes.append(row[0])
    ends.append((try add(1), try add(2), try add(3)))
    count += 1
  }

  func entry(_ position: Int) -> Range<Int> { (position == 0 ? 0 : ends[position - 1].nodes)..<ends[position].entry }
  func chain(_ position: Int) -> Range<Int> { ends[position].entry..<ends[position].chain }
  func nodes(_ position: Int) -> Range<Int> { ends[position].chain..<ends[position].nodes }
}

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

/// Follows each consultation through its entries.
final class ReplayStage: @unchecked Sendable {
  // Runs on one serial queue, and is then read by the thread that waited for it.
  private var record = ReplayedRecord()
  private let faults: FaultList

  init(_ faults: FaultList) {
    self.faults = faults
  }

  var lines: [String] { record.lines }

  func run(_ batch: EntryBatch) {
    for position in 0..<batch.count {
      let index = batch.first + position
      if batch.indexes[position] != index {
        faults.add(.missing(entry: index))
      } else if let entry = EntryFields(batch.bytes[batch.entry(position)]) {
        if entry.index != index {
          faults.add(.outOfPlace(entry: index))
        } else if let fault = record.apply(entry, leaf: batch.leaves[position]) {
          faults.add(fault)
        }
      } else {
        faults.add(.unreadable(entry: index))
      }
    }
  }

  func finish(_ database: Database) throws {
    try record.compare(in: database) { faults.add($0) }
  }
}

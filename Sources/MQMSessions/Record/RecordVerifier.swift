public import Foundation
import GRDB

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

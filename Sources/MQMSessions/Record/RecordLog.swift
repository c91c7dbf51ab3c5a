import Foundation
import GRDB
import Rooms
import Synchronization

/// Writes the journal as a hash chain and a Merkle tree, and signs what it has become in the same transaction.
///
/// Where the log stands is kept in memory from one transaction to the next: what somebody changes in the file meanwhile is
/// never taken over into what is signed.
final class RecordLog: Sendable {
  private struct Progress {
    var committed: RecordState
    /// Within a transaction that has written something.
    var working: RecordState?
    /// Lines to export beside the head.
    var lines: [String] = []
    var hasClosure = false
  }

  let key: RecordSigningKey
  private let progress: Mutex<Progress>

  /// Takes the log up where its signed tip says that it is, or begins it.
  ///
  /// - Parameter at: milliseconds; for the first tip.
  /// - Throws: ``RecordTampered`` if tip and journal do not belong together.
  init(key: RecordSigningKey, at: Int64, in database: Database) throws {
    self.key = key
    let size = try JournalRow.size(in: database)
    let frontier = try MerkleFrontier(size: size) { try JournalRow.node($0, in: database) }
    let kept = try HeadRow.all(in: database)
    var state = RecordState(log: "", frontier: frontier)
    if size > 0 {
      let statement = try database.cachedStatement(sql: "SELECT chain FROM journal WHERE seq = ?")
      state.chain = try Data.fetchOne(statement, arguments: [size - 1]).flatMap { RecordDigest($0) } ?? .zero
    }
    state.headCount = kept.count
    state.heads = kept.reduce(.zero) { $1.headsChain(after: $0) }
    state.sizeOfLastHead = kept.last.flatMap { TreeHead($0.text)?.size } ?? 0
    if let tip = try HeadRow.tip(in: database) {
      // With another key anybody who can write to the file could have a past of their own signed from now on.
      guard tip.publicKey == key.publicKey else {
        throw RecordTampered(
          why: "its tip is signed by another key than \(key.id): put the key back that the record was written with")
      }
      guard let head = tip.head(signedBy: key.publicKey) else { throw RecordTampered(why: "its tip is not signed") }
      state.log = head.log
      guard state.head(at: head.at, key: head.key) == head else {
        throw RecordTampered(why: "its journal is not the one that was signed")
      }
    } else {
      guard kept.isEmpty else { throw RecordTampered(why: "its tip is missing") }
      state.log = (0..<4).map { _ in String(format: "%08x", UInt32.random(in: 0...UInt32.max)) }.joined()
      try HeadRow.setTip(try key.sign(state.head(at: at, key: key.id)), in: database)
    }
    progress = Mutex(Progress(committed: state))
  }

  /// Adds an entry; ``seal(at:keepingHead:in:)`` has to follow before the transaction ends.
  @discardableResult
  func append(_ event: RecordedEvent, in database: Database) throws -> RecordEntry {
    var state = working(in: database)
    let entry = try state.append(event, in: database)
    progress.withLock { progress in
      progress.working = state
      if event.isClosure, let consultation = event.consultation {
        progress.hasClosure = true
        progress.lines.append("{\"closed\":\"\(consultation)\",\"at\":\(event.at.milliseconds)}")
      }
      if event.event == RecordedEvent.accountErased, let account = event.erasedAccount {
        progress.lines.append("{\"erased\":\"\(account)\",\"at\":\(event.at.milliseconds)}")
      }
    }
    return entry
  }

  /// Signs what the log has become. A head is kept, to be exported, if a consultation was closed, or on demand.
  ///
  /// - Parameters:
  ///   - at: milliseconds.
  ///   - keepingHead: whether to keep a head if there are entries that the last one does not cover.
  /// - Returns: whether there is something to export.
  @discardableResult
  func seal(at: Int64, keepingHead: Bool = false, in database: Database) throws -> Bool {
    let (hasWritten, lines, hasClosure) = progress.withLock { ($0.working != nil, $0.lines, $0.hasClosure) }
    guard hasWritten || keepingHead else { return false }
    var state = working(in: database)
    let keepsHead = hasClosure || (keepingHead && state.frontier.size > state.sizeOfLastHead)
    if keepsHead {
      let head = try key.sign(state.head(at: at, key: key.id))
      try HeadRow.keep(head, number: state.headCount, in: database)
      state.heads = head.headsChain(after: state.heads)
      state.headCount += 1
      state.sizeOfLastHead = state.frontier.size
    }
    for line in lines { try ExportRow.add(line, in: database) }
    guard hasWritten || keepsHead else { return false }
    try HeadRow.setTip(try key.sign(state.head(at: at, key: key.id)), in: database)
    progress.withLock { progress in
      progress.working = state
      progress.lines = []
      progress.hasClosure = false
    }
    return keepsHead || !lines.isEmpty
  }

  /// Where the transaction stands; from the first call on it is followed to its end.
  private func working(in database: Database) -> RecordState {
    let (state, isNew) = progress.withLock { progress in
      let isNew = progress.working == nil
      let state = progress.working ?? progress.committed
      progress.working = state
      return (state, isNew)
    }
    if isNew {
      database.afterNextTransaction { [self] _ in
        finish { progress in
          if let state = progress.working { progress.committed = state }
        }
      } onRollback: { [self] _ in
        finish { _ in }
      }
    }
    return state
  }

  private func finish(_ change: (inout Progress) -> Void) {
    progress.withLock { progress in
      change(&progress)
      progress.working = nil
      progress.lines = []
      progress.hasClosure = false
    }
  }
}

import Foundation
import Rooms

/// A thread of its own that makes whatever waits durable, all of it in one transaction.
///
/// While one batch is on its way to the disk the next one gathers, so the cost of a flush is shared by everybody who
/// waited meanwhile, and nobody waits for a timer.
public final class GroupCommit: @unchecked Sendable {
  /// Called on the committing thread with a batch that was decided, in the order of submission.
  public typealias Deliver = @Sendable (_ decided: [Decision]) -> Void
  /// Called on the committing thread when so many submissions were made durable, which took so long.
  public typealias Observe = @Sendable (_ count: Int, _ duration: Duration) -> Void

  /// How many submissions go into one transaction at the most.
  static let batchLimit = 1_024
  /// How many may wait. Whoever comes then is refused with `unavailable`, so that a stuck disk does not fill the memory.
  static let waitingLimit = 65_536

  /// Seconds until the store is asked again to scrub, if it could not.
  private static let scrubInterval: TimeInterval = 1

  private let store: any Store
  private let deliver: Deliver
  private let report: @Sendable (any Error) -> Void
  private let observe: Observe
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var waiting: [Submission] = []
  private var isStopping = false
  private var hasEnded = false

  /// - Parameter report: told of every batch that could not be written, on the committing thread.
  public init(
    store: any Store, deliver: @escaping Deliver, report: @escaping @Sendable (any Error) -> Void,
    observe: @escaping Observe = { _, _ in }
  ) {
    self.store = store
    self.deliver = deliver
    self.report = report
    self.observe = observe
    let thread = Thread { [self] in run() }
    thread.name = "mqm-journal"
    thread.start()
  }

  /// Queues a submission; from any thread, never blocking for the disk.
  public func submit(_ submission: Submission) {
    condition.lock()
    let accepted = !isStopping && waiting.count < Self.waitingLimit
    if accepted {
      waiting.append(submission)
      if waiting.count == 1 { condition.signal() }
    }
    condition.unlock()
    if !accepted { deliver([Decision(submission, .refused(.unavailable))]) }
  }

  /// How many submissions wait for a transaction. From any thread.
  public var waitingCount: Int {
    condition.lock()
    defer { condition.unlock() }
    return waiting.count
  }

  /// Writes what still waits, then ends the thread. Returns when both are done; what comes afterwards is refused.
  public func stop() {
    condition.lock()
    isStopping = true
    condition.broadcast()
    while !hasEnded { condition.wait() }
    condition.unlock()
  }

  private func run() {
    // Something may be left from a process before this one.
    var needsScrub = true
    while let batch = next(within: needsScrub ? Self.scrubInterval : nil) {
      let decisions = decide(batch)
      deliver(decisions)
      if decisions.contains(where: \.outcome.isFinal) { needsScrub = true }
      if needsScrub { needsScrub = !store.scrub() }
    }
    condition.lock()
    hasEnded = true
    condition.broadcast()
    condition.unlock()
  }

  /// What to write next: nothing if nothing came within that time, nil when there is nothing left and no more to come.
  private func next(within limit: TimeInterval?) -> [Submission]? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty {
      if isStopping { return nil }
      guard let limit else {
        condition.wait()
        continue
      }
      if !condition.wait(until: Date(timeIntervalSinceNow: limit)) { return [] }
    }
    let batch = Array(waiting.prefix(Self.batchLimit))
    waiting.removeFirst(batch.count)
    return batch
  }

  private func decide(_ batch: [Submission]) -> [Decision] {
    guard !batch.isEmpty else { return [] }
    do {
      let start = ContinuousClock.now
      let outcomes = try store.decide(batch)
      observe(batch.count, ContinuousClock.now - start)
      return zip(batch, outcomes).map(Decision.init)
    } catch  where batch.count > 1 {
      // One of them may be what the store cannot take; the others shall not suffer for it.
      return batch.flatMap { decide([$0]) }
    } catch {
      report(error)
      return batch.map { Decision($0, .refused(.unavailable)) }
    }
  }
}

extension Outcome {
  fileprivate var isFinal: Bool {
    if case .recorded(let consultation) = self { consultation.state.isFinal } else { false }
  }
}

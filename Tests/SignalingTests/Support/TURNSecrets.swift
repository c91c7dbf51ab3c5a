import Synchronization
import TURN

@testable import Signaling

/// The table `turn_secret` in memory, which understands the statements that the broker writes.
final class TURNSecrets: TURNDatabase {
  struct Failure: Error {}

  private struct State {
    var values: Set<String> = []
    var executed = 0
    var isBroken = false
    /// Whoever waits for the database, while it is slow.
    var waiting: [CheckedContinuation<Void, Never>]?
  }

  private let state = Mutex(State())

  init(_ values: Set<String> = []) {
    state.withLock { $0.values = values }
  }

  var values: Set<String> { state.withLock { $0.values } }
  var executed: Int { state.withLock { $0.executed } }

  /// Whether statements fail, unexecuted.
  func setBroken(_ isBroken: Bool) {
    state.withLock { $0.isBroken = isBroken }
  }

  /// From now on nothing is done, until ``goOn()``.
  func hold() {
    state.withLock { $0.waiting = [] }
  }

  func goOn() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      return state.waiting ?? []
    }
    for each in waiting { each.resume() }
  }

  func execute(_ statements: String) async throws {
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        state.waiting?.append(continuation)
        return state.waiting != nil
      }
      if !isHeld { continuation.resume() }
    }
    try state.withLock { state in
      state.executed += 1
      guard !state.isBroken else { throw Failure() }
      for line in statements.split(separator: "\n") {
        let texts = line.split(separator: "'", omittingEmptySubsequences: false)
        if line.contains("LIKE") {
          let prefix = texts[3].dropLast()
          state.values = state.values.filter { !$0.hasPrefix(prefix) }
        } else if line.hasPrefix("DELETE") {
          state.values.remove(String(texts[3]))
        } else if line.hasPrefix("INSERT") {
          state.values.insert(String(texts[3]))
        }
      }
    }
  }
}

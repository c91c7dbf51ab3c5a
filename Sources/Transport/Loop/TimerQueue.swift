import Glibc

/// A timer that was scheduled on an event loop. Belongs to the loop's thread.
public final class TimerToken: @unchecked Sendable {
  fileprivate let deadline: UInt64
  fileprivate let sequence: UInt64
  fileprivate var work: (() -> Void)?
  private weak var queue: TimerQueue?

  fileprivate init(deadline: UInt64, sequence: UInt64, work: @escaping () -> Void, queue: TimerQueue) {
    self.deadline = deadline
    self.sequence = sequence
    self.work = work
    self.queue = queue
  }

  /// Whether it has neither fired nor been cancelled.
  public var isPending: Bool { work != nil }

  /// Makes sure that it does not fire (any more), and frees its closure at once.
  public func cancel() {
    guard work != nil else { return }
    work = nil
    queue?.cancelled()
  }

  fileprivate func precedes(_ other: TimerToken) -> Bool {
    deadline != other.deadline ? deadline < other.deadline : sequence < other.sequence
  }
}

/// Timers in a binary heap: scheduling and firing cost O(log n), cancelling O(1).
final class TimerQueue {
  private var heap: [TimerToken] = []
  private var cancelledCount = 0
  private var sequence: UInt64 = 0

  /// `deadline` in nanoseconds of the monotonic clock. Timers with the same deadline fire in the order of scheduling.
  func schedule(at deadline: UInt64, _ work: @escaping () -> Void) -> TimerToken {
    sequence &+= 1
    let token = TimerToken(deadline: deadline, sequence: sequence, work: work, queue: self)
    heap.append(token)
    siftUp(from: heap.count - 1)
    return token
  }

  /// Milliseconds from `now` to the first timer, rounded up; -1 without timers.
  func milliseconds(from now: UInt64) -> Int32 {
    while let first = heap.first, first.work == nil { removeFirst() }
    guard let first = heap.first else { return -1 }
    guard first.deadline > now else { return 0 }
    return Int32(clamping: (first.deadline - now + 999_999) / 1_000_000)
  }

  /// Runs the timers that are due. One that is scheduled by another waits for the next turn.
  func fire(until now: UInt64) {
    guard let first = heap.first, first.deadline <= now else { return }
    var due: [TimerToken] = []
    while let first = heap.first, first.deadline <= now {
      removeFirst()
      due.append(first)
    }
    for token in due {
      let work = token.work
      token.work = nil
      work?()
    }
  }

  fileprivate func cancelled() {
    cancelledCount += 1
    // Cancelled timers are left in place until they reach the top, unless they become the majority.
    guard cancelledCount > 64, cancelledCount > heap.count / 2 else { return }
    heap = heap.filter { $0.work != nil }.sorted { $0.precedes($1) }
    cancelledCount = 0
  }

  private func removeFirst() {
    if heap[0].work == nil, cancelledCount > 0 { cancelledCount -= 1 }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    siftDown()
  }

  private func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private func siftDown() {
    var parent = 0
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[first]) {
        first = child
      }
      guard first != parent else { return }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}

/// Nanoseconds of the monotonic clock; no system call (vDSO).
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}

extension Duration {
  /// Whole nanoseconds, 0 if negative, at most 292 years.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? UInt64(Int64.max) : min(product &+ UInt64(attoseconds / 1_000_000_000), UInt64(Int64.max))
  }

  /// Whole seconds, rounded up, at least 1.
  var wholeSeconds: Int32 {
    max(1, Int32(clamping: (nanoseconds &+ 999_999_999) / 1_000_000_000))
  }
}

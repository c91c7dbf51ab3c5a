import Histogram
import Transport

/// What is to happen in a run, and when. Belongs to the event loop's thread.
final class Timetable {
  private let loop: EventLoop
  /// How late this program's own timers were: when it is, the figures say more about it than about the broker.
  private(set) var lag = Recorder.empty()
  /// Those that may be pending; the others are let go when there are `limit` of them.
  private var timers: [TimerToken] = []
  private var limit = Timetable.leastLimit
  private var isOver = false

  private static let leastLimit = 4_096

  init(_ loop: EventLoop) {
    self.loop = loop
  }

  /// Runs `work` at that time of the monotonic clock, and tells it that time.
  func schedule(at due: UInt64, _ work: @escaping (UInt64) -> Void) {
    let now = MonotonicTime.nanoseconds
    timers.append(
      loop.schedule(after: .nanoseconds(Int64(due > now ? due - now : 0))) { [self] in
        guard !isOver else { return }
        lag.record(Recorder.microseconds(from: max(due, now), to: MonotonicTime.nanoseconds))
        work(due)
      })
    guard timers.count >= limit else { return }
    timers.removeAll { !$0.isPending }
    limit = max(Self.leastLimit, timers.count * 2)
  }

  /// The run is over: nothing happens any more, neither what is in it nor what is put in later.
  func end() {
    isOver = true
    for timer in timers { timer.cancel() }
  }
}

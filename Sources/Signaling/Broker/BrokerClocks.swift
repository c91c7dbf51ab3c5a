import Foundation
import Logging
import MQMSessions
import Rooms
import Transport

/// Time, and what becomes due in it.
extension Broker {
  /// The clocks that a broker goes by.
  public struct Clock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let wall: @Sendable () -> Int64
    /// Milliseconds since any moment, that nobody can set, counted also while the machine sleeps.
    let steady: @Sendable () -> Int64

    public init(wall: @escaping @Sendable () -> Int64, steady: @escaping @Sendable () -> Int64) {
      self.wall = wall
      self.steady = steady
    }

    /// Both, at the same moment: a pause between the two would look like a clock that was set.
    func read() -> (wall: Int64, steady: Int64) {
      var before = steady()
      while true {
        let wall = wall()
        let after = steady()
        if after - before <= Self.simultaneous { return (wall, after) }
        before = after
      }
    }

    /// Milliseconds within which two readings are of the same moment.
    private static let simultaneous: Int64 = 50

    /// The machine's.
    public static let system = Clock(
      wall: { milliseconds(CLOCK_REALTIME) }, steady: { milliseconds(CLOCK_BOOTTIME) })

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
      var time = timespec()
      clock_gettime(clock, &time)
      return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
  }

  /// Four times a second: a deadline is at most that late (CU-6.2).
  func watchDeadlines() {
    let moment = moment()
    // Until a step of the clock is on record the hall's deadlines are not those of this clock.
    if clockStepsUnderWay == 0, let due = hall.nextDue, due <= moment.now { perform(hall.tick(at: moment)) }
    _ = loop.schedule(after: .milliseconds(250)) { [weak self] in
      self?.assumeIsolated { broker in if !broker.isDraining { broker.watchDeadlines() } }
    }
  }

  /// The system's clock was set: what is recorded from now on has the new time, and deadlines move along.
  func clockWasSet(byMilliseconds step: Int64, at now: Int64) {
    log.warning("the system's clock was set", metadata: ["by_ms": "\(step)"])
    clockStepsUnderWay += 1
    submit(Proposal(origin: .clock, change: .clockStepped(byMilliseconds: step)), at: Instant(milliseconds: now))
  }

  /// If the record could not be written just then it is asked again: deadlines are wrong until it can.
  func clockStepDecided(_ decision: Decision) {
    guard decision.outcome == .refused(.unavailable) else {
      clockStepsUnderWay -= 1
      return
    }
    isClockStepWaiting = true
    _ = loop.schedule(after: .seconds(1)) { [weak self] in
      self?.assumeIsolated { broker in
        broker.isClockStepWaiting = false
        broker.submit(decision.submission.proposal, at: decision.submission.at)
      }
    }
  }
}

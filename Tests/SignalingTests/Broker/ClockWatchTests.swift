import Synchronization
import Testing

@testable import Signaling

/// Whether somebody set the system's clock.
struct ClockWatchTests {
  /// The steps that are noticed when a clock that nobody can set runs from look to look, and the system's beside it.
  private func steps(_ looks: [(wall: Int64, steady: Int64)]) -> [Int64?] {
    var watch = ClockWatch()
    return looks.map { watch.look(wall: $0.wall, steady: $0.steady) }
  }

  @Test("The first look notices nothing, nor do clocks that run alike, however long nobody looked (CU-6.2)")
  func alike() {
    #expect(steps([(1_000_000, 5), (1_000_250, 255), (99_000_000, 98_000_005)]) == [nil, nil, nil])
  }

  @Test("A clock that is set forward or back is noticed once, by the milliseconds it was set by (CU-6.2)")
  func set() {
    #expect(steps([(1_000, 0), (3_601_250, 250), (3_601_500, 500)]) == [nil, 3_600_000, nil])
    #expect(steps([(10_000_000, 0), (6_400_250, 250), (6_400_500, 500)]) == [nil, -3_600_000, nil])
    #expect(steps([(1_000, 0), (11_000, 0), (1_000, 0)]) == [nil, 10_000, -10_000])
  }

  @Test("Half a second between two looks is left to slow corrections, a millisecond more is a step (CU-6.2)")
  func tolerance() {
    #expect(ClockWatch.tolerance == 500)
    #expect(steps([(0, 0), (1_500, 1_000), (2_000, 2_000)]) == [nil, nil, nil])
    #expect(steps([(0, 0), (1_501, 1_000)]) == [nil, 501])
    #expect(steps([(0, 0), (499, 1_000)]) == [nil, -501])
  }

  @Test("A change of daylight saving time is no step: neither clock knows of it (CU-6.2)")
  func daylightSaving() {
    // 2027-03-28, a second before and after 01:00 UTC.
    let change: Int64 = 1_806_195_600_000
    #expect(steps([(change - 1_000, 50_000), (change + 1_000, 52_000)]) == [nil, nil])
  }

  @Test("A pause of the process between reading the two clocks is no step (CU-6.2)")
  func pause() {
    let time = Mutex<(now: Int64, hasSlept: Bool)>((5_000, false))
    let clock = Broker.Clock(
      wall: {
        time.withLock { time in
          defer { if !time.hasSlept { time = (time.now + 1_000, true) } }
          return time.now + 1_795_399_200_000
        }
      }, steady: { time.withLock { $0.now } })
    var watch = ClockWatch()
    _ = watch.look(wall: 1_795_399_200_000, steady: 0)
    let read = clock.read()
    #expect(read == (1_795_399_206_000, 6_000))
    #expect(watch.look(wall: read.wall, steady: read.steady) == nil)
  }

  @Test("The machine's clocks run, and the steady one never back")
  func machine() {
    let clock = Broker.Clock.system
    let before = clock.steady()
    #expect(clock.wall() > 1_700_000_000_000)
    #expect(clock.steady() >= before)
  }
}

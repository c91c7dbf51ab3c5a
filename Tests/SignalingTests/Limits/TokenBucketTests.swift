import Rooms
import Testing

@testable import Signaling

/// How many messages a connection may send.
struct TokenBucketTests {
  private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

  /// Takes tokens at these times, and tells what each brought.
  private func take(perSecond: Int, burst: Int, at times: [Int64]) -> [Int64?] {
    var bucket = TokenBucket(.init(perSecond: perSecond, burst: burst), now: at(1_000))
    return times.map { bucket.take(1, at: at($0)) }
  }

  @Test(
    "a burst at once, then so many each second, and a time to wait for the rest",
    arguments: [
      (10, 2, [1_000, 1_000, 1_000], [nil, nil, 100]),
      (10, 1, [1_000, 1_099, 1_100], [nil, 1, nil]),
      (10, 1, [1_000, 1_050, 1_100, 1_100], [nil, 50, nil, 100]),
      (1, 1, [1_000, 1_001, 2_000], [nil, 999, nil]),
      (3, 1, [1_000, 1_000], [nil, 334]),
      (1_000, 1, [1_000, 1_000], [nil, 1]),
      // Rest fills it up to the burst, not further.
      (10, 2, [1_000, 1_000, 9_000, 9_000, 9_000], [nil, nil, nil, nil, 100]),
    ] as [(Int, Int, [Int64], [Int64?])])
  func table(_ perSecond: Int, _ burst: Int, _ times: [Int64], _ expected: [Int64?]) {
    #expect(take(perSecond: perSecond, burst: burst, at: times) == expected)
  }

  @Test("a clock that is set back gives nothing and takes nothing")
  func clockSetBack() {
    #expect(take(perSecond: 10, burst: 1, at: [1_000, 0, 0, 100]) == [nil, 100, 100, nil])
  }

  @Test("several are taken at once, all or none, and more than ever come cost all")
  func several() {
    var bucket = TokenBucket(.init(perSecond: 10, burst: 100), now: at(0))
    #expect(bucket.take(60, at: at(0)) == nil)
    #expect(bucket.take(60, at: at(0)) == 2_000)
    #expect(bucket.take(40, at: at(0)) == nil)
    #expect(!bucket.isFull(at: at(9_999)) && bucket.isFull(at: at(10_000)))
    #expect(bucket.take(1_000_000, at: at(10_000)) == nil)
    #expect(bucket.take(1, at: at(10_000)) == 100)
  }

  @Test("whoever waits as long as told is let through")
  func waitIsEnough() {
    for perSecond in [1, 3, 7, 100, 999] {
      var bucket = TokenBucket(.init(perSecond: perSecond, burst: 1), now: at(0))
      #expect(bucket.take(1, at: at(0)) == nil)
      let wait = bucket.take(1, at: at(0))
      #expect(wait.map { bucket.take(1, at: at($0)) } == .some(nil), "\(perSecond)")
    }
  }
}

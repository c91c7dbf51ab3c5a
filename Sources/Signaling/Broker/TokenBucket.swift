import Rooms

/// Allows so many messages for each second on average, and a burst at once.
struct TokenBucket {
  /// Tokens are counted in thousandths: so many of them come in each millisecond.
  private let perMillisecond: Int64
  private let capacity: Int64
  private var thousandths: Int64
  private var filledAt: Instant

  init(perSecond: Int, burst: Int, now: Instant) {
    perMillisecond = Int64(perSecond)
    capacity = Int64(burst) * 1_000
    thousandths = capacity
    filledAt = now
  }

  /// Takes one token.
  ///
  /// - Returns: nil if there was one, otherwise after how many milliseconds there will be.
  mutating func take(at now: Instant) -> Int64? {
    // A clock that was set back gives nothing and takes nothing.
    let elapsed = max(0, now.milliseconds - filledAt.milliseconds)
    let untilFull = capacity / perMillisecond + 1
    thousandths = min(capacity, thousandths + min(elapsed, untilFull) * perMillisecond)
    filledAt = now
    if thousandths >= 1_000 {
      thousandths -= 1_000
      return nil
    }
    return (1_000 - thousandths + perMillisecond - 1) / perMillisecond
  }
}

import Rooms

/// Allows so many tokens for each second on average, and a burst at once.
struct TokenBucket {
  /// Tokens are counted in thousandths: so many of them come in each millisecond.
  private let perMillisecond: Int64
  private let capacity: Int64
  private var thousandths: Int64
  private var filledAt: Instant

  init(_ rate: TrafficLimits.Rate, now: Instant) {
    perMillisecond = Int64(rate.perSecond)
    capacity = Int64(rate.burst) * 1_000
    thousandths = capacity
    filledAt = now
  }

  /// Takes so many tokens; what is more than the burst counts as the burst.
  ///
  /// - Returns: nil if there were so many, otherwise after how many milliseconds there will be.
  mutating func take(_ count: Int, at now: Instant) -> Int64? {
    // Many messages come within one millisecond.
    if now != filledAt {
      thousandths = content(at: now)
      filledAt = now
    }
    let price = min(Int64(count) * 1_000, capacity)
    if thousandths >= price {
      thousandths -= price
      return nil
    }
    return (price - thousandths + perMillisecond - 1) / perMillisecond
  }

  func isFull(at now: Instant) -> Bool { content(at: now) == capacity }

  private func content(at now: Instant) -> Int64 {
    // A clock that was set back gives nothing and takes nothing.
    let elapsed = max(0, now.milliseconds - filledAt.milliseconds)
    let untilFull = capacity / perMillisecond + 1
    return min(capacity, thousandths + min(elapsed, untilFull) * perMillisecond)
  }
}

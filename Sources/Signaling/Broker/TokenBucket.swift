import Rooms

/// Allows so many messages for each second on average, and a burst at once.
struct TokenBucket {
  private let perSecond: Double
  private let capacity: Double
  private var tokens: Double
  private var filledAt: Instant

  init(perSecond: Int, burst: Int, now: Instant) {
    self.perSecond = Double(perSecond)
    capacity = Double(burst)
    tokens = capacity
    filledAt = now
  }

  /// Takes one token.
  ///
  /// - Returns: nil if there was one, otherwise after how many milliseconds there will be.
  mutating func take(at now: Instant) -> Int64? {
    // A clock that was set back gives nothing and takes nothing.
    let elapsed = max(0, now.milliseconds - filledAt.milliseconds)
    tokens = min(capacity, tokens + Double(elapsed) / 1_000 * perSecond)
    filledAt = now
    if tokens >= 1 {
      tokens -= 1
      return nil
    }
    return Int64(((1 - tokens) / perSecond * 1_000).rounded(.up))
  }
}

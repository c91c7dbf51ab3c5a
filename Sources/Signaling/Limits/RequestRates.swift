import Accounts
import Rooms

/// HTTP requests of each address.
struct RequestRates {
  private let rate: TrafficLimits.Rate
  private var buckets: [RemoteAddress: TokenBucket] = [:]
  /// Of how many addresses it keeps account; all further ones share one.
  private static let limit = 65_536

  init(_ rate: TrafficLimits.Rate) {
    self.rate = rate
  }

  /// - Returns: nil if the request may be looked at, otherwise after how many milliseconds.
  mutating func take(_ address: RemoteAddress, at now: Instant) -> Int64? {
    let key = buckets.count < Self.limit || buckets[address] != nil ? address : .unknown
    return buckets[key, default: TokenBucket(rate, now: now)].take(1, at: now)
  }

  /// Forgets those that would begin anew as they are.
  mutating func sweep(at now: Instant) {
    buckets = buckets.filter { !$0.value.isFull(at: now) }
  }
}

import Rooms

/// What a connection, or all connections of an account or an address together, may still send.
final class Allowance {
  private var messages: TokenBucket
  private var bytes: TokenBucket
  /// How many connections share it.
  fileprivate(set) var holders = 0

  init(_ traffic: TrafficLimits.Traffic, now: Instant) {
    messages = TokenBucket(traffic.messages, now: now)
    bytes = TokenBucket(traffic.bytes, now: now)
  }

  /// Takes a message of that many bytes.
  ///
  /// - Returns: nil if it may be sent now, otherwise after how many milliseconds.
  func take(bytes count: Int, at now: Instant) -> Int64? {
    let wait = bytes.take(count, at: now)
    return messages.take(1, at: now) ?? wait
  }

  /// Whether it is as if nothing had ever been sent.
  fileprivate func isUntouched(at now: Instant) -> Bool { messages.isFull(at: now) && bytes.isFull(at: now) }
}

/// The allowances of whoever has connections, or had them a short while ago: nobody gets a new one by coming again.
struct AllowanceTable<Key: Hashable> {
  private let traffic: TrafficLimits.Traffic
  private var allowances: [Key: Allowance] = [:]

  init(_ traffic: TrafficLimits.Traffic) {
    self.traffic = traffic
  }

  /// How many are known.
  var count: Int { allowances.count }

  /// How many connections of theirs there are.
  func holders(_ key: Key) -> Int { allowances[key]?.holders ?? 0 }

  /// For a new connection; ``release(_:)`` has to follow when it is gone.
  mutating func hold(_ key: Key, at now: Instant) -> Allowance {
    let allowance = allowances[key] ?? Allowance(traffic, now: now)
    allowances[key] = allowance
    allowance.holders += 1
    return allowance
  }

  mutating func release(_ key: Key) {
    allowances[key]?.holders -= 1
  }

  /// Forgets those that nobody holds, and that would begin anew as they are.
  mutating func sweep(at now: Instant) {
    allowances = allowances.filter { $0.value.holders > 0 || !$0.value.isUntouched(at: now) }
  }
}

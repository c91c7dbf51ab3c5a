public import CoreMetrics

/// Counters of one name, by the value of their label. All of them are made at once, so that each is read as 0 before it is
/// counted up for the first time.
public struct CounterTable<Key: Hashable & Sendable>: Sendable {
  private let counters: [Key: Counter]
  private let other: Counter?

  init(keys: [Key], other: Key? = nil, make: (Key) -> Counter) {
    counters = Dictionary(keys.map { ($0, make($0)) }, uniquingKeysWith: { first, _ in first })
    self.other = other.map(make)
  }

  /// Counts one.
  public func count(_ key: Key) { self[key]?.increment() }

  /// To be kept by those who count often. Nil if there is none for this value, nor for others.
  public subscript(key: Key) -> Counter? { counters[key] ?? other }
}

import CLibwebsockets
import Glibc

/// Counts connections, those on which no request is complete yet, and both for each address, so that nobody takes all the room.
struct ConnectionCounts {
  /// An address as far as it tells subscribers apart: one of IPv4, or the first 64 bits of one of IPv6 (RFC 6177).
  struct Source: Hashable {
    private let bits: UInt64

    /// - Parameter text: as `inet_ntop` writes it. What is no address counts as one source.
    init(_ text: String) {
      var four = in_addr()
      var six = in6_addr()
      if inet_pton(AF_INET, text, &four) == 1 {
        bits = UInt64(four.s_addr)
      } else if inet_pton(AF_INET6, text, &six) == 1 {
        // A subscriber's network does not begin with 32 zero bits, so it is never taken for an address of IPv4.
        bits = withUnsafeBytes(of: six) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
      } else {
        bits = 0
      }
    }
  }

  private struct Count {
    var all = 0
    var halfOpen = 0
  }

  private let limit: Int
  private let limitPerAddress: Int
  private let limitHalfOpen: Int
  private(set) var all = 0
  private(set) var halfOpen = 0
  private var bySource: [Source: Count] = [:]

  init(limit: Int, perAddress: Int, halfOpen: Int) {
    self.limit = limit
    limitPerAddress = perAddress
    limitHalfOpen = halfOpen
  }

  /// A connection is accepted.
  ///
  /// - Parameter source: nil for a proxy, which is not counted by its address.
  /// - Returns: the limit that it would break; then it does not count.
  mutating func begin(_ source: Source?) -> ServerEvent.Limit? {
    guard all < limit else { return .connections }
    guard halfOpen < limitHalfOpen else { return .halfOpen }
    if let source {
      let present = bySource[source] ?? Count()
      guard present.all < limitPerAddress else { return .connectionsPerAddress }
      guard present.halfOpen < max(1, limitHalfOpen / 8) else { return .halfOpen }
      bySource[source] = Count(all: present.all + 1, halfOpen: present.halfOpen + 1)
    }
    all += 1
    halfOpen += 1
    return nil
  }

  /// A request is complete on it, the first one.
  mutating func open(_ source: Source?) {
    halfOpen -= 1
    if let source { bySource[source]?.halfOpen -= 1 }
  }

  /// It is gone.
  mutating func end(_ source: Source?, wasOpen: Bool) {
    all -= 1
    if !wasOpen { halfOpen -= 1 }
    guard let source, var count = bySource[source] else { return }
    count.all -= 1
    if !wasOpen { count.halfOpen -= 1 }
    bySource[source] = count.all > 0 ? count : nil
  }
}

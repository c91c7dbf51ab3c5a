import Testing

@testable import Transport

struct ConnectionCountsTests {
  private typealias Source = ConnectionCounts.Source

  @Test("Subscribers are told apart, by whole addresses of IPv4 and networks of 64 bits of IPv6 (RFC 6177)")
  func sources() {
    #expect(Source("192.0.2.1") != Source("192.0.2.2"))
    #expect(Source("2001:db8:0:1::1") == Source("2001:db8:0:1:ffff:ffff:ffff:ffff"))
    #expect(Source("2001:db8:0:1::1") != Source("2001:db8:0:2::1"))
    #expect(Source("") == Source("no address"))
  }

  @Test("Each limit holds by itself, and what is gone makes room")
  func limits() {
    var counts = ConnectionCounts(limit: 100, perAddress: 10, halfOpen: 64)
    let one = Source("192.0.2.1")
    for _ in 0..<8 { #expect(counts.begin(one) == nil) }
    #expect(counts.begin(one) == .halfOpen, "an eighth of them from one address")
    for _ in 0..<8 { counts.open(one) }
    #expect(counts.begin(one) == nil)
    counts.open(one)
    #expect(counts.begin(one) == nil)
    counts.open(one)
    #expect(counts.begin(one) == .connectionsPerAddress)
    counts.end(one, wasOpen: true)
    #expect(counts.begin(one) == nil)
    #expect(counts.all == 10 && counts.halfOpen == 1)

    for number in 0..<63 { #expect(counts.begin(Source("198.51.100.\(number)")) == nil) }
    #expect(counts.begin(Source("203.0.113.1")) == .halfOpen)
    for number in 0..<63 { counts.open(Source("198.51.100.\(number)")) }
    for number in 0..<27 { #expect(counts.begin(Source("203.0.113.\(number)")) == nil) }
    #expect(counts.begin(Source("203.0.113.99")) == .connections)
    counts.end(Source("203.0.113.0"), wasOpen: false)
    #expect(counts.all == 99 && counts.halfOpen == 27)
  }

  @Test("Proxies are not counted by their address")
  func proxies() {
    var counts = ConnectionCounts(limit: 100, perAddress: 1, halfOpen: 16)
    for _ in 0..<16 { #expect(counts.begin(nil) == nil) }
    #expect(counts.begin(nil) == .halfOpen)
  }
}

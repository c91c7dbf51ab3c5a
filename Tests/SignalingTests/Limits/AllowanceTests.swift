import Accounts
import Rooms
import Testing

@testable import Signaling

struct AllowanceTests {
  private static let traffic = TrafficLimits.Traffic(
    messages: .init(perSecond: 10, burst: 20), bytes: .init(perSecond: 1_000, burst: 5_000))

  private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

  @Test("messages and bytes are both counted, and the one that runs out first decides")
  func both() {
    let allowance = Allowance(Self.traffic, now: at(0))
    for _ in 0..<20 { #expect(allowance.take(bytes: 1, at: at(0)) == nil) }
    #expect(allowance.take(bytes: 1, at: at(0)) == 100)
    let other = Allowance(Self.traffic, now: at(0))
    #expect(other.take(bytes: 5_000, at: at(0)) == nil)
    #expect(other.take(bytes: 500, at: at(0)) == 500)
  }

  @Test("all connections of one account share what it may send, and coming again brings nothing new")
  func shared() {
    var table = AllowanceTable<PersonID>(Self.traffic)
    let person = PersonID(high: 1, low: 1)
    let first = table.hold(person, at: at(0))
    let second = table.hold(person, at: at(0))
    #expect(table.holders(person) == 2)
    for _ in 0..<20 { _ = first.take(bytes: 1, at: at(0)) }
    #expect(second.take(bytes: 1, at: at(0)) != nil)
    table.release(person)
    table.release(person)
    table.sweep(at: at(0))
    #expect(table.hold(person, at: at(0)).take(bytes: 1, at: at(0)) != nil)
    #expect(table.hold(PersonID(high: 1, low: 2), at: at(0)).take(bytes: 1, at: at(0)) == nil)
  }

  @Test("who has been quiet for long is forgotten, and who is there never")
  func sweep() {
    var table = AllowanceTable<Int>(Self.traffic)
    for key in 0..<100 { _ = table.hold(key, at: at(0)).take(bytes: 1, at: at(0)) }
    for key in 1..<100 { table.release(key) }
    table.sweep(at: at(50))
    #expect(table.count == 100)
    table.sweep(at: at(60_000))
    #expect(table.count == 1 && table.holders(0) == 1)
  }

  @Test("addresses have requests of their own; those beyond the many that are known share what is left")
  func requests() {
    var rates = RequestRates(.init(perSecond: 1, burst: 2))
    let one = RemoteAddress("192.0.2.1")
    #expect(rates.take(one, at: at(0)) == nil)
    #expect(rates.take(one, at: at(0)) == nil)
    #expect(rates.take(one, at: at(0)) == 1_000)
    #expect(rates.take(RemoteAddress("192.0.2.2"), at: at(0)) == nil)
    // Two of one subscriber's addresses are one (RFC 6177).
    #expect(rates.take(RemoteAddress("2001:db8:0:1::1"), at: at(0)) == nil)
    #expect(rates.take(RemoteAddress("2001:db8:0:1:ffff::2"), at: at(0)) == nil)
    #expect(rates.take(RemoteAddress("2001:db8:0:1::3"), at: at(0)) != nil)
    for number in UInt32(0)..<70_000 { _ = rates.take(.ipv4(0x0a00_0000 + number), at: at(0)) }
    #expect(rates.take(.ipv4(0x0b00_0000), at: at(0)) != nil)
    rates.sweep(at: at(60_000))
    #expect(rates.take(.ipv4(0x0b00_0001), at: at(60_000)) == nil)
  }
}

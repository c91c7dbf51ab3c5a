import Accounts
import Testing

@Suite("Remote addresses, for counting guesses")
struct RemoteAddressTests {
  @Test(
    "An address is IPv4, or the first 64 bits of IPv6",
    arguments: [
      ("192.0.2.1", RemoteAddress.ipv4(0xc000_0201)), ("::ffff:192.0.2.1", .ipv4(0xc000_0201)),
      ("2001:db8:1:2:3:4:5:6", .ipv6Network(0x2001_0db8_0001_0002)),
      ("2001:db8:1:2::", .ipv6Network(0x2001_0db8_0001_0002)), ("fe80::1%eth0", .ipv6Network(0xfe80_0000_0000_0000)),
      ("::1", .ipv6Network(0)), ("", .unknown), ("192.0.2", .unknown), ("a peer", .unknown),
    ])
  func reading(text: String, address: RemoteAddress) {
    #expect(RemoteAddress(text) == address)
  }
}

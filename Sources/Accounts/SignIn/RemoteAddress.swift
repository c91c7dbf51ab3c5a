import Foundation

/// From where somebody signs in, as far as it matters for counting guesses: an IPv4 address, or the first 64 bits of an
/// IPv6 address, which is what one subscriber has (RFC 6177).
public enum RemoteAddress: Hashable, Sendable {
  /// In network byte order, first byte highest.
  case ipv4(UInt32)
  /// The upper half.
  case ipv6Network(UInt64)
  /// Not an IP address, such as a Unix socket's peer. All of these count as one.
  case unknown

  /// Reads the usual notations (RFC 4291 section 2.2), with or without a zone (`%eth0`). An IPv4 address mapped into
  /// IPv6 counts as IPv4.
  public init(_ text: String) {
    let address = text.prefix { $0 != "%" }
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, String(address), &four) == 1 {
      self = .ipv4(UInt32(bigEndian: four.s_addr))
    } else if inet_pton(AF_INET6, String(address), &six) == 1 {
      self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
    } else {
      self = .unknown
    }
  }

  private init(bytes: [UInt8]) {
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let isMappedIPv4 = number(0..<8) == 0 && number(8..<12) == 0xffff
    self = isMappedIPv4 ? .ipv4(UInt32(number(12..<16))) : .ipv6Network(number(0..<8))
  }
}

/// An IP address and a port.
public struct TransportAddress: Equatable, Sendable {
  /// 4 bytes, or 16.
  public let address: [UInt8]
  public let port: UInt16

  public enum Family: String, Sendable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"
  }

  /// - Returns: nil unless `address` has 4 or 16 bytes.
  public init?(address: [UInt8], port: UInt16) {
    guard address.count == 4 || address.count == 16 else { return nil }
    self.address = address
    self.port = port
  }

  public var family: Family { address.count == 4 ? .ipv4 : .ipv6 }

  /// Reads the value of an XOR-MAPPED-ADDRESS or of one like it (RFC 8489, section 14.2).
  init?(xored value: [UInt8], transaction: STUNMessage.TransactionID) {
    guard value.count >= 4 else { return nil }
    switch (value[1], value.count) {
    case (1, 8), (2, 20): break
    default: return nil
    }
    let mask = STUNMessage.magicCookie + transaction
    port = UInt16(value[2] ^ mask[0]) << 8 | UInt16(value[3] ^ mask[1])
    address = zip(value[4...], mask).map { $0 ^ $1 }
  }

  /// As the value of such an attribute.
  func xored(transaction: STUNMessage.TransactionID) -> [UInt8] {
    let mask = STUNMessage.magicCookie + transaction
    return [0, family == .ipv4 ? 1 : 2, UInt8(port >> 8) ^ mask[0], UInt8(port & 0xFF) ^ mask[1]]
      + zip(address, mask).map { $0 ^ $1 }
  }
}

extension TransportAddress: CustomStringConvertible {
  /// `192.0.2.1:3478`, or `[2001:db8:0:0:0:0:0:1]:3478`.
  public var description: String {
    switch family {
    case .ipv4: return address.map(String.init).joined(separator: ".") + ":\(port)"
    case .ipv6:
      let words = stride(from: 0, to: 16, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
      return "[" + words.map { String($0, radix: 16) }.joined(separator: ":") + "]:\(port)"
    }
  }
}

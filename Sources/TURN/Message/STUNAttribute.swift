/// One attribute of a message (RFC 8489, section 14).
public struct STUNAttribute: Equatable, Sendable {
  public let type: UInt16
  /// Without padding.
  public let value: [UInt8]

  public init(type: UInt16, value: [UInt8]) {
    self.type = type
    self.value = value
  }

  public init(_ kind: Kind, _ value: [UInt8]) {
    self.init(type: kind.rawValue, value: value)
  }

  public init(_ kind: Kind, text: String) {
    self.init(kind, Array(text.utf8))
  }

  /// RFC 8489, section 18.3, and RFC 8656, section 18: those that are read or written here.
  public enum Kind: UInt16, Sendable {
    case username = 0x0006
    case messageIntegrity = 0x0008
    case errorCode = 0x0009
    case lifetime = 0x000D
    case realm = 0x0014
    case nonce = 0x0015
    case xorRelayedAddress = 0x0016
    case requestedTransport = 0x0019
    case xorMappedAddress = 0x0020
    case software = 0x8022
  }

  /// UDP, as the transport between relay and peer (RFC 8656, section 18.8).
  public static let overUDP = STUNAttribute(.requestedTransport, [17, 0, 0, 0])

  /// - Parameter seconds: how long an allocation is to live; 0 gives it back (RFC 8656, section 18.2).
  public static func lifetime(seconds: UInt32) -> STUNAttribute {
    STUNAttribute(.lifetime, withUnsafeBytes(of: seconds.bigEndian, Array.init))
  }
}

extension STUNMessage {
  /// Why a request was refused (RFC 8489, section 14.8).
  public struct Refusal: Equatable, Sendable {
    /// 300 to 699.
    public let code: Int
    public let reason: String
  }

  /// The ERROR-CODE; nil if there is none of its form.
  public var refusal: Refusal? {
    guard let value = self[.errorCode], value.count >= 4, (3...6).contains(value[2] & 0x07), value[3] < 100 else {
      return nil
    }
    return Refusal(
      code: Int(value[2] & 0x07) * 100 + Int(value[3]), reason: String(decoding: value[4...], as: UTF8.self))
  }

  /// Where the server saw the request come from (RFC 8489, section 14.2).
  public var mappedAddress: TransportAddress? { address(.xorMappedAddress) }

  /// The address of the allocation at the server (RFC 8656, section 18.5).
  public var relayedAddress: TransportAddress? { address(.xorRelayedAddress) }

  private func address(_ kind: STUNAttribute.Kind) -> TransportAddress? {
    self[kind].flatMap { TransportAddress(xored: $0, transaction: transaction) }
  }
}

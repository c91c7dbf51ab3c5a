public import Foundation

/// Where random bytes come from: ids, salts and tokens. Tests and simulations give a deterministic one.
public struct Entropy: Sendable {
  private let bytes: @Sendable (Int) -> [UInt8]

  /// - Parameter bytes: gives as many bytes as it is asked for; safe to call from any thread.
  public init(_ bytes: @escaping @Sendable (Int) -> [UInt8]) {
    self.bytes = bytes
  }

  /// The operating system's, fit for secrets.
  public static let system = Entropy { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  func bytes(_ count: Int) -> [UInt8] {
    let bytes = bytes(count)
    precondition(bytes.count == count, "the source of randomness gave too few bytes")
    return bytes
  }

  /// A UUID of version 4 (RFC 9562 section 5.4).
  public func uuid() -> UUID {
    var bytes = bytes(16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    return UUID(
      uuid: (
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
        bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
      ))
  }
}

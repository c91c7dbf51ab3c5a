import Crypto
public import Foundation

/// A key under which data keys are wrapped: 256 bits that live apart from every database (CU-12.5). It prints as `•••`.
public struct MasterKey: Sendable {
  /// How many bytes of its name stand before what is wrapped under it.
  static let nameBytes = 8

  let secret: SymmetricKey
  /// The first 8 bytes of SHA-256("mqm master key" ‖ key): says which key it is, and nothing about it.
  public let name: Data

  init(_ secret: SymmetricKey) {
    self.secret = secret
    var digest = SHA256()
    digest.update(data: Data("mqm master key".utf8))
    secret.withUnsafeBytes { digest.update(bufferPointer: $0) }
    name = Data(digest.finalize().prefix(MasterKey.nameBytes))
  }

  /// A new one, from the system's source of randomness.
  public init() {
    self.init(SymmetricKey(size: .bits256))
  }

  /// - Parameter digits: 64 hexadecimal digits.
  init?(digits: some StringProtocol) {
    guard digits.utf8.count == 64 else { return nil }
    var bytes = Data()
    var rest = digits[...]
    while !rest.isEmpty {
      guard rest.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) == true,
        let byte = UInt8(rest.prefix(2), radix: 16)
      else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    self.init(SymmetricKey(data: bytes))
  }

  /// 64 hexadecimal digits: the secret itself.
  var digits: String {
    secret.withUnsafeBytes { bytes in bytes.map { String(format: "%02x", $0) }.joined() }
  }
}

extension MasterKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A password as it is stored: salt, hash, and what it cost.
struct PasswordHash: Sendable {
  static let saltBytes = 16
  static let hashBytes = 32

  let salt: [UInt8]
  let hash: [UInt8]
  let cost: ScryptCost

  /// Compares in a time that depends on nothing but the length.
  func matches(_ other: [UInt8]) -> Bool {
    guard other.count == hash.count else { return false }
    return zip(hash, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

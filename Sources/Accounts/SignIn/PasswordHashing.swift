import Crypto
import CryptoExtras
import Foundation

/// Computes password hashes. There is one in production; tests count how often it works.
protocol PasswordHashing: Sendable {
  /// - Returns: 32 bytes.
  func hash(_ password: Password, salt: [UInt8], cost: ScryptCost) throws -> [UInt8]
}

/// scrypt (RFC 7914).
struct ScryptHashing: PasswordHashing {
  func hash(_ password: Password, salt: [UInt8], cost: ScryptCost) throws -> [UInt8] {
    let key = try KDF.Scrypt.deriveKey(
      from: password.bytes, salt: salt, outputByteCount: PasswordHash.hashBytes,
      rounds: cost.rounds, blockSize: cost.blockSize, parallelism: cost.parallelism)
    return key.withUnsafeBytes { Array($0) }
  }
}

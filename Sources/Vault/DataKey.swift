import Crypto
public import Foundation

/// The key of one consultation's, or one account's, sealed data (CU-1, CU-5.2, CU-12.5). It prints as `•••`.
///
/// What it seals is AES-256-GCM with the owner's id and the purpose authenticated along with it, so that no ciphertext
/// can be moved to another place.
public struct DataKey: Sendable {
  let secret: SymmetricKey
  let owner: String

  /// - Parameter purpose: what it is, such as "health"; the same is needed to open it.
  /// - Returns: 28 bytes more than the plain ones.
  public func seal(_ plain: Data, purpose: String) throws(VaultFailure) -> Data {
    try Sealing.seal(plain, under: secret, as: purpose, of: owner)
  }

  /// - Throws: ``VaultFailure/wrongKey`` if it was sealed for another owner or purpose, or changed.
  public func open(_ sealed: Data, purpose: String) throws(VaultFailure) -> Data {
    try Sealing.open(sealed, under: secret, as: purpose, of: owner)
  }

  /// HMAC-SHA-256 under this key, 32 bytes: what can be recognised by who has the key, and guessed by nobody else.
  public func authenticationCode(for data: Data) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: data, using: secret))
  }
}

extension DataKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// AES-256-GCM with a random nonce: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
enum Sealing {
  /// How many bytes more than the plain ones.
  static let overhead = 28

  static func seal(
    _ plain: Data, under key: SymmetricKey, as purpose: String, of owner: String
  ) throws(VaultFailure) -> Data {
    guard let box = try? AES.GCM.seal(plain, using: key, authenticating: context(purpose, owner)),
      let combined = box.combined
    else { throw .noKey(why: "sealing failed") }
    return combined
  }

  static func open(
    _ sealed: Data, under key: SymmetricKey, as purpose: String, of owner: String
  ) throws(VaultFailure) -> Data {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let plain = try? AES.GCM.open(box, using: key, authenticating: context(purpose, owner))
    else { throw .wrongKey }
    return plain
  }

  private static func context(_ purpose: String, _ owner: String) -> Data {
    Data("mqm \(purpose) \(owner)".utf8)
  }
}

import Crypto
import Foundation

/// Seals health data and secrets under the master key, which is not in the database (CU-1, CU-12.5).
///
/// Each account has a data key of its own, sealed under the master key; what it protects is AES-256-GCM with the
/// account's id and the purpose authenticated along with it, so that no ciphertext can be moved to another place.
struct Vault: Sendable {
  private static let check = Data("mqm vault".utf8)
  /// The check belongs to no account.
  private static let nobody = AccountID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

  private let master: SymmetricKey

  init(_ master: MasterKey) {
    self.master = SymmetricKey(data: master.bytes)
  }

  /// A new data key for an account: to be used with ``seal(_:with:for:purpose:)``, and stored sealed.
  func makeDataKey(for account: AccountID) throws(AccountRefusal) -> (key: SymmetricKey, sealed: Data) {
    let key = SymmetricKey(size: .bits256)
    let bytes = key.withUnsafeBytes { Data($0) }
    return (key, try seal(bytes, with: master, for: account, purpose: "data key"))
  }

  func openDataKey(_ sealed: Data, of account: AccountID) throws(AccountRefusal) -> SymmetricKey {
    SymmetricKey(data: try open(sealed, with: master, of: account, purpose: "data key"))
  }

  /// A text that everybody knows, to tell by it later whether a master key is this one.
  func sealCheck() throws(AccountRefusal) -> Data {
    try seal(Vault.check, with: master, for: Vault.nobody, purpose: "check")
  }

  func opensCheck(_ sealed: Data) -> Bool {
    (try? open(sealed, with: master, of: Vault.nobody, purpose: "check")) == Vault.check
  }

  func seal(
    _ plain: Data, with key: SymmetricKey, for account: AccountID, purpose: String
  ) throws(AccountRefusal) -> Data {
    do {
      let box = try AES.GCM.seal(plain, using: key, authenticating: Vault.context(account, purpose))
      guard let combined = box.combined else { throw AccountRefusal.unavailable(why: "sealing failed") }
      return combined
    } catch {
      throw .unavailable(why: "sealing failed")
    }
  }

  /// - Throws: ``AccountRefusal/unavailable(why:)`` if the master key is not the one it was sealed with.
  func open(
    _ sealed: Data, with key: SymmetricKey, of account: AccountID, purpose: String
  ) throws(AccountRefusal) -> Data {
    do {
      return try AES.GCM.open(
        AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Vault.context(account, purpose))
    } catch {
      throw .unavailable(why: "sealed data cannot be opened: is this the right master key?")
    }
  }

  private static func context(_ account: AccountID, _ purpose: String) -> Data {
    Data("mqm \(purpose) \(account)".utf8)
  }
}

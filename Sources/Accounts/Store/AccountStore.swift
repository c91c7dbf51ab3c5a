import Foundation
import Synchronization
public import Vault

/// People, and who of them is signed in: the only door to the account database.
///
/// Every method may be called from any thread or actor; the work is done on threads of the store's own. A method that
/// changes something returns when the change is on disk. All of them throw ``AccountRefusal/unavailable(why:)`` when
/// the database cannot be used, beside what they say themselves. Times are milliseconds since 1970-01-01T00:00:00Z.
public final class AccountStore: Sendable {
  let database: AccountDatabase
  let hashing: HashingPool
  /// Passwords and codes.
  let limiter: Mutex<GuessLimiter>
  /// Letters that others can ask for: sign-ups, new addresses, invitations.
  let requests: Mutex<GuessLimiter>
  /// Letters for forgotten passwords, apart, so that nobody uses up the owner's.
  let passwordRequests: Mutex<GuessLimiter>
  /// Tokens of links, by remote address only.
  let linkGuesses: Mutex<GuessLimiter>
  /// By remote address only.
  let searches: Mutex<GuessLimiter>
  let settings: AccountSettings
  let entropy: Entropy
  /// Hashed against where there is no password to compare with, so that the same work is done.
  let decoy: PasswordHash
  let keyring: MasterKeyring

  /// Opens the database at a path, creating it (mode 0600) if need be. Several processes may have it open at a time.
  ///
  /// - Parameter keyring: with the key that health data and secrets are sealed under. Its file is made if there is none
  ///   and nothing was sealed yet. It may be on another disk than the database, and should be.
  /// - Throws: ``AccountRefusal/unavailable(why:)``, also for a key that is not the one of this database.
  public convenience init(
    path: String, keyring: MasterKeyring, settings: AccountSettings = .init(), entropy: Entropy = .system
  ) throws(AccountRefusal) {
    try self.init(
      path: path, keyring: keyring, settings: settings, entropy: entropy, hashing: ScryptHashing())
  }

  init(
    path: String, keyring: MasterKeyring, settings: AccountSettings, entropy: Entropy, hashing: any PasswordHashing
  ) throws(AccountRefusal) {
    database = try AccountDatabase(path: path)
    try database.unlock(with: keyring)
    self.keyring = keyring
    self.hashing = HashingPool(
      workers: settings.hashingWorkers, waiting: settings.hashingQueue, hashing: hashing)
    limiter = Mutex(GuessLimiter(account: settings.accountGuesses, address: settings.addressGuesses))
    requests = Mutex(GuessLimiter(account: settings.mailboxRequests, address: settings.addressRequests))
    passwordRequests = Mutex(GuessLimiter(account: settings.passwordRequests, address: settings.addressRequests))
    linkGuesses = Mutex(GuessLimiter(address: settings.linkGuesses))
    searches = Mutex(GuessLimiter(address: settings.searches))
    self.settings = settings
    self.entropy = entropy
    decoy = PasswordHash(
      salt: entropy.bytes(PasswordHash.saltBytes), hash: entropy.bytes(PasswordHash.hashBytes), cost: settings.cost)
  }

  /// - Parameter cost: nil for the one of the settings.
  func hash(_ password: Password, cost: ScryptCost? = nil) async throws(AccountRefusal) -> PasswordHash {
    let salt = entropy.bytes(PasswordHash.saltBytes)
    let cost = cost ?? settings.cost
    let hash = try await hashing.hash(password, salt: salt, cost: cost)
    return PasswordHash(salt: salt, hash: hash, cost: cost)
  }
}

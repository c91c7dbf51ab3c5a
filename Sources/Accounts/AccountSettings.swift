import Foundation

/// The figures that an ``AccountStore`` works with.
public struct AccountSettings: Sendable {
  /// For new password hashes; old ones keep theirs.
  public var cost: ScryptCost
  /// How many passwords are hashed at once, each in memory of `cost`. By default one, or two where that leaves cores
  /// for the rest.
  public var hashingWorkers: Int
  /// How many more may wait before sign-ins are refused as `busy`.
  public var hashingQueue: Int
  public var sessions: SessionLimits
  public var accountGuesses: GuessLimiter.Figures
  public var addressGuesses: GuessLimiter.Figures

  public init(
    cost: ScryptCost = .standard, hashingWorkers: Int = AccountSettings.spareCores, hashingQueue: Int = 32,
    sessions: SessionLimits = .init(),
    accountGuesses: GuessLimiter.Figures = .account, addressGuesses: GuessLimiter.Figures = .address
  ) {
    self.cost = cost
    self.hashingWorkers = hashingWorkers
    self.hashingQueue = hashingQueue
    self.sessions = sessions
    self.accountGuesses = accountGuesses
    self.addressGuesses = addressGuesses
  }

  /// Half of the cores, 1...2: a real-time broker must not wait for passwords.
  public static let spareCores = min(2, max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
}

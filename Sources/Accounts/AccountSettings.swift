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
  public var links: LinkLimits
  /// Wrong passwords and codes for one e-mail address.
  public var accountGuesses: GuessLimiter.Figures
  /// Wrong passwords and codes from one remote address.
  public var addressGuesses: GuessLimiter.Figures
  /// Letters to one e-mail address that others can ask for: sign-ups, new addresses, invitations.
  public var mailboxRequests: GuessLimiter.Figures
  /// Letters for a forgotten password to one e-mail address, which nothing else uses up.
  public var passwordRequests: GuessLimiter.Figures
  /// Letters of either sort from one remote address.
  public var addressRequests: GuessLimiter.Figures
  /// Wrong tokens of links from one remote address.
  public var linkGuesses: GuessLimiter.Figures
  /// Searches from one remote address.
  public var searches: GuessLimiter.Figures

  public init(
    cost: ScryptCost = .standard, hashingWorkers: Int = AccountSettings.spareCores, hashingQueue: Int = 32,
    sessions: SessionLimits = .init(), links: LinkLimits = .init(),
    accountGuesses: GuessLimiter.Figures = .account, addressGuesses: GuessLimiter.Figures = .address,
    mailboxRequests: GuessLimiter.Figures = .mailbox, passwordRequests: GuessLimiter.Figures = .mailbox,
    addressRequests: GuessLimiter.Figures = .address,
    linkGuesses: GuessLimiter.Figures = .address, searches: GuessLimiter.Figures = .searches
  ) {
    self.cost = cost
    self.hashingWorkers = hashingWorkers
    self.hashingQueue = hashingQueue
    self.sessions = sessions
    self.links = links
    self.accountGuesses = accountGuesses
    self.addressGuesses = addressGuesses
    self.mailboxRequests = mailboxRequests
    self.passwordRequests = passwordRequests
    self.addressRequests = addressRequests
    self.linkGuesses = linkGuesses
    self.searches = searches
  }

  /// Half of the cores, 1...2: a real-time broker must not wait for passwords.
  public static let spareCores = min(2, max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
}

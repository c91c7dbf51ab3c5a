/// Slows down the guessing of passwords, by e-mail address and by remote address; and other things that somebody could
/// do too often.
///
/// An attempt is counted when it begins, so that many at once get no more guesses than one after the other; if it turns
/// out well or was never judged, it is taken back. Up to ``Figures/free`` failures cost nothing. Each one after that
/// locks: first for ``Figures/firstLock``, then twice as long each time up to ``Figures/longestLock``. While locked,
/// attempts are refused, and do not count. One failure is forgiven in each ``Figures/forgivenEvery``.
///
/// It knows nothing about which accounts exist, so its answers cannot tell. All times are milliseconds of one clock.
public struct GuessLimiter: Sendable {
  /// How patient the limiter is with one key.
  public struct Figures: Hashable, Sendable {
    /// Failures that cost nothing.
    public var free: Int
    /// The lock after the first failure that is not free, in milliseconds.
    public var firstLock: Int64
    /// What the doubling ends at, in milliseconds.
    public var longestLock: Int64
    /// In this many milliseconds one failure is forgiven.
    public var forgivenEvery: Int64

    public init(free: Int, firstLock: Int64 = 1000, longestLock: Int64 = 900_000, forgivenEvery: Int64) {
      self.free = free
      self.firstLock = firstLock
      self.longestLock = longestLock
      self.forgivenEvery = forgivenEvery
    }

    /// 5 free failures, then 1 s doubling to 15 min; one is forgiven each hour. A guesser has about 100 guesses a day
    /// for an account.
    public static let account = Figures(free: 5, forgivenEvery: 3_600_000)
    /// 20 free failures, then the same locks; one is forgiven every 3 minutes, as many people may share an address.
    public static let address = Figures(free: 20, forgivenEvery: 180_000)

    /// Letters to one mailbox that anybody can ask for: 5 free ones, then the same locks; one is forgiven each hour.
    public static let mailbox = Figures(free: 5, forgivenEvery: 3_600_000)
    /// 60 free searches, then 1 s doubling to 1 min; one is forgiven each second: 60 a minute in the long run.
    public static let searches = Figures(free: 60, longestLock: 60_000, forgivenEvery: 1000)

    /// The lock after a number of failures, in milliseconds; 0 while they are free.
    public func lock(afterFailures failures: Int) -> Int64 {
      guard failures > free else { return 0 }
      let doublings = min(failures - free - 1, 40)
      return min(longestLock, firstLock << doublings)
    }
  }

  public enum Decision: Hashable, Sendable {
    case allowed
    case refused(afterMilliseconds: Int64)
  }

  private var accounts: GuessTable<EmailAddress>
  private var addresses: GuessTable<RemoteAddress>

  /// - Parameter capacity: how many keys are remembered at most, half of them of each sort; those not seen for longest
  ///   are forgotten.
  public init(account: Figures = .account, address: Figures = .address, capacity: Int = 100_000) {
    accounts = GuessTable(figures: account, capacity: capacity / 2)
    addresses = GuessTable(figures: address, capacity: capacity / 2)
  }

  /// How many keys are remembered.
  public var count: Int { accounts.count + addresses.count }

  /// Asks to try a password, before any work is done for it.
  ///
  /// - Parameter email: nil for an address that is not well-formed, which no account can have.
  public mutating func begin(email: EmailAddress?, address: RemoteAddress, now: Int64) -> Decision {
    let wait = max(email.map { accounts.wait(for: $0, now: now) } ?? 0, addresses.wait(for: address, now: now))
    guard wait == 0 else { return .refused(afterMilliseconds: wait) }
    if let email { accounts.charge(email, now: now) }
    addresses.charge(address, now: now)
    return .allowed
  }

  /// The password was right: the account's failures are forgotten, the address's others stay.
  public mutating func succeeded(email: EmailAddress?, address: RemoteAddress) {
    if let email { accounts.forget(email) }
    addresses.takeBack(address)
  }

  /// The attempt was not judged, for want of capacity, or was no wrong one: it does not count, and forgets nothing.
  public mutating func abandoned(email: EmailAddress?, address: RemoteAddress) {
    if let email { accounts.takeBack(email) }
    addresses.takeBack(address)
  }

  /// Whose account it is has shown it in another way: their address is not locked any more, whoever guessed at it.
  public mutating func lift(_ email: EmailAddress) {
    accounts.forget(email)
  }
}

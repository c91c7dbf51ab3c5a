/// How long sessions live, and how many an account may have.
public struct SessionLimits: Hashable, Sendable {
  /// Of a browser's session, in milliseconds from the sign-in, used or not.
  public var cookie: Int64
  /// Of a program's, in milliseconds.
  public var bearer: Int64
  /// Of a guardian's beside a patient, in milliseconds.
  public var companion: Int64
  /// Sessions of one account; one more drops the oldest.
  public var perAccount: Int

  /// 12 hours, 30 days, 4 hours; 50 sessions.
  public init(
    cookie: Int64 = 12 * 3_600_000, bearer: Int64 = 30 * 24 * 3_600_000, companion: Int64 = 4 * 3_600_000,
    perAccount: Int = 50
  ) {
    self.cookie = cookie
    self.bearer = bearer
    self.companion = companion
    self.perAccount = perAccount
  }

  func lifetime(of kind: Session.Kind) -> Int64 {
    switch kind {
    case .cookie: cookie
    case .bearer: bearer
    case .companion: companion
    }
  }
}

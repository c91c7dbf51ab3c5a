/// How long what is sent in a letter's link is good for. Each is good once.
public struct LinkLimits: Hashable, Sendable {
  /// To confirm a sign-up, in milliseconds.
  public var registration: Int64
  /// To set a new password, in milliseconds.
  public var password: Int64
  /// To confirm a new e-mail address, in milliseconds.
  public var email: Int64
  /// Sign-ups of one e-mail address that wait to be confirmed; one more drops the oldest.
  public var registrationsPerEmail: Int

  /// 48 hours, 1 hour, 24 hours; 3 sign-ups.
  public init(
    registration: Int64 = 48 * 3_600_000, password: Int64 = 3_600_000, email: Int64 = 24 * 3_600_000,
    registrationsPerEmail: Int = 3
  ) {
    self.registration = registration
    self.password = password
    self.email = email
    self.registrationsPerEmail = registrationsPerEmail
  }
}

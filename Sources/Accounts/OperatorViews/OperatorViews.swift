/// How many there are of what. No health data (CU-5.2).
public struct AccountCounts: Hashable, Sendable {
  public var accounts = 0
  public var patients = 0
  public var guardians = 0
  public var operators = 0
  public var closed = 0
  public var practitioners: [Verification: Int] = [:]
  public var registrationsOpen = 0
  public var invitationsOpen = 0
  public var mailWaiting = 0

  public init() {}
}

/// A practitioner as an operator judges them (CU-6.7).
public struct PractitionerEntry: Hashable, Sendable {
  /// With e-mail address and professional data.
  public let profile: Profile
  public let ground: String?
  /// When the last decision was taken, or the application was made.
  public let decidedAt: Int64
  public let appliedAt: Int64

  public init(profile: Profile, ground: String?, decidedAt: Int64, appliedAt: Int64) {
    self.profile = profile
    self.ground = ground
    self.decidedAt = decidedAt
    self.appliedAt = appliedAt
  }
}

/// An account as an operator sees it (CU-12.2).
public struct OperatorAccount: Hashable, Sendable {
  public let profile: Profile
  public let createdAt: Int64
  public let closing: Closing?
  public let hasSecondFactor: Bool

  public struct Closing: Hashable, Sendable {
    public let at: Int64
    public let ground: String

    public init(at: Int64, ground: String) {
      self.at = at
      self.ground = ground
    }
  }

  public init(profile: Profile, createdAt: Int64, closing: Closing?, hasSecondFactor: Bool) {
    self.profile = profile
    self.createdAt = createdAt
    self.closing = closing
    self.hasSecondFactor = hasSecondFactor
  }
}

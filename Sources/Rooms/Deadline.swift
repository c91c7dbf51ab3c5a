/// A moment until which something should have happened.
public struct Deadline: Hashable, Sendable {
  public internal(set) var dueAt: Instant
  /// When it was found to have run out; nil as long as it was not.
  public internal(set) var overdueAt: Instant?

  public init(_ dueAt: Instant, overdueAt: Instant? = nil) {
    self.dueAt = dueAt
    self.overdueAt = overdueAt
  }

  /// The system's clock was set: what still runs goes on for as long as before.
  mutating func step(byMilliseconds step: Int64) {
    if overdueAt == nil { dueAt = dueAt.advanced(byMilliseconds: step) }
  }
}

extension Consultation {
  /// The two clocks of CU-6.2.
  public enum Clock: String, Hashable, Sendable, CaseIterable {
    /// From the request to the claim.
    case claim
    /// From the claim to the start.
    case start
  }

  /// What runs, or ran.
  public struct Clocks: Hashable, Sendable {
    public internal(set) var claim: Deadline
    /// Nil while nobody has claimed it.
    public internal(set) var start: Deadline?
    /// When it is closed if nobody does it before; nil until it has ended.
    public internal(set) var close: Instant?

    public init(claim: Deadline, start: Deadline? = nil, close: Instant? = nil) {
      self.claim = claim
      self.start = start
      self.close = close
    }
  }

  /// The lengths and bounds that the domain document leaves to the configuration.
  public struct Terms: Hashable, Sendable {
    /// From the request to the claim (CU-6.2).
    public var claimMilliseconds: Int64 = 24 * 3_600_000
    /// From the claim to the start (CU-6.2).
    public var startMilliseconds: Int64 = 24 * 3_600_000
    /// From the end to the closure, if nobody closes it before.
    public var retentionMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// How long before that the patient is told.
    public var noticeMilliseconds: Int64 = 24 * 3_600_000
    /// Documents that a consultation may have.
    public var documents = 20

    public init() {}
  }

  /// The system's clock was set forward or, below zero, back: what still runs runs as long as it would have.
  mutating func stepClocks(byMilliseconds step: Int64) {
    guard !state.isFinal else { return }
    clocks.claim.step(byMilliseconds: step)
    clocks.start?.step(byMilliseconds: step)
    clocks.close = clocks.close?.advanced(byMilliseconds: step)
  }
}

/// What a client shows to go on with its session. How it is drawn and compared is the shell's.
public protocol SessionSecret: Sendable {
  /// Whether the two are the same; takes as long whatever they are.
  func matches(_ other: Self) -> Bool
}

/// How one client's session outlives its connections: whether there is one, until when its client may come back, what it
/// must show for that, and what it has missed.
///
/// A pure value. Times are milliseconds of a clock that nobody can set.
public struct Continuity<Secret: SessionSecret>: Sendable {
  public let terms: SessionTerms
  /// What the client may not have received yet.
  public private(set) var replay: ReplayBuffer
  /// What the client shows to go on with this session.
  public private(set) var secret: Secret
  /// The secrets before that, any of which the client may still have, as it is not known what it has received: the oldest
  /// is the one that it showed. Two connections of one client may overtake each other, so it need not be the last but one.
  private var formerSecrets: [Secret] = []
  /// Set while there is no connection.
  public private(set) var absence: Absence?
  /// Whether the broker has ended it: then it is over as soon as its connection is closed.
  public private(set) var isEnding = false

  /// The connection broke, and the client may come back.
  public struct Absence: Equatable, Sendable {
    /// When it broke, as far as the broker knows.
    public let since: Int64
    /// When its client counts as gone.
    fileprivate let lapsesAt: Int64
    /// Whether its client counts as gone already.
    public fileprivate(set) var hasLapsed = false
  }

  /// What happens because the client does not come back.
  public enum Due: Hashable, Sendable {
    /// They count as gone, and may still come back.
    case lapse
    /// The session is over.
    case end
  }

  public init(secret: Secret, terms: SessionTerms = SessionTerms(), limits: ReplayBuffer.Limits = .init()) {
    self.secret = secret
    self.terms = terms
    replay = ReplayBuffer(limits: limits)
  }

  // MARK: The connection

  public var isConnected: Bool { absence == nil }

  /// The broker ends it; its client cannot go on with it from now on.
  public mutating func end() {
    isEnding = true
  }

  /// The connection broke. Presence ends when nothing was heard for so long, not so long after the break, which may be
  /// noticed late.
  ///
  /// - Parameter silence: for how many milliseconds nothing had been heard through it.
  public mutating func breaks(at now: Int64, afterSilenceOf silence: Int64) {
    absence = Absence(since: now, lapsesAt: now + max(0, terms.presenceMilliseconds - silence))
  }

  /// When ``due(at:)`` has something to say; nil for never.
  public var nextDue: Int64? {
    guard let absence else { return nil }
    return absence.hasLapsed ? max(absence.lapsesAt, absence.since + terms.windowMilliseconds) : absence.lapsesAt
  }

  /// What is due by now, once.
  public mutating func due(at now: Int64) -> Due? {
    guard let due = nextDue, due <= now else { return nil }
    if absence?.hasLapsed == true { return .end }
    absence?.hasLapsed = true
    return .lapse
  }

  // MARK: Events

  /// The number of the last event; 0 before the first.
  public var sequence: UInt64 { replay.last }

  /// The number of the next event, which has to be kept right after this.
  public mutating func nextSequence() -> UInt64 { replay.next() }

  /// Keeps the event that has the last number, made of three pieces, for a client that has to come back for it.
  public mutating func keep(
    _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer
  ) {
    replay.append(head, body, tail)
  }

  /// The client has everything up to this event, and so the answer to its `hello`.
  public mutating func confirm(through number: UInt64) {
    formerSecrets = []
    replay.confirm(through: number)
  }

  /// A message of the client's came: it has received the answer to its `hello`.
  public mutating func hear() {
    formerSecrets = []
  }

  // MARK: Resuming

  /// Secrets that are kept while it is not known which one the client has.
  private static var unconfirmedLimit: Int { 8 }

  /// Whether a client that shows this secret is the one of this session, and the session is not over.
  public func knows(_ shown: Secret) -> Bool {
    // All of them are compared, whichever it is.
    let matches = (formerSecrets + [secret]).map { $0.matches(shown) }
    return matches.contains(true) && !isEnding
  }

  /// Whether a client that shows this secret, and has all events up to this number, can go on.
  public func canResume(with shown: Secret, after number: UInt64) -> Bool {
    knows(shown) && replay.reaches(backTo: number)
  }

  /// Goes on over another connection. What is kept then is what the client has missed, and has to be sent on it next.
  ///
  /// - Parameters:
  ///   - shown: the secret that the client has. It stays good, with those given since, until it is known which one the
  ///     client has received, however many answers are lost.
  ///   - next: the secret for the next time.
  public mutating func resume(with shown: Secret, after number: UInt64, next: Secret) {
    absence = nil
    replay.confirm(through: number)
    formerSecrets.append(secret)
    // Those before the one that it has are of no use to it.
    formerSecrets.removeFirst(formerSecrets.firstIndex { $0.matches(shown) } ?? 0)
    if formerSecrets.count > Self.unconfirmedLimit { formerSecrets.remove(at: 1) }
    secret = next
  }
}

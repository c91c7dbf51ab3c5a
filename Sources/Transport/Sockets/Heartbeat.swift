/// What one client's messages and pongs tell: whether it is there, and what it has received. Times are nanoseconds of the loop's
/// clock.
struct Heartbeat {
  private var lastHeard: UInt64
  private var lastPinged: UInt64 = 0
  /// The mark that the last ping carried, and the one that the last pong brought back.
  private var pingedMark: UInt64 = 0
  private var confirmedMark: UInt64 = 0
  /// Whether the present silence has been asked about.
  private(set) var isPinged = false

  init(now: UInt64) {
    lastHeard = now
  }

  /// What a silence asks for.
  enum Due {
    case ping, hangUp
  }

  func silence(at now: UInt64) -> UInt64 { now &- lastHeard }

  mutating func heard(at now: UInt64) {
    lastHeard = now
    isPinged = false
  }

  mutating func pinged(with mark: UInt64, at now: UInt64) {
    lastPinged = now
    pingedMark = mark
  }

  /// A pong brought this mark back.
  ///
  /// - Returns: whether that is news, and was asked for.
  mutating func confirm(_ mark: UInt64) -> Bool {
    guard mark > confirmedMark, mark <= pingedMark else { return false }
    confirmedMark = mark
    return true
  }

  /// Whether there is something to ask about, and no answer is on its way.
  func mayAsk(for mark: UInt64) -> Bool { pingedMark == confirmedMark && mark > confirmedMark }

  /// Looked at now and then. A silent client is pinged once, as is one that has not confirmed for as long, and is given up
  /// after a longer silence.
  mutating func due(at now: UInt64, mark: UInt64, pingAfter: UInt64, hangUpAfter: UInt64) -> Due? {
    guard now > lastHeard else { return nil }
    let silence = now - lastHeard
    if silence >= hangUpAfter { return .hangUp }
    let isUnconfirmed = mark > confirmedMark && now - lastPinged >= pingAfter
    guard !isPinged, silence >= pingAfter || isUnconfirmed else { return nil }
    isPinged = true
    return .ping
  }
}

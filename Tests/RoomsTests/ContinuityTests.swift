import Rooms
import Testing

struct ContinuityTests {
  private struct Secret: SessionSecret {
    let number: Int
    func matches(_ other: Secret) -> Bool { number == other.number }
  }

  private static func session(events: Int = 0, limits: ReplayBuffer.Limits = .init()) -> Continuity<Secret> {
    var session = Continuity(secret: Secret(number: 0), limits: limits)
    for _ in 0..<events {
      _ = session.nextSequence()
      let bytes: [UInt8] = [1]
      bytes.withUnsafeBytes { session.keep($0, $0, $0) }
    }
    return session
  }

  @Test("Presence ends 9 s after the last that was heard, the session 30 s after the break (protocol, section 3)")
  func times() {
    var session = Self.session()
    #expect(session.nextDue == nil && session.due(at: .max) == nil)
    session.breaks(at: 100_000, afterSilenceOf: 4_000)
    #expect(!session.isConnected)
    #expect(session.nextDue == 105_000)
    #expect(session.due(at: 104_999) == nil)
    #expect(session.due(at: 105_000) == .lapse)
    #expect(session.absence?.hasLapsed == true)
    #expect(session.nextDue == 130_000)
    #expect(session.due(at: 129_999) == nil)
    #expect(session.due(at: 130_000) == .end)
  }

  @Test("A break that is noticed late ends the presence at once, and the window is counted from then")
  func lateBreak() {
    var session = Self.session()
    session.breaks(at: 50_000, afterSilenceOf: 9_500)
    #expect(session.due(at: 50_000) == .lapse)
    #expect(session.nextDue == 80_000)
  }

  @Test("The client is back: nothing is due any more")
  func back() {
    var session = Self.session()
    session.breaks(at: 0, afterSilenceOf: 0)
    _ = session.due(at: 9_000)
    session.resume(with: Secret(number: 0), after: 0, next: Secret(number: 1))
    #expect(session.isConnected && session.nextDue == nil)
  }

  @Test("A secret is used once: the former one is good until the client shows that it has the new one")
  func secrets() {
    var session = Self.session()
    #expect(session.canResume(with: Secret(number: 0), after: 0))
    #expect(!session.canResume(with: Secret(number: 9), after: 0))
    session.resume(with: Secret(number: 0), after: 0, next: Secret(number: 1))
    #expect(session.canResume(with: Secret(number: 0), after: 0), "the answer may have been lost")
    #expect(session.canResume(with: Secret(number: 1), after: 0))
    session.hear()
    #expect(!session.canResume(with: Secret(number: 0), after: 0))
    session.resume(with: Secret(number: 1), after: 0, next: Secret(number: 2))
    session.confirm(through: 0)
    #expect(!session.canResume(with: Secret(number: 1), after: 0))
  }

  @Test("However often the answer is lost, whichever secret the client has is good")
  func answersLost() {
    var session = Self.session()
    for next in 1...3 {
      #expect(session.canResume(with: Secret(number: 0), after: 0))
      session.resume(with: Secret(number: 0), after: 0, next: Secret(number: next))
    }
    // A later connection was overtaken by an earlier one: the client has the answer of that.
    session.resume(with: Secret(number: 1), after: 0, next: Secret(number: 4))
    #expect(!session.canResume(with: Secret(number: 0), after: 0), "it has a newer one")
    #expect((1...4).allSatisfy { session.canResume(with: Secret(number: $0), after: 0) })
    session.hear()
    #expect((0...9).filter { session.canResume(with: Secret(number: $0), after: 0) } == [4])
  }

  @Test("Not more secrets are kept than a few, the one that the client has among them")
  func unconfirmedLimit() {
    var session = Self.session()
    for next in 1...100 { session.resume(with: Secret(number: 0), after: 0, next: Secret(number: next)) }
    #expect((0...100).filter { session.canResume(with: Secret(number: $0), after: 0) } == [0] + Array(93...100))
  }

  @Test("Nobody goes on with a session that does not reach back, or that the broker ends")
  func refusals() {
    var session = Self.session(events: 5, limits: .init(bytes: 1_000, events: 3))
    #expect(!session.canResume(with: Secret(number: 0), after: 1))
    #expect(session.canResume(with: Secret(number: 0), after: 2))
    #expect(!session.canResume(with: Secret(number: 0), after: 6))
    session.end()
    #expect(!session.canResume(with: Secret(number: 0), after: 5))
  }

  @Test("Who closes on purpose does not come back; who breaks, says so, or reads too slowly may (protocol, section 3)")
  func codes() {
    for code: UInt16? in [nil, 4000, 4001, 4099, 4101] { #expect(SessionTerms.mayComeBack(afterClosingWith: code)) }
    for code: UInt16 in [1000, 1001, 1005, 3999, 4100, 4102, 4204, 4999] {
      #expect(!SessionTerms.mayComeBack(afterClosingWith: code))
    }
  }

  @Test("Of too many sessions without a connection the oldest are over")
  func surplus() {
    let terms = SessionTerms()
    let absent = (0..<10).map { (connection: ConnectionID(UInt64($0)), since: Int64(100 - $0)) }
    #expect(terms.surplus(of: absent) == [ConnectionID(9), ConnectionID(8)])
    #expect(terms.surplus(of: Array(absent.prefix(8))) == [])
  }
}

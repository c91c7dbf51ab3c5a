import Testing

@testable import Transport

struct HeartbeatTests {
  private let client = Subject()

  /// A heartbeat that begins at 100, is asked about after 40, and given up after 90.
  private final class Subject {
    var heartbeat = Heartbeat(now: 100)

    func due(at now: UInt64, mark: UInt64 = 0) -> Heartbeat.Due? {
      heartbeat.due(at: now, mark: mark, pingAfter: 40, hangUpAfter: 90)
    }

    func confirm(_ mark: UInt64) -> Bool { heartbeat.confirm(mark) }
  }

  @Test("a silence is asked about once, and given up when it is long")
  func silence() {
    #expect(client.due(at: 139) == nil)
    #expect(client.due(at: 140) == .ping)
    client.heartbeat.pinged(with: 0, at: 140)
    #expect(client.due(at: 189) == nil)
    #expect(client.due(at: 190) == .hangUp)
    client.heartbeat.heard(at: 190)
    #expect(client.due(at: 229) == nil)
    #expect(client.due(at: 230) == .ping)
  }

  @Test("a lively client is asked what it has received, as often as a silent one")
  func unconfirmed() {
    client.heartbeat.heard(at: 200)
    #expect(client.due(at: 201) == nil)
    #expect(client.due(at: 202, mark: 5) == .ping)
    client.heartbeat.pinged(with: 5, at: 202)
    client.heartbeat.heard(at: 203)
    #expect(client.due(at: 241, mark: 6) == nil)
    #expect(client.due(at: 242, mark: 6) == .ping)
  }

  @Test("a pong confirms what was asked, once, and nothing beyond")
  func confirmation() {
    #expect(!client.heartbeat.mayAsk(for: 0))
    #expect(client.heartbeat.mayAsk(for: 7))
    client.heartbeat.pinged(with: 7, at: 110)
    #expect(!client.heartbeat.mayAsk(for: 9))
    #expect(!client.confirm(8))
    #expect(client.confirm(7))
    #expect(!client.confirm(7))
    #expect(!client.confirm(6))
    #expect(!client.heartbeat.mayAsk(for: 7))
    #expect(client.heartbeat.mayAsk(for: 9))
  }
}

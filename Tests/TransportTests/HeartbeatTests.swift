import Testing

@testable import Transport

struct HeartbeatTests {
  private var heartbeat = Heartbeat(now: 100)

  private mutating func due(at now: UInt64, mark: UInt64 = 0) -> Heartbeat.Due? {
    heartbeat.due(at: now, mark: mark, pingAfter: 40, hangUpAfter: 90)
  }

  @Test("a silence is asked about once, and given up when it is long")
  mutating func silence() {
    #expect(due(at: 139) == nil)
    #expect(due(at: 140) == .ping)
    heartbeat.pinged(with: 0, at: 140)
    #expect(due(at: 189) == nil)
    #expect(due(at: 190) == .hangUp)
    heartbeat.heard(at: 190)
    #expect(due(at: 229) == nil)
    #expect(due(at: 230) == .ping)
  }

  @Test("a lively client is asked what it has received, as often as a silent one")
  mutating func unconfirmed() {
    heartbeat.heard(at: 200)
    #expect(due(at: 201) == nil)
    #expect(due(at: 202, mark: 5) == .ping)
    heartbeat.pinged(with: 5, at: 202)
    heartbeat.heard(at: 203)
    #expect(due(at: 241, mark: 6) == nil)
    #expect(due(at: 242, mark: 6) == .ping)
  }

  @Test("a pong confirms what was asked, once, and nothing beyond")
  mutating func confirmation() {
    #expect(!heartbeat.mayAsk(for: 0))
    #expect(heartbeat.mayAsk(for: 7))
    heartbeat.pinged(with: 7, at: 110)
    #expect(!heartbeat.mayAsk(for: 9))
    #expect(!heartbeat.confirm(8))
    #expect(heartbeat.confirm(7))
    #expect(!heartbeat.confirm(7))
    #expect(!heartbeat.confirm(6))
    #expect(!heartbeat.mayAsk(for: 7))
    #expect(heartbeat.mayAsk(for: 9))
  }
}

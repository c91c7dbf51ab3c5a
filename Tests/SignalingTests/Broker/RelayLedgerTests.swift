import Foundation
import Logging
import Rooms
import TURN
import Testing

@testable import Signaling

struct RelayLedgerTests {
  private let base = TURNSecret("the-secret-of-this-broker")!
  private let log = LogLines()

  private func ledger(_ database: TURNSecrets) throws -> RelayLedger {
    let table = try #require(TURNSecretTable(realm: "consult.example"))
    let lines = log
    return RelayLedger(
      secret: base, table: table, database: database,
      log: Logger(label: "test", factory: { _ in LogCapture(lines: lines) }))
  }

  @Test("At the start what is left of an earlier run goes, and what others have put there stays")
  func start() async throws {
    let left = base.derived(for: "a room of before")
    let database = TURNSecrets([left.text, "somebody-else's"])
    let ledger = try ledger(database)
    let open = base.derived(for: "an open room")
    ledger.set(open, for: .random())
    #expect(await ledger.deliver())
    #expect(database.values == [open.text, "somebody-else's"])
  }

  @Test("A room's secret comes and goes with it, and nothing is done where nothing changed")
  func life() async throws {
    let database = TURNSecrets()
    let ledger = try ledger(database)
    let (room, other) = (ConsultationID.random(), ConsultationID.random())
    ledger.set(base.derived(for: "1"), for: room)
    ledger.set(base.derived(for: "2"), for: other)
    #expect(await ledger.deliver())
    #expect(database.values.count == 2)
    let executed = database.executed
    ledger.set(base.derived(for: "1"), for: room)
    ledger.set(nil, for: .random())
    #expect(await ledger.deliver())
    #expect(database.executed == executed)
    ledger.set(nil, for: room)
    ledger.set(base.derived(for: "3"), for: other)
    #expect(await ledger.deliver())
    #expect(database.values == [base.derived(for: "3").text])
  }

  @Test("After a failure everything is told anew, and the log has no secret")
  func failure() async throws {
    let database = TURNSecrets()
    let ledger = try ledger(database)
    let (room, other) = (ConsultationID.random(), ConsultationID.random())
    ledger.set(base.derived(for: "1"), for: room)
    #expect(await ledger.deliver())
    database.setBroken(true)
    ledger.set(base.derived(for: "2"), for: other)
    ledger.set(nil, for: room)
    #expect(await !ledger.deliver())
    #expect(log.all.contains { $0.contains("TURN servers cannot be told") })
    #expect(!log.all.contains { $0.contains(base.derivedPrefix) })
    database.setBroken(false)
    #expect(await ledger.deliver())
    #expect(database.values == [base.derived(for: "2").text])
  }

  @Test("While it runs it follows by itself, and tries again")
  func running() async throws {
    let database = TURNSecrets()
    database.setBroken(true)
    let ledger = try ledger(database)
    let room = ConsultationID.random()
    ledger.set(base.derived(for: "1"), for: room)
    let task = Task { await ledger.run() }
    defer { task.cancel() }
    while database.executed == 0 { await Task.yield() }
    database.setBroken(false)
    await ledger.isKnown(room, atMost: .seconds(10))
    #expect(database.values == [base.derived(for: "1").text])
  }

  @Test("Whoever waits for a room goes on when its secret is in the database, and not before")
  func patience() async throws {
    let database = TURNSecrets()
    database.hold()
    let ledger = try ledger(database)
    let room = ConsultationID.random()
    ledger.set(base.derived(for: "1"), for: room)
    let task = Task { await ledger.run() }
    defer { task.cancel() }
    await ledger.isKnown(room, atMost: .milliseconds(50))
    #expect(database.values.isEmpty)
    let waiting = Task {
      await ledger.isKnown(room, atMost: .seconds(600))
      return database.values
    }
    database.goOn()
    #expect(await waiting.value == [base.derived(for: "1").text])
    await ledger.isKnown(.random(), atMost: .seconds(600))
  }
}

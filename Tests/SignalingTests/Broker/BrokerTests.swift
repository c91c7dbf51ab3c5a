import Accounts
import Foundation
import MQMSessions
import TestSupport
import Testing

@testable import Signaling

/// A real broker, and connections to it.
struct BrokerTests {
  // MARK: hello

  @Test("hello is answered with who one is, and what one may know follows without being asked")
  func hello() async throws {
    try await BrokerFixture.run { fixture in
      let anne = try await fixture.practitioner("Anne")
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let doctor = try await fixture.connect()
      let answer = try await doctor.hello(anne.token)
      #expect(answer["body"]?["account"]?["id"] == anne.json)
      #expect(answer["body"]?["practitioner"]?["verification"] == "verified")
      #expect(try await doctor.event("consultations") == ["kind": "snapshot", "items": []])
      #expect(try await doctor.event("queue") == ["kind": "snapshot", "items": []])
      #expect(try await doctor.event("presence") == ["presence": "away"])

      let patient = try await fixture.connect(camille)
      #expect(try await patient.event("consultations") == ["kind": "snapshot", "items": []])
      #expect(try await patient.event("availability") == ["available": 0])
      #expect(try await doctor.ask("presence.set", ["presence": "available"])["ok"] == true)
      #expect(try await patient.event("availability") == ["available": 1])
      #expect(try await patient.hello(camille.token)["error"]?["code"] == "already_greeted")
      let seqs = try await patient.transcript().compactMap { $0.message["seq"]?.integer }
      #expect(seqs == Array(1...seqs.count))
    }
  }

  @Test("before hello nothing is told but that it is needed, whatever is sent")
  func beforeHello() async throws {
    try await BrokerFixture.run { fixture in
      try await fixture.start()
      let peer = try await fixture.connect()
      for text in [
        #"{"id":1,"type":"ping"}"#, #"{"id":2,"type":"no.such.type"}"#, #"{"id":3,"type":"request.claim","body":{}}"#,
        #"{"id":4,"type":"signal"}"#, #"{"id":5}"#, #"{"id":0,"type":"ping"}"#,
      ] {
        try await peer.send(raw: text)
        let answer = try await peer.message { $0["ok"] == false }
        #expect(answer["error"]?["code"] == "hello_required", "\(text)")
      }
      try await peer.send(raw: "not JSON")
      let answer = try await peer.message { $0["ok"] == false }
      #expect(answer["error"]?["code"] == "malformed")
      #expect(answer["re"] == .null)
    }
  }

  @Test("a request that does not wait for hello's answer is refused, and hello is answered all the same")
  func pipelined() async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let peer = try await fixture.connect()
      let hello = try await peer.send("hello", ["token": .string(camille.token)])
      let again = try await peer.send("hello", ["token": .string(camille.token)])
      #expect(try await peer.reply(to: again)["error"]?["code"] == "already_greeted")
      #expect(try await peer.reply(to: hello)["ok"] == true)
      #expect(try await peer.ask("ping")["ok"] == true)
    }
  }

  @Test("a token that is not valid is told so, and the connection closed with 4204", arguments: [nil, "x", "invented"])
  func notSignedIn(_ token: String?) async throws {
    try await BrokerFixture.run { fixture in
      try await fixture.start()
      let peer = try await fixture.connect()
      let full = token == "invented" ? String(repeating: "A", count: 43) : token
      let answer = try await peer.ask("hello", full.map { ["token": .string($0)] } ?? [:])
      #expect(answer["error"]?["code"] == "not_signed_in")
      let closed = try await peer.closed()
      #expect(closed.code == 4204)
      #expect(closed.reason == ["code": "not_signed_in"])
    }
  }

  @Test("who says nothing is closed with 4102")
  func helloTimeout() async throws {
    var settings = BrokerSettings.patient
    settings.helloTimeout = .milliseconds(50)
    try await BrokerFixture.run(settings) { fixture in
      try await fixture.start()
      let closed = try await fixture.connect().closed()
      #expect(closed.code == 4102)
      #expect(closed.reason["code"] == "hello_timeout")
    }
  }

  // MARK: Ends of sessions and rights

  @Test("a practitioner who is suspended is closed with 4000, and comes back as one who sees nothing (CU-6.7)")
  func suspendedPractitioner() async throws {
    try await BrokerFixture.run { fixture in
      let anne = try await fixture.practitioner("Anne")
      try await fixture.start()
      let doctor = try await fixture.connect(anne)
      _ = try await doctor.event("queue")
      try await fixture.verify(anne, .suspended)
      #expect(try await doctor.closed().code == 4000)

      let back = try await fixture.connect()
      #expect(try await back.hello(anne.token)["body"]?["practitioner"]?["verification"] == "suspended")
      #expect(try await back.ask("presence.set", ["presence": "available"])["error"]?["code"] == "not_verified")
      #expect(try await back.transcript().contains { $0.name.hasPrefix("queue") } == false)
    }
  }

  @Test("a closed account is closed with 4201 and cannot come back (CU-12.2)")
  func suspendedAccount() async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      try await fixture.accounts.suspend(camille.id, ground: "test", by: .commandLine, now: BrokerFixture.now())
      let closed = try await patient.closed()
      #expect(closed.code == 4201)
      #expect(closed.reason == ["code": "account_suspended"])
      #expect(try await fixture.connect().hello(camille.token)["error"]?["code"] == "not_signed_in")
    }
  }

  @Test("signing out closes the connections of that session with 4200, and of no other")
  func signOut() async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      let other = try await fixture.accounts.issueToken(for: camille.id, by: .commandLine, now: BrokerFixture.now())
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      let elsewhere = try await fixture.connect()
      _ = try await elsewhere.hello(other.token.text)
      let status = try await fixture.http("DELETE", "/v1/session", token: camille.token).status
      #expect(status == 204)
      let closed = try await patient.closed()
      #expect(closed.code == 4200)
      #expect(closed.reason == ["code": "signed_out"])
      #expect(try await elsewhere.ask("ping")["ok"] == true)
    }
  }

  @Test("when the server goes down everybody is told when to come back")
  func shutdown() async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      await fixture.broker.beginShutdown()
      let closed = try await patient.closed()
      #expect(closed.code == 4100)
      let golden = try #require(Documents.examples.first { $0.name == "close-reason" })
      #expect(closed.reason.hasShape(of: golden.message))
      #expect(try await fixture.http("GET", "/v1/health").body == ["status": "draining", "maintenance": .null])
    }
  }

  // MARK: Rooms and people's files

  @Test("a guardian who is unlinked loses their seat at once, and the others see who may sit where (CU-6.3, CU-6.3c)")
  func unlinkedGuardian() async throws {
    try await BrokerFixture.run { fixture in
      let stage = try await Family(fixture)
      try await stage.openRoom()
      let marc = try await stage.join(stage.marc, as: "guardian")
      let julie = try await stage.join(stage.julie, as: "guardian")
      _ = try await stage.doctor.event("room") { $0["seats"]?[3]?["present"] == true }
      #expect(try await stage.start(seen: [stage.lea, stage.marc, stage.julie])["ok"] == true)

      try await stage.unlink(stage.marc)
      #expect(try await marc.closed().code == 4000)
      // The other guardian, whose own connection stays, moves up.
      _ = try await julie.event("room") { $0["you"] == "guardian1" }
      let seen = try await stage.doctor.event("room") { $0["seats"]?.elements.count == 3 }
      #expect(seen["seats"]?[2]?["persons"]?[0]?["id"] == stage.julie.json)
      let back = try await fixture.connect(stage.marc)
      let refused = try await back.ask("room.join", ["room": stage.id, "as": "guardian"])
      #expect(refused["error"]?["code"] == "not_admitted")

      try await stage.unlink(stage.julie)
      #expect(try await julie.closed().code == 4000)
      _ = try await stage.doctor.event("room") { $0["state"] == "suspended" }
    }
  }

  @Test("a guardian who is linked while the room is open finds a seat, and those inside see it (CU-6.3)")
  func linkedGuardian() async throws {
    try await BrokerFixture.run { fixture in
      let stage = try await Family(fixture, parents: 1)
      try await stage.openRoom()
      try await fixture.accounts.link(
        patient: stage.lea.id, guardian: stage.julie.id, relation: .parent, by: .commandLine, now: BrokerFixture.now())
      _ = try await stage.doctor.event("room") { $0["seats"]?.elements.count == 4 }
      let julie = try await fixture.connect(stage.julie)
      let joined = try await julie.ask("room.join", ["room": stage.id, "as": "guardian"])
      #expect(joined["body"]?["seat"] == "guardian2")
    }
  }

  @Test("a guardian whose account is closed does not stay beside the patient either (CU-12.2)")
  func suspendedCompanion() async throws {
    try await BrokerFixture.run { fixture in
      let stage = try await Family(fixture)
      try await stage.openRoom()
      let lea = try await stage.join(stage.lea, as: "patient")
      let beside: JSONValue = [
        "room": stage.id, "email": .string(stage.julie.email), "password": .string(BrokerFixture.password),
      ]
      #expect(try await lea.ask("room.accompany", beside)["body"]?["guardian"]?["id"] == stage.julie.json)
      _ = try await stage.doctor.event("room") { $0["admission"]?["holds"] == true }
      try await fixture.accounts.suspend(stage.julie.id, ground: "test", by: .commandLine, now: BrokerFixture.now())
      let alone = try await stage.doctor.event("room") { $0["admission"]?["holds"] == false }
      #expect(alone["seats"]?[1]?["persons"]?.elements.count == 1)
      #expect(try await lea.ask("room.accompany", beside)["error"]?["code"] == "account_suspended")
    }
  }

  // MARK: The record

  @Test("of two practitioners who claim at once one wins, and the other is told by whom (CU-6.1)")
  func race() async throws {
    try await BrokerFixture.run { fixture in
      let anne = try await fixture.practitioner("Anne")
      let hugo = try await fixture.practitioner("Hugo", rpps: "10007654329")
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let peers = [try await fixture.connect(anne), try await fixture.connect(hugo)]
      let id = try await fixture.request(by: try await fixture.connect(camille), for: camille)
      let ids = [
        try await peers[0].send("request.claim", ["consultation": id]),
        try await peers[1].send("request.claim", ["consultation": id]),
      ]
      let answers = [try await peers[0].reply(to: ids[0]), try await peers[1].reply(to: ids[1])]
      let winner = try #require(answers.firstIndex { $0["ok"] == true })
      let loser = answers[1 - winner]
      #expect(loser["error"]?["code"] == "already_claimed")
      #expect(loser["error"]?["details"]?["by"]?.text == ["Anne Martin", "Hugo Martin"][winner])
    }
  }

  @Test("a mutation sent again with the same key from another connection gets the same answer and happens once")
  func repeatedKey() async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let key = UUID().uuidString.lowercased()
      let first = try await fixture.connect(camille)
      let answer = try await first.ask("request.create", fixture.wish(for: camille), key: key)
      let second = try await fixture.connect(camille)
      #expect(try await second.ask("request.create", fixture.wish(for: camille), key: key)["body"] == answer["body"])
      let reused = try await second.ask(
        "request.cancel", ["consultation": answer["body"]?["consultation"]?["id"] ?? .null], key: key)
      #expect(reused["error"]?["code"] == "key_reused")
    }
  }

  @Test("a client that vanishes while its request is on its way to the disk leaves nothing behind")
  func vanished() async throws {
    let gate = Gate()
    try await BrokerFixture.run(wrap: gate.wrap) { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let store = try #require(gate.store)
      let patient = try await fixture.connect(camille)
      let other = try await fixture.connect(camille)
      store.close()
      try await patient.send("request.create", fixture.wish(for: camille))
      await store.entered()
      #expect(await fixture.broker.requestsUnderWay == 1)
      try await patient.vanish()
      store.open()
      // It has happened nevertheless, and the patient's other connection hears of it.
      let news = try await other.event("consultations") { $0["kind"] == "delta" }
      #expect(news["upsert"]?[0]?["state"] == "requested")
      #expect(await fixture.broker.requestsUnderWay == 0)
    }
  }

  @Test("while the record cannot be written mutations are refused, and nothing personal is logged (CU-12.5)")
  func unavailable() async throws {
    let gate = Gate()
    try await BrokerFixture.run(wrap: gate.wrap) { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      gate.store?.fail(with: CocoaError(.fileWriteOutOfSpace))
      let answer = try await patient.ask("request.create", fixture.wish(for: camille))
      let golden = try #require(Documents.examples.first { $0.name == "error.unavailable" })
      #expect(answer.hasShape(of: golden.message))
      gate.store?.fail(with: nil)
      #expect(try await patient.ask("request.create", fixture.wish(for: camille))["ok"] == true)
      try await fixture.accounts.suspend(camille.id, ground: "test", by: .commandLine, now: BrokerFixture.now())
      _ = try await patient.closed()

      let lines = fixture.log.all
      #expect(lines.contains { $0.contains("the record cannot be written") })
      for secret in ["Camille", "Durand", "test.example", camille.token, BrokerFixture.reason, BrokerFixture.password] {
        #expect(!lines.contains { $0.contains(secret) }, "\(secret)")
      }
    }
  }

  @Test("who sends too fast is told so by the request's id, then closed with 4103; others are not disturbed")
  func tooFast() async throws {
    var settings = BrokerSettings.patient
    settings.traffic.connection.messages = .init(perSecond: 1, burst: 3)
    // Time stands still, so that however slow the machine is no message is allowed again meanwhile.
    let now = BrokerFixture.now()
    let standing = Broker.Clock(wall: { now }, steady: { 0 })
    try await BrokerFixture.run(settings, clock: standing) { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      let ids = [try await patient.send("ping"), try await patient.send("ping"), try await patient.send("ping")]
      #expect(try await patient.reply(to: ids[1])["ok"] == true)
      let refused = try await patient.reply(to: ids[2])
      let golden = try #require(Documents.examples.first { $0.name == "error.too_fast" })
      #expect(refused.hasShape(of: golden.message))
      for _ in 0..<1_001 { try await patient.send(raw: #"{"id":9,"type":"ping"}"#) }
      let closed = try await patient.closed()
      #expect(closed.code == 4103)
      #expect(closed.reason["code"] == "too_fast")
    }
  }
}

/// Hands a test the store that its broker works with.
final class Gate {
  private(set) var store: ScriptedStore?

  func wrap(_ next: SQLiteStore) -> any Store {
    let store = ScriptedStore(behind: next)
    self.store = store
    return store
  }
}

extension ScriptedStore {
  /// Returns when a transaction waits, without holding one of Swift's threads.
  func entered() async {
    await withCheckedContinuation { done in
      DispatchQueue.global().async {
        self.waitUntilEntered()
        done.resume()
      }
    }
  }
}

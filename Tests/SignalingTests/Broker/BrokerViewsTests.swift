import Accounts
import Foundation
import Rooms
import TURN
import TestSupport
import Testing

@testable import Signaling

/// What the broker says, held against the golden examples of docs/protocol/examples: the same members and types.
struct BrokerViewsTests {
  /// Examples that other tests hold against what the broker says.
  private static let elsewhere: Set<String> = [
    "close-reason", "close-reason.signed_out", "error.too_fast", "error.unavailable",
    "error.documents_unfetched",
  ]

  @Test("every golden example of the server has the shape of something that a real broker says")
  func goldenExamples() async throws {
    var said = try await adultStory()
    said += try await familyStory()
    said += try await changeStory()
    said += try await overdueStory()
    said += try await maintenanceStory()
    said += try await resumeStory()
    for example in Documents.examples where example.direction == "server" && !Self.elsewhere.contains(example.name) {
      let candidates = said.filter { example.name == $0.name || example.name.hasPrefix("\($0.name).") }
      #expect(!candidates.isEmpty, "nothing of the name \(example.name) was said")
      #expect(
        candidates.isEmpty || candidates.contains { $0.message.hasShape(of: example.message) },
        "\(example.name): nothing said has its shape, but for instance \(String(describing: candidates.last?.message))")
    }
  }

  @Test("whatever the broker says has a golden example under its name")
  func everythingIsDocumented() async throws {
    let names = Documents.examples.filter { $0.direction == "server" }.map(\.name)
    for each in try await adultStory() + familyStory() + changeStory() + overdueStory() + maintenanceStory()
      + resumeStory()
    {
      #expect(names.contains { $0 == each.name || $0.hasPrefix("\(each.name).") }, "\(each.name)")
    }
  }

  // MARK: Stories

  /// A whole consultation between two sockets, with what can go wrong on the way.
  private func adultStory() async throws -> [Peer.Said] {
    var settings = BrokerSettings.patient
    settings.ice.stun = ["stun:turn.example.org"]
    settings.ice.relay = .init(
      urls: ["turn:turn.example.org"], secret: try #require(TURNSecret("a-secret-for-this-test")), lifetimeSeconds: 1,
      ledger: nil)
    var said: [Peer.Said] = []
    try await BrokerFixture.run(settings) { fixture in
      let anne = try await fixture.practitioner("Anne")
      let luc = try await fixture.practitioner("Luc", rpps: "10007654329")
      let camille = try await fixture.patient("Camille")
      try await fixture.accounts.setAttending(
        of: camille.id, to: anne.id, by: .commandLine, now: BrokerFixture.now())
      try await fixture.start()
      let earlier = try await fixture.connect(camille)
      let waiting = try await fixture.request(by: earlier, for: camille)
      let doctor = try await fixture.connect(anne)
      let colleague = try await fixture.connect(luc)
      let patient = try await fixture.connect(camille)
      _ = try await doctor.ask("ping")
      _ = try await doctor.ask("presence.set", ["presence": "available"])
      _ = try await doctor.ask("room.open", ["consultation": waiting])
      _ = try await patient.ask(
        "request.create", fixture.wish(for: camille).with("payment", "cash"))
      try await patient.send(raw: "[]")
      let mine = try await patient.ask("request.create", fixture.wish(for: camille, assignment: "attending"))
      #expect(mine["body"]?["consultation"]?["assigned_to"]?["id"] == anne.json)
      _ = try await patient.ask("request.cancel", ["consultation": mine["body"]?["consultation"]?["id"] ?? .null])

      let id = try await fixture.request(by: patient, for: camille)
      let about: JSONValue = ["consultation": id]
      _ = try await doctor.ask("request.claim", about)
      _ = try await colleague.ask("request.claim", about)
      _ = try await doctor.ask("room.open", about)
      _ = try await doctor.ask("room.join", ["room": id, "as": "practitioner"])
      _ = try await earlier.ask("room.join", ["room": id, "as": "patient"])
      let take: JSONValue = ["room": id, "as": "patient"]
      _ = try await patient.ask("room.join", take)
      _ = try await patient.ask("room.join", take.with("take_over", true))
      _ = try await patient.ask("ice.refresh", ["room": id])
      _ = try await patient.event("ice")
      #expect(try await earlier.event("room.closed") == ["why": "taken_over"])
      _ = try await doctor.ask("room.leave", ["room": id])
      _ = try await doctor.ask("room.join", ["room": id, "as": "practitioner"])
      let room = try await patient.event("room") { $0["peers"]?.elements.isEmpty == false }
      let negotiation = try #require(room["peers"]?[0]?["negotiation"])
      for kind in ["offer", "answer", "candidate", "end_of_candidates", "bye"] {
        try await patient.signal(id, to: "practitioner", kind, negotiation)
        let received = try await doctor.message { $0["kind"]?.text == kind }
        #expect(received["from"] == "patient")
      }
      try await patient.signal(id, to: "practitioner", "bye", negotiation, id: 900)
      #expect(try await patient.reply(to: 900)["ok"] == true)
      let started = try await doctor.ask("consultation.start", about.with("persons", [camille.json]))
      #expect(started["ok"] == true)
      _ = try await patient.ask("room.leave", ["room": id])
      _ = try await patient.ask("room.join", take)
      _ = try await doctor.ask("consultation.end", about.with("reason", "completed"))
      #expect(try await patient.event("room.closed") == ["why": "ended", "reason": "completed"])
      #expect(try await doctor.event("room.closed") == ["why": "ended", "reason": "completed"])
      let late = try await patient.ask("room.join", take)
      #expect(late["error"]?["code"] == "consultation_ended")

      _ = try await doctor.ask("request.claim", ["consultation": waiting])
      _ = try await doctor.ask("room.open", ["consultation": waiting])
      _ = try await doctor.ask("room.join", ["room": waiting, "as": "practitioner"])
      _ = try await patient.ask("request.cancel", ["consultation": waiting])
      #expect(try await doctor.event("room.closed") == ["why": "cancelled"])
      for peer in [doctor, colleague, patient, earlier] {
        _ = try await peer.ask("ping")
        said += try await peer.transcript()
      }
      said += try await http(fixture, camille)
    }
    return said
  }

  /// A request that changes hands, and consultations that are closed from either side.
  private func changeStory() async throws -> [Peer.Said] {
    var said: [Peer.Said] = []
    try await BrokerFixture.run { fixture in
      let anne = try await fixture.practitioner("Anne")
      let luc = try await fixture.practitioner("Luc", rpps: "10007654329")
      let camille = try await fixture.patient("Camille")
      try await fixture.accounts.setAttending(
        of: camille.id, to: anne.id, by: .commandLine, now: BrokerFixture.now())
      try await fixture.start()
      let (doctor, colleague) = (try await fixture.connect(anne), try await fixture.connect(luc))
      let patient = try await fixture.connect(camille)
      let asked = try await patient.ask("request.create", fixture.wish(for: camille, assignment: "attending"))
      let about: JSONValue = ["consultation": asked["body"]?["consultation"]?["id"] ?? .null]
      _ = try await doctor.ask("request.refuse", about.with("grounds", "professional"))
      _ = try await patient.ask("request.assign", about.with("physician", luc.json))
      _ = try await patient.ask("request.unassign", about)
      _ = try await doctor.ask("request.claim", about)
      _ = try await doctor.ask("room.open", about)
      _ = try await doctor.ask("room.join", ["room": about["consultation"] ?? .null, "as": "practitioner"])
      _ = try await doctor.ask("request.release", about)
      #expect(try await doctor.event("room.closed") == ["why": "released"])
      let other: JSONValue = ["consultation": try await fixture.request(by: patient, for: camille)]
      for consultation in [about, other] {
        _ = try await colleague.ask("request.claim", consultation)
        #expect(try await patient.ask("incident.report", consultation.with("kind", "ice_failed"))["ok"] == true)
        _ = try await colleague.ask("consultation.end", consultation.with("reason", "completed"))
      }
      #expect(try await patient.ask("consultation.confirm", about)["ok"] == true)
      #expect(try await colleague.ask("consultation.close", other)["ok"] == true)
      for peer in [doctor, colleague, patient] {
        _ = try await peer.ask("ping")
        said += try await peer.transcript()
      }
    }
    return said
  }

  /// Nobody claims a request in time.
  private func overdueStory() async throws -> [Peer.Said] {
    var settings = BrokerSettings.patient
    settings.terms.claimMilliseconds = 1
    var said: [Peer.Said] = []
    try await BrokerFixture.run(settings) { fixture in
      let anne = try await fixture.practitioner("Anne")
      let camille = try await fixture.patient("Camille")
      try await fixture.accounts.setAttending(
        of: camille.id, to: anne.id, by: .commandLine, now: BrokerFixture.now())
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      _ = try await patient.ask("request.create", fixture.wish(for: camille, assignment: "attending"))
      _ = try await patient.event("consultations") { $0["upsert"]?[0]?["overdue"] == "claim" }
      said = try await patient.transcript()
    }
    return said
  }

  /// A maintenance is announced and undone (CU-5.1).
  private func maintenanceStory() async throws -> [Peer.Said] {
    var said: [Peer.Said] = []
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let patient = try await fixture.connect(camille)
      let until = BrokerFixture.now() + 3_600_000
      let announced = try Maintenance(message: "Mise à jour", until: until, limit: until, endsProcess: true)
      await fixture.broker.announce(announced)
      #expect(
        try await patient.event("maintenance")["maintenance"] == [
          "message": "Mise à jour", "until": .number(Double(until)),
        ])
      let late = try await fixture.connect(camille)
      #expect(try await late.event("maintenance")["maintenance"]?["message"] == "Mise à jour")
      let refused = try await late.ask("request.create", fixture.wish(for: camille))
      #expect(refused["error"]?["code"] == "maintenance")
      said.append(Peer.Said(name: "http/health", message: try await fixture.http("GET", "/v1/health").body))
      await fixture.broker.announce(nil)
      #expect(try await late.event("maintenance") == ["maintenance": .null])
      #expect(try await late.ask("request.create", fixture.wish(for: camille))["ok"] == true)
      for peer in [patient, late] { said += try await peer.transcript() }
    }
    return said
  }

  /// Somebody's connection breaks, they come back in time, and later too late for their seat.
  private func resumeStory() async throws -> [Peer.Said] {
    var settings = BrokerSettings.patient
    settings.presenceTimeout = .zero
    var said: [Peer.Said] = []
    try await BrokerFixture.run(settings) { fixture in
      let stage = try await Family(fixture, attended: true)
      try await stage.openRoom()
      let lea = try await stage.join(stage.lea, as: "patient")
      try await lea.vanish()
      _ = try await stage.doctor.event("room") { $0["seats"]?[1]?["present"] == false }
      let back = try await fixture.connect()
      #expect(try await back.resume(lea)["body"]?["resumed"] == true)
      #expect(try await back.event("room.closed") == ["why": "connection_lost"])
      // Whose older connection still seems to be there keeps the seat.
      let moved = try await fixture.connect()
      #expect(try await moved.resume(stage.doctor)["body"]?["room"] == stage.id)
      said = try await back.transcript() + moved.transcript()
    }
    return said
  }

  /// Signing in, well and badly.
  private func http(_ fixture: BrokerFixture, _ member: BrokerFixture.Member) async throws -> [Peer.Said] {
    var said: [Peer.Said] = []
    func note(_ name: String, _ answer: BrokerFixture.Answer) {
      said.append(Peer.Said(name: "http/\(name)", message: answer.body))
    }
    note("health", try await fixture.http("GET", "/v1/health"))
    let right: JSONValue = ["email": .string(member.email), "password": .string(BrokerFixture.password)]
    note("session.create.reply", try await fixture.http("POST", "/v1/session", body: right))
    note("session.create.reply", try await fixture.http("POST", "/v1/session", body: right.with("bearer", true)))
    for _ in 0..<30 {
      let answer = try await fixture.http("POST", "/v1/session", body: right.with("password", "wrong password"))
      note("problem", answer)
      if answer.status == 429 { break }
    }
    return said
  }

  /// A minor and her parents (CU-6.3).
  private func familyStory() async throws -> [Peer.Said] {
    var said: [Peer.Said] = []
    try await BrokerFixture.run { fixture in
      let stage = try await Family(fixture, attended: true)
      try await stage.openRoom()
      let lea = try await stage.join(stage.lea, as: "patient")
      try await lea.signal(stage.id, to: "practitioner", "offer", 1)
      let refused = try await lea.message { $0["ok"] == false }
      #expect(refused["error"]?["details"] == ["missing": ["guardian"]])
      let beside: JSONValue = [
        "room": stage.id, "email": .string(stage.julie.email), "password": .string(BrokerFixture.password),
      ]
      let accompanied = try await lea.ask("room.accompany", beside)
      let token = try #require(accompanied["body"]?["token"])
      _ = try await lea.ask("room.unaccompany", ["room": stage.id])
      _ = try await lea.ask("room.accompany", ["room": stage.id, "token": token])
      let marc = try await stage.join(stage.marc, as: "guardian")
      let started = try await stage.doctor.ask(
        "consultation.start",
        ["consultation": stage.id, "persons": [stage.lea.json, stage.julie.json, stage.marc.json]])
      #expect(started["ok"] == true)
      _ = try await stage.doctor.event("room") { $0["state"] == "in_progress" }
      try await marc.vanish()
      _ = try await lea.ask("room.unaccompany", ["room": stage.id])
      _ = try await stage.doctor.event("room") { $0["state"] == "suspended" }
      let julie = try await stage.join(stage.julie, as: "guardian")
      _ = try await stage.doctor.event("room") { $0["state"] == "in_progress" }
      try await stage.unlink(stage.julie)
      #expect(try await julie.event("room.closed") == ["why": "not_admitted"])
      _ = try await julie.closed()
      _ = try await stage.doctor.event("room") { $0["state"] == "suspended" }
      _ = try await stage.doctor.ask("consultation.end", ["consultation": stage.id, "reason": "conditions_not_met"])
      let back = try await fixture.connect(stage.lea)
      _ = try await back.event("consultations") { $0["items"]?[0]?["state"] == "ended" }
      for peer in stage.peers + [back] { said += try await peer.transcript() }
    }
    return said
  }
}

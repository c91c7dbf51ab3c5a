import Foundation
import Logging
import Rooms
import TURN
import Testing

@testable import Signaling

/// Credentials for TURN servers, as seats get them.
struct BrokerICETests {
  private static let secret = TURNSecret("a-secret-for-this-test")!

  private static func settings(lifetimeSeconds: Int, ledger: RelayLedger? = nil) -> BrokerSettings {
    var settings = BrokerSettings.patient
    settings.ice.stun = ["stun:turn.example"]
    settings.ice.relay = .init(
      urls: ["turn:turn.example", "turns:turn.example:443?transport=tcp"], secret: secret,
      lifetimeSeconds: lifetimeSeconds, ledger: ledger)
    return settings
  }

  /// A consultation with both in its room.
  private struct Scene {
    let id: JSONValue
    let doctor: Peer
    let patient: Peer
    let seats: [JSONValue]

    init(_ fixture: BrokerFixture) async throws {
      let anne = try await fixture.practitioner("Anne")
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      doctor = try await fixture.connect(anne)
      patient = try await fixture.connect(camille)
      id = try await fixture.request(by: patient, for: camille)
      _ = try await doctor.ask("request.claim", ["consultation": id])
      _ = try await doctor.ask("room.open", ["consultation": id])
      let first = try await doctor.ask("room.join", ["room": id, "as": "practitioner"])
      let second = try await patient.ask("room.join", ["room": id, "as": "patient"])
      seats = [try #require(first["body"]), try #require(second["body"])]
    }
  }

  /// Asserts that it is one STUN and one TURN entry, the latter with credentials made from `secret` that expire as it says.
  private func check(_ body: JSONValue, _ secret: TURNSecret = secret) throws -> TURNCredentials {
    let servers = try #require(body["ice_servers"]?.elements)
    #expect(servers.count == 2 && servers[0] == ["urls": ["stun:turn.example"]])
    #expect(servers[1]["urls"] == ["turn:turn.example", "turns:turn.example:443?transport=tcp"])
    let username = try #require(servers[1]["username"]?.text)
    let parts = username.split(separator: ":")
    let seconds = try #require(parts.first.flatMap { Int64($0) })
    let made = TURNCredentials(secret: secret, bearer: parts.dropFirst().joined(), expiresAt: seconds * 1_000)
    #expect(username == made.username && servers[1]["credential"]?.text == made.password)
    #expect(body["ice_expires_at"]?.integer.map(Int64.init) == seconds * 1_000)
    return made
  }

  @Test("Each seat has credentials of its own, which name nobody")
  func seats() async throws {
    try await BrokerFixture.run(Self.settings(lifetimeSeconds: 600)) { fixture in
      let now = BrokerFixture.now()
      let scene = try await Scene(fixture)
      let made = try scene.seats.map { try check($0) }
      #expect(made[0].username != made[1].username)
      for each in made {
        #expect((now + 599_000...BrokerFixture.now() + 600_000).contains(each.expiresAt))
        #expect(!each.username.contains(scene.id.text ?? ""))
      }
      #expect(scene.seats[0]["ice_transport_policy"] == "all")
    }
  }

  @Test("Fresh ones come by themselves, again and again, to the seat under its name")
  func renewed() async throws {
    try await BrokerFixture.run(Self.settings(lifetimeSeconds: 2)) { fixture in
      let scene = try await Scene(fixture)
      var last = try check(scene.seats[1])
      let name = last.username.split(separator: ":")[1]
      for _ in 1...3 {
        let fresh = try check(try await scene.patient.event("ice"))
        #expect(fresh.expiresAt > last.expiresAt && fresh.username.split(separator: ":")[1] == name)
        last = fresh
      }
    }
  }

  @Test("Fresh ones can be asked for by who has a seat, and by nobody else")
  func refreshed() async throws {
    try await BrokerFixture.run(Self.settings(lifetimeSeconds: 600)) { fixture in
      let scene = try await Scene(fixture)
      let about: JSONValue = ["room": scene.id]
      let reply = try await scene.patient.ask("ice.refresh", about)
      _ = try check(try #require(reply["body"]))
      let stranger = try await fixture.connect(try await fixture.patient("Luc"))
      #expect(try await stranger.ask("ice.refresh", about)["error"]?["code"] == "not_seated")
      _ = try await scene.patient.ask("room.leave", about)
      #expect(try await scene.patient.ask("ice.refresh", about)["error"]?["code"] == "not_seated")
      _ = try await scene.doctor.ask("consultation.end", ["consultation": scene.id, "reason": "completed"])
      #expect(try await scene.doctor.ask("ice.refresh", about)["error"]?["code"] == "consultation_ended")
    }
  }

  @Test("Where the servers know each room's own secret, it comes with the room and goes with it")
  func ledger() async throws {
    let database = TURNSecrets(["somebody-else's"])
    let table = try #require(TURNSecretTable(realm: "consult.example"))
    let ledger = RelayLedger(secret: Self.secret, table: table, database: database, log: Logger(label: "test"))
    let running = Task { await ledger.run() }
    defer { running.cancel() }
    try await BrokerFixture.run(Self.settings(lifetimeSeconds: 600, ledger: ledger)) { fixture in
      let scene = try await Scene(fixture)
      let own = try #require(database.values.first { $0.hasPrefix(Self.secret.derivedPrefix) })
      for seat in scene.seats { _ = try check(seat, try #require(TURNSecret(own))) }
      _ = try await scene.doctor.ask("consultation.end", ["consultation": scene.id, "reason": "completed"])
      let deadline = ContinuousClock.now.advanced(by: .seconds(10))
      while database.values.count > 1, .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
      #expect(database.values == ["somebody-else's"])
    }
  }
}

import Accounts
import Foundation
import TestSupport

@testable import Signaling

extension BrokerFixture {
  static let reason = "Fièvre depuis deux jours"

  func wish(for patient: Member, assignment: String = "unassigned") -> JSONValue {
    [
      "patient": patient.json, "assignment": .string(assignment), "reason": .string(Self.reason),
      "payment": "tiers_payant_integral",
    ]
  }

  /// Asks for a teleconsultation, and returns its id.
  func request(by peer: Peer, for patient: Member) async throws -> JSONValue {
    let answer = try await peer.ask("request.create", wish(for: patient))
    guard let id = answer["body"]?["consultation"]?["id"] else { throw StreamError.unexpected("\(answer)") }
    return id
  }

  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: JSONValue
  }

  /// One HTTP request, on a connection of its own.
  func http(
    _ method: String, _ path: String, token: String? = nil, headers: [String] = [], body: JSONValue? = nil
  ) async throws -> Answer {
    let port = port
    let own = token.map { ["Authorization: Bearer \($0)"] } ?? []
    let namesType = headers.contains { $0.hasPrefix("Content-Type:") }
    let type = body == nil || namesType ? [] : ["Content-Type: application/json"]
    let text = try body?.json
    return try await withCheckedThrowingContinuation { done in
      DispatchQueue.global().async {
        done.resume(
          with: Result {
            let client = TestClient(try TCPStream(port: port, patience: 120))
            let answer = try client.request(method, path, headers: own + type + headers, body: text)
            return Answer(
              status: answer.status, headers: answer.headers,
              body: answer.body.isEmpty ? .null : try JSONValue(parsing: answer.text))
          })
      }
    }
  }
}

/// A child, her parents and a practitioner, up to the open room.
final class Family {
  let fixture: BrokerFixture
  let anne: BrokerFixture.Member
  let marc: BrokerFixture.Member
  let julie: BrokerFixture.Member
  let lea: BrokerFixture.Member
  let doctor: Peer
  private(set) var id: JSONValue = .null
  /// Everybody who was connected here.
  private(set) var peers: [Peer]

  /// - Parameters:
  ///   - parents: how many of Marc and Julie are recorded as her parents.
  ///   - attended: whether Anne is her attending physician.
  init(_ fixture: BrokerFixture, parents: Int = 2, attended: Bool = false) async throws {
    self.fixture = fixture
    anne = try await fixture.practitioner("Anne")
    marc = try await fixture.patient("Marc", [.guardian, .patient])
    julie = try await fixture.patient("Julie", [.guardian, .patient])
    lea =
      parents == 2 ? try await fixture.child("Lea", of: marc, julie) : try await fixture.child("Lea", of: marc)
    if attended {
      try await fixture.accounts.setAttending(of: lea.id, to: anne.id, by: .commandLine, now: BrokerFixture.now())
    }
    try await fixture.start()
    doctor = try await fixture.connect(anne)
    peers = [doctor]
  }

  /// The patient asks, the practitioner claims, opens and sits down.
  func openRoom() async throws {
    let asking = try await fixture.connect(marc)
    peers.append(asking)
    id = try await fixture.request(by: asking, for: lea)
    for step in ["request.claim", "room.open"] {
      let answer = try await doctor.ask(step, ["consultation": id])
      guard answer["ok"] == true else { throw StreamError.unexpected("\(step): \(answer)") }
    }
    _ = try await doctor.ask("room.join", ["room": id, "as": "practitioner"])
  }

  /// Somebody sits down, on a connection of their own.
  func join(_ member: BrokerFixture.Member, as role: String) async throws -> Peer {
    let peer = try await fixture.connect(member)
    peers.append(peer)
    let answer = try await peer.ask("room.join", ["room": id, "as": .string(role)])
    guard answer["ok"] == true else { throw StreamError.unexpected("\(answer)") }
    return peer
  }

  /// The practitioner starts as soon as the patient has joined too.
  func start(seen: [BrokerFixture.Member]) async throws -> JSONValue {
    if seen.contains(where: { $0.id == lea.id }) { _ = try await join(lea, as: "patient") }
    return try await doctor.ask(
      "consultation.start", ["consultation": id, "persons": .array(seen.map(\.json))])
  }

  func unlink(_ guardian: BrokerFixture.Member) async throws {
    try await fixture.accounts.unlink(
      patient: lea.id, guardian: guardian.id, by: .commandLine, now: BrokerFixture.now())
  }
}

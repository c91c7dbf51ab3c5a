import Foundation
import Rooms
import Testing

@testable import Signaling

/// Events that go to many are written to some of them at a time.
struct FanOutTests {
  @Test("an event for many goes to all of them, once and in order, also to who is told something else meanwhile")
  func order() async throws {
    try await BrokerFixture.run { fixture in
      let (peers, ids) = try await Self.connect(3 * FanOut.slice, fixture)
      let last = try #require(ids.last)
      let given = await fixture.broker.run { broker in
        broker.announce(1, to: ids)
        broker.announce(2, to: ids)
        broker.announce(3, to: [last])
        broker.announce(4, to: ids)
        return ids.map { broker.clients[$0]?.continuity.sequence }
      }
      // Nobody has been written to but the one who was told something else, and got what comes before that.
      #expect(Set(given.dropLast()) == [2])
      #expect(given.last == 5)
      for (number, peer) in peers.enumerated() {
        let expected = number == peers.count - 1 ? [1, 2, 3, 4] : [1, 2, 4]
        for count in expected { #expect(try await peer.event("availability")["available"]?.integer == count) }
        let sequence = try await peer.transcript().compactMap { $0.message["seq"]?.integer }
        #expect(sequence == Array(1...2 + expected.count))
      }
    }
  }

  @Test("an answer comes behind the events that were sent before it")
  func answer() async throws {
    try await BrokerFixture.run { fixture in
      let (peers, ids) = try await Self.connect(2 * FanOut.slice, fixture)
      let (peer, last) = (try #require(peers.last), try #require(ids.last))
      await fixture.broker.run { broker in
        broker.announce(1, to: ids)
        guard let client = broker.clients[last] else { return }
        broker.reply(to: client, re: 1_000) { $0.object { _ in } }
      }
      _ = try await peer.message { $0["re"]?.integer == 1_000 }
      #expect(try await peer.transcript().map(\.message).dropLast().last?["body"]?["available"]?.integer == 1)
    }
  }

  @Test("who comes back before it was their turn gets the event with what they missed")
  func comesBack() async throws {
    try await BrokerFixture.run { fixture in
      let (peers, ids) = try await Self.connect(1, fixture)
      let (lost, id) = (try #require(peers.first), try #require(ids.first))
      try await lost.vanish()
      await fixture.broker.run { $0.clients[id]?.unsent = [Self.event] }
      let back = try await fixture.connect()
      let answer = try await back.resume(lost)
      #expect(answer["body"]?["resumed"] == true)
      #expect(try await back.ask("ping")["ok"] == true)
      let heard = try await back.transcript()
      #expect(heard.map(\.name) == ["hello.reply", "test", "ping.reply"])
    }
  }

  @Test(
    "a turn's share is a slice, and more when very many wait",
    arguments: [(0, 0), (1, 1), (65, 64), (1_024, 64), (5_000, 312)])
  func share(_ waiting: Int, _ expected: Int) {
    #expect(FanOut.share(of: waiting) == expected)
  }

  @Test("nobody is in line twice, and whoever got their turn may be in line again")
  func line() async throws {
    try await BrokerFixture.run { fixture in
      let (_, ids) = try await Self.connect(FanOut.slice + 1, fixture)
      await fixture.broker.run { broker in
        let clients = ids.compactMap { broker.clients[$0] }
        var line = FanOut()
        line.add(Self.event, to: clients)
        line.add(Self.event, to: clients)
        #expect(line.next().map(\.id) == Array(ids.prefix(FanOut.slice)))
        #expect(line.next().map(\.id) == [ids.last])
        #expect(line.isEmpty)
        line.add(Self.event, to: [clients[0]])
        #expect(line.next().map(\.id) == [ids.first])
        #expect(clients.map(\.unsent.count) == [3] + Array(repeating: 2, count: FanOut.slice))
        for client in clients { client.unsent = [] }
      }
    }
  }

  @Test("many patients are told once a second how many practitioners are available, and what is true then")
  func availability() async throws {
    try await BrokerFixture.run { fixture in
      let anne = try await fixture.practitioner("Anne")
      let (peers, _) = try await Self.connect(FanOut.slice + 1, fixture)
      let doctor = try await fixture.connect(anne)
      for presence in ["available", "away", "available", "away", "available"] {
        #expect(try await doctor.ask("presence.set", ["presence": .string(presence)])["ok"] == true)
      }
      for peer in peers {
        #expect(try await peer.event("availability") == ["available": 1])
        #expect(try await peer.transcript().filter { $0.name == "availability" }.count == 2)
      }
    }
  }

  private static let event = Array(#""type":"test"}"#.utf8)[...]

  /// Patients who have been told two things each.
  private static func connect(_ count: Int, _ fixture: BrokerFixture) async throws -> ([Peer], [ConnectionID]) {
    var members: [BrokerFixture.Member] = []
    for number in 0..<count { members.append(try await fixture.patient("Camille\(number)")) }
    try await fixture.start()
    var peers: [Peer] = []
    for member in members {
      let peer = try await fixture.connect(member)
      _ = try await peer.event("availability")
      peers.append(peer)
    }
    return (peers, await fixture.broker.run { $0.clients.keys.sorted() })
  }
}

extension Broker {
  fileprivate func run<Result: Sendable>(_ body: @Sendable (isolated Broker) -> Result) -> Result { body(self) }

  fileprivate func announce(_ count: Int, to connections: [ConnectionID]) {
    send("availability", to: connections) { writer in writer.object { $0.member("available", count) } }
  }
}

import Foundation
import Testing

@testable import Accounts

@Suite("Where somebody is signed in")
struct DeviceTests {
  @Test("Sessions are listed newest first with their device, without those that are over, and ended one by one")
  func listed() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let hugo = try await fixture.person("Hugo", password: Fixture.password)
    var sessions: [Session] = []
    for device in ["Firefox, Linux", "Safari, iPhone"] {
      let now = Fixture.now + Int64(sessions.count)
      sessions.append(
        try await fixture.store.signIn(
          email: "anne@test.example", password: Fixture.password, address: .unknown, kind: .cookie, device: device,
          now: now
        ).session)
    }
    let others = try await fixture.signIn("hugo@test.example").session
    let store = fixture.store
    #expect(try await store.sessions(of: anne, now: Fixture.now + 1) == sessions.reversed())
    #expect(try await store.sessions(of: anne, now: sessions[0].expiresAt) == [sessions[1]])
    #expect(try await store.endSession(others.id, of: anne) == nil)
    #expect(try await store.sessions(of: hugo, now: Fixture.now) == [others])
    #expect(try await store.endSession(sessions[0].id, of: anne) == sessions[0])
    #expect(try await store.endSession(sessions[0].id, of: anne) == nil)
    #expect(try await store.sessions(of: anne, now: Fixture.now + 1) == [sessions[1]])
  }

  @Test("Use is noted once an hour, and costs nothing in between")
  func noted() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn("anne@test.example")
    func found(_ now: Int64) async throws -> Session {
      try #require(try await fixture.store.session(forToken: signedIn.token.text, now: now))
    }
    let hour: Int64 = 3_600_000
    for (now, writes, noted) in [(hour - 1, 0, 0), (hour, 1, hour), (2 * hour - 1, 0, hour), (2 * hour, 1, 2 * hour)] {
      let now = Fixture.now + now
      let session = try await found(now)
      let cost = try await fixture.cost { try await fixture.store.noteUse(of: session, now: now) }
      #expect(cost == Fixture.Cost(hashes: 0, commits: writes))
      #expect(try await found(now).lastUsedAt == Fixture.now + noted)
    }
    try await fixture.store.noteUse(of: signedIn.session, now: Fixture.now + 2 * hour + 1)
    let last = try await fixture.store.sessions(of: anne, now: Fixture.now).map(\.lastUsedAt)
    #expect(last == [Fixture.now + 2 * hour], "another request noted it already")
  }
}

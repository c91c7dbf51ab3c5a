import Foundation
import Testing

@testable import Accounts

@Suite("Sessions")
struct SessionTests {
  private static let room = UUID()

  @Test(
    "Each kind has its lifetime, to the millisecond",
    arguments: [(.cookie, 43_200_000), (.bearer, 2_592_000_000), (.companion(room: room), 14_400_000)]
      as [(Session.Kind, Int64)])
  func lifetime(kind: Session.Kind, milliseconds: Int64) async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn("anne@test.example", kind: kind)
    #expect(signedIn.session.expiresAt == Fixture.now + milliseconds)
    for (now, isValid) in [(signedIn.session.expiresAt - 1, true), (signedIn.session.expiresAt, false)] {
      let token = signedIn.token.text
      let found =
        if case .companion(let room) = kind {
          try await fixture.store.companionSession(forToken: token, room: room, now: now)
        } else {
          try await fixture.store.session(forToken: token, now: now)
        }
      #expect((found == signedIn.session) == isValid)
    }
  }

  @Test("CU-6.3b: a companion's token is good for its room, and for nothing else")
  func companion() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Julie", [.guardian], password: Fixture.password)
    let signedIn = try await fixture.store.signInCompanion(
      email: "julie@test.example", password: Fixture.password, room: SessionTests.room, address: .unknown,
      now: Fixture.now)
    let token = signedIn.token.text
    #expect(try await fixture.store.session(forToken: token, now: Fixture.now) == nil)
    #expect(try await fixture.store.companionSession(forToken: token, room: UUID(), now: Fixture.now) == nil)
    #expect(
      try await fixture.store.companionSession(forToken: token, room: SessionTests.room, now: Fixture.now)
        == signedIn.session)
    let bearer = try await fixture.signIn("julie@test.example").token.text
    #expect(
      try await fixture.store.companionSession(forToken: bearer, room: SessionTests.room, now: Fixture.now) == nil)
  }

  @Test("Neither token nor password is in the clear on the disk")
  func notInTheClear() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let token = try await fixture.signIn("anne@test.example").token.text
    let bytes = try fixture.bytesOnDisk()
    #expect(bytes.range(of: Data("anne@test.example".utf8)) != nil, "this search finds what is there")
    #expect(bytes.range(of: Data(token.utf8)) == nil)
    #expect(bytes.range(of: Data(Fixture.password.utf8)) == nil)
    let padded = token.replacing("-", with: "+").replacing("_", with: "/") + "="
    let secret = try #require(Data(base64Encoded: padded))
    #expect(bytes.range(of: secret) == nil)
  }

  @Test("Signing out ends that session and tells which")
  func signOut() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let one = try await fixture.signIn("anne@test.example")
    let other = try await fixture.signIn("anne@test.example")
    #expect(try await fixture.store.signOut(token: one.token.text) == one.session)
    #expect(try await fixture.store.signOut(token: one.token.text) == nil)
    #expect(try await fixture.store.session(forToken: one.token.text, now: Fixture.now) == nil)
    #expect(try await fixture.store.session(forToken: other.token.text, now: Fixture.now) == other.session)
    #expect(try await fixture.store.revokeSession(other.session.id) == other.session)
    #expect(try await fixture.store.session(forToken: other.token.text, now: Fixture.now) == nil)
  }

  @Test("Revoking all of an account's sessions leaves the others'")
  func revokeAll() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    _ = try await fixture.person("Hugo", password: Fixture.password)
    for _ in 0..<3 { _ = try await fixture.signIn("anne@test.example") }
    let hugo = try await fixture.signIn("hugo@test.example")
    #expect(try await fixture.store.revokeSessions(of: anne, by: .commandLine, now: Fixture.now).count == 3)
    #expect(try await fixture.store.session(forToken: hugo.token.text, now: Fixture.now) == hugo.session)
  }

  @Test("The oldest session is dropped for one too many, and expired ones do not count")
  func bounded() async throws {
    let fixture = try Fixture(AccountSettings(cost: .cheap, sessions: SessionLimits(perAccount: 3)))
    _ = try await fixture.person("Anne", password: Fixture.password)
    let expired = try await fixture.signIn(
      "anne@test.example", kind: .companion(room: UUID()), now: Fixture.now - 14_400_000)
    var sessions: [SignedIn] = []
    for second in 0..<3 {
      sessions.append(try await fixture.signIn("anne@test.example", now: Fixture.now + Int64(second)))
    }
    #expect(sessions.map(\.dropped) == [[expired.session], [], []])
    let fourth = try await fixture.signIn("anne@test.example", now: Fixture.now + 3)
    #expect(fourth.dropped == [sessions[0].session])
    #expect(try await fixture.store.session(forToken: sessions[0].token.text, now: Fixture.now) == nil)
    #expect(try await fixture.store.session(forToken: sessions[1].token.text, now: Fixture.now) != nil)
  }

  @Test("Sweeping forgets what is over, and tells which")
  func sweep() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let cookie = try await fixture.signIn("anne@test.example", kind: .cookie)
    let bearer = try await fixture.signIn("anne@test.example")
    #expect(try await fixture.store.sweepExpiredSessions(now: cookie.session.expiresAt - 1).isEmpty)
    #expect(try await fixture.store.sweepExpiredSessions(now: cookie.session.expiresAt) == [cookie.session])
    #expect(try await fixture.store.session(forToken: bearer.token.text, now: cookie.session.expiresAt) != nil)
  }

  @Test("What has not the form of a token is no session", arguments: ["", "a", String(repeating: "x", count: 43)])
  func notAToken(text: String) async throws {
    let fixture = try Fixture()
    #expect(try await fixture.store.session(forToken: text, now: Fixture.now) == nil)
    #expect(try await fixture.store.signOut(token: text) == nil)
  }
}

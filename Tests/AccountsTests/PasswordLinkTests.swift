import Foundation
import GRDB
import Mail
import Testing

@testable import Accounts

@Suite("CU-4.1: a forgotten password")
struct PasswordLinkTests {
  private static let hour: Int64 = 3_600_000
  private let here = RemoteAddress("192.0.2.7")

  private func reset(
    _ fixture: Fixture, _ token: String, _ password: String = "another good one", now: Int64 = Fixture.now
  ) async throws(AccountRefusal) {
    try await fixture.store.resetPassword(token: token, to: password, address: here, now: now)
  }

  /// The token of a new link.
  private func link(_ fixture: Fixture, _ name: String = "anne", now: Int64 = Fixture.now) async throws -> String {
    try await fixture.store.sendPasswordLink(email: "\(name)@test.example", now: now)
    return try await fixture.token(to: "\(name)@test.example")
  }

  @Test("The link sets a new password, ends all sessions, and is told by e-mail and in the audit")
  func reset() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn("anne@test.example")
    try await reset(fixture, link(fixture))
    #expect(try await fixture.store.session(forToken: signedIn.token.text, now: Fixture.now) == nil)
    #expect(await refusal { try await fixture.signIn("anne@test.example") } == .wrongCredentials)
    _ = try await fixture.signIn("anne@test.example", "another good one")
    #expect(try await fixture.letters(to: "anne@test.example").last == .passwordChanged)
    let entry = try #require(try await fixture.store.audit().last)
    #expect(entry.action == .passwordSet && entry.subject == anne && entry.actor == .account(anne))
  }

  @Test("The link is good for an hour, to the millisecond, and once", arguments: [(-1, true), (0, false)])
  func expiry(offset: Int64, isGood: Bool) async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let token = try await link(fixture)
    let end = Fixture.now + PasswordLinkTests.hour + offset
    #expect(await refusal { try await reset(fixture, token, now: end) } == (isGood ? nil : .linkInvalid))
    #expect(await refusal { try await reset(fixture, token, now: end) } == .linkInvalid)
  }

  @Test("A new link replaces the old one, and any other way to a new password ends it")
  func replaced() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let (old, new) = (try await link(fixture), try await link(fixture))
    #expect(await refusal { try await reset(fixture, old) } == .linkInvalid)
    try await fixture.store.setPassword("another good one", of: anne, by: .commandLine, now: Fixture.now)
    #expect(await refusal { try await reset(fixture, new) } == .linkInvalid)
  }

  @Test("A password out of bounds does not use up the link")
  func short() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let token = try await link(fixture)
    #expect(await refusal { try await reset(fixture, token, "short") }?.code == "invalid_field")
    try await reset(fixture, token)
  }

  @Test("Unknown and closed addresses get no letter, for the same work as others")
  func alike() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let closed = try await fixture.person("Closed", password: Fixture.password)
    let token = try await link(fixture, "closed")
    try await fixture.store.suspend(closed, ground: "x", by: .commandLine, now: Fixture.now)
    #expect(await refusal { try await reset(fixture, token) } == .linkInvalid)
    try await fixture.deliverLetters()
    for name in ["anne", "closed", "nobody"] {
      let cost = try await fixture.cost {
        try await fixture.store.sendPasswordLink(email: "\(name)@test.example", now: Fixture.now)
      }
      #expect(cost == Fixture.Cost(hashes: 0, commits: 1), "\(name)")
    }
    #expect(try await fixture.letters().map(\.recipient) == ["anne@test.example"])
  }

  @Test("Who is locked out by somebody's guessing gets in with a new password at once")
  func liftsTheLock() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    for guess in 0..<6 {
      _ = await refusal {
        try await fixture.signIn("anne@test.example", "not the right one", address: "10.0.0.\(guess)")
      }
    }
    #expect(await refusal { try await fixture.signIn("anne@test.example") }?.code == "too_many_attempts")
    try await reset(fixture, link(fixture))
    _ = try await fixture.signIn("anne@test.example", "another good one")
  }

  @Test("5 requests for an e-mail address and 20 from a remote one are free, whether or not there is an account")
  func throttled() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    let locked = AccountRefusal.tooManyAttempts(afterMilliseconds: 1000)
    func ask(_ email: String, _ address: String) async -> AccountRefusal? {
      await refusal {
        try fixture.store.admitPasswordRequest(email: email, address: RemoteAddress(address), now: Fixture.now)
      }
    }
    for email in ["anne@test.example", "nobody@test.example"] {
      for number in 0..<6 { #expect(await ask(email, "192.0.2.\(number)") == nil) }
      #expect(await ask(email, "192.0.2.8") == locked)
    }
    for number in 0..<21 { #expect(await ask("person\(number)@test.example", "198.51.100.1") == nil) }
    #expect(await ask("last@test.example", "198.51.100.1") == locked)
    #expect(await ask("not an address", "192.0.2.8")?.code == "invalid_field")
  }

  @Test("Nobody uses up the owner's requests with sign-ups for the address")
  func apart() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    for number in 0..<6 { try await fixture.signUp(.person("Anne"), from: "10.0.0.\(number)") }
    #expect(await refusal { try await fixture.signUp(.person("Anne"), from: "10.0.0.9") }?.code == "too_many_attempts")
    try fixture.store.admitPasswordRequest(email: "anne@test.example", address: here, now: Fixture.now)
  }

  @Test("The decoys of addresses without an account are gone with the next sweep")
  func decoys() async throws {
    let fixture = try Fixture()
    func count() async throws -> Int? {
      try await fixture.store.database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM decoy") }
    }
    try await fixture.store.sendPasswordLink(email: "nobody@test.example", now: Fixture.now)
    #expect(try await count() == 1)
    try await fixture.store.sweepExpired(now: Fixture.now)
    #expect(try await count() == 0)
  }

  @Test("The token is not on the disk once the letter is sent")
  func notInTheClear() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    let token = try await link(fixture)
    try await fixture.deliverLetters()
    #expect(try await fixture.store.scrub())
    #expect(try fixture.bytesOnDisk().range(of: Data(token.utf8)) == nil)
    try await reset(fixture, token)
  }
}

@Suite("Changing one's password")
struct PasswordChangeTests {
  private let here = RemoteAddress("192.0.2.7")

  @Test("It takes the current one, ends all other sessions and links, and is told by e-mail")
  func changed() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let (kept, other) = (
      try await fixture.signIn("anne@test.example"), try await fixture.signIn("anne@test.example")
    )
    try await fixture.store.requestEmail(
      "new@test.example", by: kept.session, password: Fixture.password, address: here, now: Fixture.now)
    let ended = try await fixture.store.changePassword(
      of: anne, current: Fixture.password, to: "another good one", keeping: kept.session.id, address: here,
      now: Fixture.now)
    #expect(ended == [other.session])
    #expect(try await fixture.store.sessions(of: anne, now: Fixture.now) == [kept.session])
    _ = try await fixture.signIn("anne@test.example", "another good one")
    #expect(try await fixture.letters(to: "anne@test.example") == [.passwordChanged])
    #expect(try await fixture.actions(about: anne) == [.accountCreated, .passwordSet])
    let token = try await fixture.token(to: "new@test.example")
    let confirmed = await refusal {
      try await fixture.store.confirmEmail(token: token, address: here, now: Fixture.now)
    }
    #expect(confirmed == .linkInvalid)
  }

  @Test("Who is signed in guesses no faster than who is not, by any of the ways that ask for the password")
  func guesses() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let session = try await fixture.signIn("anne@test.example").session
    let store = fixture.store
    func attempt(_ way: Int, _ password: String, _ address: RemoteAddress) async throws(AccountRefusal) {
      switch way {
      case 0:
        _ = try await store.changePassword(
          of: anne, current: password, to: "another good one", keeping: session.id, address: address, now: Fixture.now)
      case 1:
        try await store.requestEmail(
          "new@test.example", by: session, password: password, address: address, now: Fixture.now)
      case 2: _ = try await store.beginSecondFactor(by: session, password: password, address: address, now: Fixture.now)
      case 3:
        try await store.removeSecondFactor(
          by: session, password: password, code: "000000", address: address, now: Fixture.now)
      default:
        _ = try await store.erase(
          anne, by: session, password: password, code: nil, address: address, now: Fixture.now)
      }
    }
    for guess in 0..<6 {
      let address = RemoteAddress("192.0.2.\(guess)")
      #expect(await refusal { try await attempt(guess % 5, "not the right one", address) } == .wrongCredentials)
    }
    let before = fixture.hashing.count
    for way in 0..<5 {
      #expect(await refusal { try await attempt(way, Fixture.password, here) }?.code == "too_many_attempts")
    }
    #expect(fixture.hashing.count == before)
    #expect(await refusal { try await fixture.signIn("anne@test.example") }?.code == "too_many_attempts")
  }

  @Test("A new password out of bounds is refused before anything else")
  func short() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let before = fixture.hashing.count
    let refused = await refusal {
      try await fixture.store.changePassword(
        of: anne, current: Fixture.password, to: "short", keeping: UUID(), address: here, now: Fixture.now)
    }
    #expect(refused?.code == "invalid_field" && fixture.hashing.count == before)
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Another e-mail address")
struct NewEmailTests {
  private let here = RemoteAddress("192.0.2.7")

  private func ask(
    _ fixture: Fixture, _ anne: AccountID, _ email: String = "new@test.example", now: Int64 = Fixture.now
  ) async throws(AccountRefusal) {
    try await fixture.store.requestEmail(
      email, by: fixture.session(of: anne), password: Fixture.password, address: here, now: now)
  }

  private func confirm(_ fixture: Fixture, _ token: String, now: Int64 = Fixture.now) async throws(AccountRefusal) {
    try await fixture.store.confirmEmail(token: token, address: here, now: now)
  }

  @Test("It counts once it is confirmed, and the old one is told")
  func confirmed() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    try await ask(fixture, anne, " NEW@test.example ")
    #expect(try await fixture.store.details(of: anne, now: Fixture.now)?.pendingEmail == "new@test.example")
    _ = try await fixture.signIn("anne@test.example")
    try await confirm(fixture, fixture.token(to: "new@test.example"))
    #expect(await refusal { try await fixture.signIn("anne@test.example") } == .wrongCredentials)
    _ = try await fixture.signIn("new@test.example")
    #expect(try await fixture.letters(to: "anne@test.example") == [.emailChanged])
    #expect(try await fixture.actions(about: anne) == [.accountCreated, .emailChanged])
    #expect(try await fixture.store.details(of: anne, now: Fixture.now)?.pendingEmail == nil)
  }

  @Test("An address that is taken looks the same to who asks, and its owner is told")
  func taken() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    _ = try await fixture.person("Hugo")
    var costs: [Fixture.Cost] = []
    for email in ["new@test.example", "hugo@test.example"] {
      costs.append(try await fixture.cost { try await ask(fixture, anne, email) })
      #expect(try await fixture.store.details(of: anne, now: Fixture.now)?.pendingEmail == email)
    }
    #expect(costs[0] == costs[1])
    #expect(try await fixture.letters(to: "hugo@test.example") == [.emailTaken])
  }

  @Test("An address that is taken before it is confirmed stays its owner's")
  func takenMeanwhile() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    try await ask(fixture, anne, "hugo@test.example")
    _ = try await fixture.person("Hugo")
    let token = try await fixture.token(to: "hugo@test.example")
    #expect(await refusal { try await confirm(fixture, token) } == .emailTaken)
    _ = try await fixture.signIn("anne@test.example")
    #expect(try await fixture.letters(to: "anne@test.example").isEmpty)
  }

  @Test("The link is good for 24 hours, to the millisecond, and once", arguments: [(-1, true), (0, false)])
  func expiry(offset: Int64, isGood: Bool) async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    try await ask(fixture, anne)
    let token = try await fixture.token(to: "new@test.example")
    let end = Fixture.now + 86_400_000 + offset
    #expect(await refusal { try await confirm(fixture, token, now: end) } == (isGood ? nil : .linkInvalid))
    #expect(await refusal { try await confirm(fixture, token, now: end) } == .linkInvalid)
  }

  @Test("One link is open at a time, links are good for their own purpose only, and one's own address is no new one")
  func single() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    try await ask(fixture, anne, "first@test.example")
    try await ask(fixture, anne, "second@test.example")
    let (first, second) = (
      try await fixture.token(to: "first@test.example"), try await fixture.token(to: "second@test.example")
    )
    #expect(await refusal { try await confirm(fixture, first) } == .linkInvalid)
    let asPassword = await refusal {
      try await fixture.store.resetPassword(token: second, to: "another good one", address: here, now: Fixture.now)
    }
    #expect(asPassword == .linkInvalid)
    #expect(await refusal { try await ask(fixture, anne, "Anne@test.example") }?.code == "invalid_field")
    try await fixture.store.sendPasswordLink(email: "anne@test.example", now: Fixture.now)
    let password = try await fixture.token(to: "anne@test.example")
    #expect(await refusal { try await confirm(fixture, password) } == .linkInvalid)
    try await confirm(fixture, second)
  }

  @Test("5 letters to a new address are free")
  func throttled() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    for _ in 0..<6 { try await ask(fixture, anne) }
    #expect(await refusal { try await ask(fixture, anne) } == .tooManyAttempts(afterMilliseconds: 1000))
  }
}

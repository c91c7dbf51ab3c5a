import Foundation
import Testing

@testable import Accounts

@Suite("CU 1, CU-4.1: signing in")
struct SignInTests {
  @Test("The right password signs in, however the address is typed")
  func right() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn(" ANNE@test.example ", kind: .cookie)
    #expect(signedIn.profile.id == anne && signedIn.session.account == anne && signedIn.session.kind == .cookie)
    #expect(try await fixture.store.session(forToken: signedIn.token.text, now: Fixture.now) == signedIn.session)
  }

  @Test(
    "An unknown address, an account without a password and a wrong password are alike, in the answer and in the work")
  func alike() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    _ = try await fixture.person("Service")
    for email in ["anne@test.example", "service@test.example", "nobody@test.example"] {
      let before = fixture.hashing.count
      #expect(await refusal { try await fixture.signIn(email, "not the right one") } == .wrongCredentials)
      #expect(fixture.hashing.count == before + 1, "\(email)")
    }
  }

  @Test("The lock comes after the same number of guesses whether or not the account exists, and before any work")
  func locked() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    for (email, address) in [("anne@test.example", "192.0.2.1"), ("nobody@test.example", "192.0.2.2")] {
      for _ in 0..<6 {
        #expect(
          await refusal { try await fixture.signIn(email, "not the right one", address: address) } == .wrongCredentials)
      }
      let before = fixture.hashing.count
      #expect(
        await refusal { try await fixture.signIn(email, address: address) } == .tooManyAttempts(afterMilliseconds: 1000)
      )
      #expect(fixture.hashing.count == before)
    }
    _ = try await fixture.signIn("anne@test.example", now: Fixture.now + 1000)
  }

  @Test("Fifty guesses at once get no more than one after the other")
  func atOnce() async throws {
    let fixture = try Fixture(AccountSettings(cost: .cheap, hashingQueue: 100))
    _ = try await fixture.person("Anne", password: Fixture.password)
    let before = fixture.hashing.count
    let answers = await withTaskGroup(of: AccountRefusal?.self) { group in
      for _ in 0..<50 {
        group.addTask { await refusal { try await fixture.signIn("anne@test.example", "not the right one") } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count { $0 == .wrongCredentials } == 6 && answers.count { $0?.code == "too_many_attempts" } == 44)
    #expect(fixture.hashing.count == before + 6)
  }

  @Test(
    "What no account can have is refused without work, and counts for the address",
    arguments: [("not an address", Fixture.password), ("anne@test.example", "short"), ("", "")])
  func impossible(email: String, password: String) async throws {
    let fixture = try Fixture(
      AccountSettings(cost: .cheap, accountGuesses: .init(free: 1000, forgivenEvery: 1_000_000)))
    for _ in 0..<21 {
      #expect(await refusal { try await fixture.signIn(email, password) } == .wrongCredentials)
    }
    #expect(await refusal { try await fixture.signIn(email, password) } == .tooManyAttempts(afterMilliseconds: 1000))
    #expect(fixture.hashing.count == 0)
  }

  @Test("When too many passwords wait to be checked, more are refused as busy, and it does not count as a guess")
  func busy() async throws {
    let fixture = try Fixture(AccountSettings(cost: .cheap, hashingWorkers: 1, hashingQueue: 0))
    _ = try await fixture.person("Anne", password: Fixture.password)
    let gate = DispatchSemaphore(value: 0)
    fixture.hashing.close(with: gate)
    async let first = fixture.signIn("anne@test.example")
    while fixture.hashing.count < 2 { await Task.yield() }
    for _ in 0..<100 {
      #expect(await refusal { try await fixture.signIn("hugo@test.example") } == .busy(afterMilliseconds: 2000))
    }
    gate.signal()
    _ = try await first
  }

  @Test("CU-12.2: a closed account is told so, but only to who knows the password")
  func suspended() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn("anne@test.example")
    let ended = try await fixture.store.suspend(anne, ground: "terms", by: .commandLine, now: Fixture.now)
    #expect(ended == [signedIn.session])
    #expect(try await fixture.store.session(forToken: signedIn.token.text, now: Fixture.now) == nil)
    #expect(await refusal { try await fixture.signIn("anne@test.example") } == .accountSuspended)
    #expect(await refusal { try await fixture.signIn("anne@test.example", "not the right one") } == .wrongCredentials)
    #expect(
      await refusal { try await fixture.store.issueToken(for: anne, by: .commandLine, now: 0) } == .accountSuspended)
    try await fixture.store.reinstate(anne, ground: "lifted", by: .commandLine, now: Fixture.now)
    _ = try await fixture.signIn("anne@test.example")
  }

  @Test("A new password ends all sessions, and the old one no longer works")
  func newPassword() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let signedIn = try await fixture.signIn("anne@test.example")
    let ended = try await fixture.store.setPassword(
      "another good one", of: anne, by: .commandLine, now: Fixture.now)
    #expect(ended == [signedIn.session])
    #expect(await refusal { try await fixture.signIn("anne@test.example") } == .wrongCredentials)
    _ = try await fixture.signIn("anne@test.example", "another good one")
  }

  @Test("A hash keeps its own cost when the cost for new ones changes")
  func cost() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let dearer = AccountSettings(cost: ScryptCost(rounds: 16, blockSize: 2, parallelism: 2))
    let reopened = try AccountStore(path: fixture.path, keyring: fixture.keyring, settings: dearer)
    _ = try await reopened.signIn(
      email: "anne@test.example", password: Fixture.password, address: .unknown, kind: .cookie, now: Fixture.now)
  }
}

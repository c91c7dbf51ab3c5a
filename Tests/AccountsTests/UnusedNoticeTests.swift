import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-4.4: nobody's account goes who was not told, or who is needed")
struct UnusedNoticeTests {
  /// Noon in Paris on a day.
  private func noon(_ day: String) throws -> Int64 {
    let date = try Date("\(day)T11:00:00Z", strategy: .iso8601)
    return Int64(date.timeIntervalSince1970) * 1000
  }

  private func run(_ fixture: Fixture, _ day: String, except busy: Set<AccountID> = []) async throws -> Int {
    try await fixture.store.closeUnusedAccounts(except: busy, now: noon(day))
  }

  private func deliver(_ fixture: Fixture, _ day: String) async throws {
    try await fixture.deliverLetters(now: noon(day))
  }

  @Test("While the letter waits nobody is erased and no other is queued; 30 days count from its delivery")
  func waiting() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    for day in ["2028-10-24", "2028-11-23", "2028-12-30"] { #expect(try await run(fixture, day) == 0) }
    #expect(try await fixture.letters().count == 1)
    try await deliver(fixture, "2028-12-30")
    #expect(try await run(fixture, "2029-01-28") == 0)
    #expect(try await run(fixture, "2029-01-29") == 1)
  }

  @Test("An address that takes no letter is given 30 days from when it was given up")
  func givenUp() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    #expect(try await run(fixture, "2028-11-01") == 0)
    let letter = try #require(try await fixture.letters().first)
    try await fixture.store.letterFailed(letter.id, nextTry: noon("2028-11-04"), now: noon("2028-11-01"))
    #expect(try await run(fixture, "2028-12-02") == 0)
    try await fixture.store.letterFailed(letter.id, nextTry: nil, now: noon("2028-11-04"))
    #expect(try await fixture.letters().isEmpty)
    #expect(try await run(fixture, "2028-12-03") == 0)
    #expect(try await run(fixture, "2028-12-04") == 1)
  }

  @Test("Another letter that is delivered tells nothing of it")
  func otherLetter() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    try await fixture.store.sendPasswordLink(email: "anne@test.example", now: Fixture.now)
    try await deliver(fixture, "2028-10-01")
    #expect(try await run(fixture, "2028-12-01") == 0)
    #expect(try await fixture.letters().map(\.letter) == [.unusedAccount(closesOn: "2028-12-31")])
    #expect(try await fixture.store.profile(anne) != nil)
  }

  @Test("Whoever comes back while the letter waits is not sent it, and is told anew two years later")
  func cameBack() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    #expect(try await run(fixture, "2028-11-01") == 0)
    _ = try await fixture.signIn("anne@test.example", now: noon("2028-11-02"))
    #expect(try await fixture.letters().isEmpty)
    #expect(try await run(fixture, "2030-11-02") == 0)
    #expect(try await fixture.letters().map(\.letter) == [.unusedAccount(closesOn: "2030-12-02")])
  }

  @Test("A protected adult with a sign-in stays while the tutor comes, and both are told when neither does")
  func tutor() async throws {
    let fixture = try Fixture()
    let paul = try await fixture.person("Paul", protection: .tutelle)
    let claire = try await fixture.person("Claire", [.guardian], password: Fixture.password)
    try await fixture.link(paul, claire, .tutor)
    try await deliver(fixture, "2026-11-23")
    _ = try await fixture.signIn("claire@test.example", now: noon("2028-06-01"))
    for day in ["2028-11-01", "2028-12-31"] { #expect(try await run(fixture, day) == 0) }
    #expect(try await fixture.letters().isEmpty)
    #expect(try await run(fixture, "2030-05-15") == 0)
    let closing = Letter.unusedAccount(closesOn: "2030-06-14")
    #expect(try await fixture.recipients(of: closing) == ["claire@test.example", "paul@test.example"])
    let accompanied = Letter.unusedAccompanied(person: "Paul Test", closesOn: "2030-06-14")
    #expect(try await fixture.recipients(of: accompanied) == ["claire@test.example"])
    _ = try await fixture.signIn("claire@test.example", now: noon("2030-05-16"))
    #expect(try await fixture.letters().isEmpty)
    #expect(try await run(fixture, "2030-07-01") == 0)
    #expect(try await fixture.store.profile(paul) != nil)
  }

  @Test("Whoever has a consultation that is not over stays, and so does who would take them along")
  func busy() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    let julie = try await fixture.person("Julie", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    #expect(try await run(fixture, "2028-11-01") == 0)
    #expect(try await fixture.letters().count == 2)
    try await deliver(fixture, "2028-11-01")
    #expect(try await run(fixture, "2028-12-01", except: [anne, lea]) == 0)
    #expect(try await run(fixture, "2028-12-01", except: [lea]) == 1)
    #expect(try await run(fixture, "2028-12-01") == 2)
  }

  @Test("CU-12.2: an account that an operator closed stays, and so does who would take it along")
  func closed() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let anne = try await fixture.person("Anne")
    let julie = try await fixture.person("Julie", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    #expect(try await run(fixture, "2028-11-01") == 0)
    try await deliver(fixture, "2028-11-01")
    for account in [anne, lea] {
      try await store.suspend(account, ground: "test", by: .commandLine, now: noon("2028-11-02"))
    }
    try await deliver(fixture, "2028-11-02")
    #expect(try await run(fixture, "2028-12-01") == 0)
    #expect(try await fixture.letters().isEmpty)
    try await store.reinstate(anne, ground: "test", by: .commandLine, now: noon("2028-12-01"))
    #expect(try await run(fixture, "2028-12-01") == 1)
  }
}

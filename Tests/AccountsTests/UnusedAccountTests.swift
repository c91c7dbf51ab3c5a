import Foundation
import GRDB
import Mail
import Testing

@testable import Accounts

@Suite("CU-4.4: accounts unused for 24 months")
struct UnusedAccountTests {
  /// Noon in Paris on a day.
  private func noon(_ day: String) throws -> Int64 {
    let date = try Date("\(day)T11:00:00Z", strategy: .iso8601)
    return Int64(date.timeIntervalSince1970) * 1000
  }

  private func run(_ fixture: Fixture, _ day: String) async throws -> Int {
    try await fixture.store.closeUnusedAccounts(now: noon(day))
  }

  private func deliver(_ fixture: Fixture, _ day: String) async throws {
    try await fixture.deliverLetters(now: noon(day))
  }

  private func exists(_ fixture: Fixture, _ id: AccountID) async throws -> Bool {
    try await fixture.store.profile(id) != nil
  }

  @Test("The letter goes out 30 days before, once, and the account is erased by the platform on the day")
  func erased() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    for day in ["2028-10-23", "2028-10-23", "2028-10-24", "2028-10-24"] { #expect(try await run(fixture, day) == 0) }
    let letters = try await fixture.letters()
    #expect(letters.map(\.letter) == [.unusedAccount(closesOn: "2028-11-23")])
    #expect(letters.map(\.recipient) == ["anne@test.example"])
    try await deliver(fixture, "2028-10-24")
    #expect(try await run(fixture, "2028-11-22") == 0)
    #expect(try await exists(fixture, anne))
    #expect(try await run(fixture, "2028-11-23") == 1)
    #expect(try await !exists(fixture, anne))
    let entry = try #require(try await fixture.store.audit().last)
    #expect(entry.action == .accountErased && entry.actor == .system && entry.subject == anne)
    #expect(try await fixture.letters().isEmpty)
  }

  @Test(
    "After 23, 24 and 25 months, in calendar months and days in France",
    arguments: [
      ("2028-10-23", 0, 0), ("2028-10-24", 1, 0), ("2028-11-22", 1, 0), ("2028-11-23", 1, 0), ("2028-12-23", 1, 0),
    ])
  func months(day: String, letters: Int, erased: Int) async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    #expect(try await run(fixture, day) == erased, "nobody is erased who was not told 30 days before")
    #expect(try await fixture.letters().count == letters)
    #expect(try await exists(fixture, anne))
  }

  @Test("A broker that was off for long tells first, with a day 30 days ahead")
  func late() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    #expect(try await run(fixture, "2029-06-01") == 0)
    #expect(try await fixture.letters().map(\.letter) == [.unusedAccount(closesOn: "2029-07-01")])
    try await deliver(fixture, "2029-06-01")
    #expect(try await run(fixture, "2029-06-30") == 0)
    #expect(try await run(fixture, "2029-07-01") == 1)
  }

  @Test("Signing in forgets the letter, and the 24 months begin again", arguments: [true, false])
  func used(bySignIn: Bool) async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let session = try await fixture.store.issueToken(for: anne, by: .commandLine, now: Fixture.now).session
    #expect(try await run(fixture, "2028-11-01") == 0)
    #expect(try await fixture.letters().count == 1)
    try await deliver(fixture, "2028-11-01")
    if bySignIn {
      _ = try await fixture.signIn("anne@test.example", now: noon("2028-11-20"))
    } else {
      try await fixture.store.noteUse(of: session, now: noon("2028-11-20"))
    }
    for day in ["2028-11-23", "2028-12-23", "2030-10-20"] { #expect(try await run(fixture, day) == 0) }
    #expect(try await fixture.letters().isEmpty)
    #expect(try await run(fixture, "2030-10-21") == 0)
    #expect(try await fixture.letters().last?.letter == .unusedAccount(closesOn: "2030-11-20"))
    try await deliver(fixture, "2030-10-21")
    #expect(try await run(fixture, "2030-11-20") == 1)
  }

  @Test("A refused sign-in is no use")
  func refused() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    #expect(try await run(fixture, "2028-11-01") == 0)
    try await deliver(fixture, "2028-11-01")
    _ = await refusal {
      try await fixture.signIn("anne@test.example", "not the right one", now: noon("2028-11-20"))
    }
    #expect(try await run(fixture, "2028-12-01") == 1)
  }

  @Test("A patient without a sign-in goes with the last of the guardians, and stays while one is here")
  func dependants() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.guardian], password: Fixture.password)
    let marc = try await fixture.person("Marc", [.guardian])
    let alone = try await fixture.person("Alone", [.guardian])
    let shared = try await fixture.child("Shared", of: julie)
    try await fixture.link(shared, marc, .parent)
    let other = try await fixture.child("Other", of: alone)
    try await fixture.deliverLetters()
    _ = try await fixture.signIn("julie@test.example", now: noon("2028-11-01"))
    #expect(try await run(fixture, "2028-11-01") == 0)
    #expect(try await fixture.letters().map(\.recipient).sorted() == ["alone@test.example", "marc@test.example"])
    try await deliver(fixture, "2028-11-01")
    #expect(try await run(fixture, "2028-12-01") == 3)
    for (account, isThere) in [(julie, true), (shared, true), (marc, false), (alone, false), (other, false)] {
      #expect(try await exists(fixture, account) == isThere)
    }
  }

  @Test("Use of a guardian is use of the patients whom they represent, with a sign-in of their own or without")
  func followed() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.guardian], password: Fixture.password)
    let child = try await fixture.child("Child", of: julie)
    let teen = try await fixture.person("Teen", born: "2012-01-01")
    let adult = try await fixture.person("Adult", born: "2000-01-01")
    for patient in [teen, adult] { try await fixture.link(patient, julie, .parent) }
    _ = try await fixture.signIn("julie@test.example", now: Fixture.now + 1000)
    let used = try await fixture.store.database.read { db in
      try [julie, child, teen, adult].map { account in
        try Int64.fetchOne(db, sql: "SELECT last_used_at FROM account WHERE id = ?", arguments: [account.uuid])
      }
    }
    #expect(used == Array(repeating: Fixture.now + 1000, count: 3) + [Fixture.now])
  }

  @Test("The last operator stays")
  func lastOperator() async throws {
    let fixture = try Fixture()
    let max = try await fixture.person("Max", [.operator])
    for day in ["2028-11-01", "2028-12-01", "2029-12-01"] {
      #expect(try await run(fixture, day) == 0)
      try await deliver(fixture, day)
    }
    #expect(try await exists(fixture, max))
  }

  @Test("The letter is in the account's language")
  func language() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    var correction = Correction()
    correction.language = .en
    try await fixture.store.correct(anne, correction, now: Fixture.now)
    _ = try await run(fixture, "2028-11-01")
    #expect(try await fixture.letters().map(\.language) == [.en])
  }

  @Test(
    "Days are counted over months, years, leap days and changes of the clock",
    arguments: [
      ("2028-03-01", -1, "2028-02-29"), ("2027-03-01", -1, "2027-02-28"), ("2026-12-31", 1, "2027-01-01"),
      ("2026-03-28", 30, "2026-04-27"), ("2026-10-24", 2, "2026-10-26"), ("2026-11-23", -30, "2026-10-24"),
    ])
  func days(from: String, days: Int, to: String) throws {
    #expect(try CivilDate(from).moved(byDays: days) == CivilDate(to))
  }
}

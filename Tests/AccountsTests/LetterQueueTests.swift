import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Letters that wait to be sent")
struct LetterQueueTests {
  private func append(_ fixture: Fixture, _ letter: Letter, at now: Int64) async throws {
    try await fixture.store.database.write { db in
      try MailTable.append(db, to: "anne@test.example", account: nil, language: .en, letter, now: now)
    }
  }

  @Test("They are due at once, those due for longest first, and no more than asked for")
  func order() async throws {
    let fixture = try Fixture()
    try await append(fixture, .emailTaken, at: 20)
    try await append(fixture, .passwordChanged, at: 10)
    try await append(fixture, .newTexts, at: 30)
    let store = fixture.store
    #expect(try await store.dueLetters(limit: 10, now: 9).isEmpty)
    #expect(try await store.dueLetters(limit: 10, now: 20).map(\.letter) == [.passwordChanged, .emailTaken])
    #expect(try await store.dueLetters(limit: 1, now: 30).map(\.letter) == [.passwordChanged])
    let first = try #require(try await store.dueLetters(limit: 1, now: 30).first)
    #expect(first.recipient == "anne@test.example" && first.language == .en && first.tries == 0)
  }

  @Test("A link that somebody waits for goes before other letters, and those before a letter to everybody")
  func priority() async throws {
    let fixture = try Fixture()
    for number in 0..<5 { try await append(fixture, .newTexts, at: Int64(number)) }
    try await append(fixture, .secondFactorOn, at: 10)
    try await append(fixture, .resetPassword(token: "t"), at: 20)
    #expect(
      try await fixture.store.dueLetters(limit: 4, now: 20).map(\.letter) == [
        .resetPassword(token: "t"), .secondFactorOn, .newTexts, .newTexts,
      ])
    #expect(try await fixture.store.dueLetters(limit: 1, now: 10).map(\.letter) == [.secondFactorOn])
    #expect(try await fixture.store.dueLetters(limit: 10, now: 20).count == 7)
  }

  @Test("Those that waited when the priority came get theirs")
  func migration() async throws {
    let fixture = try Fixture()
    try await append(fixture, .newTexts, at: 0)
    try await append(fixture, .passwordChanged, at: 0)
    try await append(fixture, .confirmRegistration(givenName: "Léa", token: "t"), at: 0)
    try await fixture.raw("DROP INDEX mail_due; ALTER TABLE mail DROP COLUMN priority;")
    try await fixture.raw("CREATE INDEX mail_due ON mail (next_try_at)")
    try await fixture.raw(SchemaOfLetters.priority)
    #expect(
      try await fixture.store.dueLetters(limit: 10, now: 0).map(\.letter) == [
        .confirmRegistration(givenName: "Léa", token: "t"), .passwordChanged, .newTexts,
      ])
  }

  @Test("One that failed waits for its next try, one that was sent or given up is gone")
  func life() async throws {
    let fixture = try Fixture()
    for letter in [Letter.emailTaken, .passwordChanged, .newTexts] { try await append(fixture, letter, at: 0) }
    let store = fixture.store
    let ids = try await store.dueLetters(limit: 10, now: 0).map(\.id)
    try await store.letterFailed(ids[0], nextTry: 100, now: 0)
    try await store.letterFailed(ids[1], nextTry: nil, now: 0)
    try await store.letterDelivered(ids[2], now: Fixture.now)
    #expect(try await store.dueLetters(limit: 10, now: 99).isEmpty)
    let waiting = try await store.dueLetters(limit: 10, now: 100)
    #expect(waiting.map(\.id) == [ids[0]] && waiting.map(\.tries) == [1])
    try await store.letterFailed(ids[0], nextTry: 200, now: 0)
    #expect(try await store.dueLetters(limit: 10, now: 200).map(\.tries) == [2])
    try await store.letterDelivered(ids[0], now: Fixture.now)
    #expect(try await store.dueLetters(limit: 10, now: .max).isEmpty)
  }

  @Test(
    "Every letter comes back as it was",
    arguments: [
      Letter.confirmRegistration(givenName: "Léa \"x\"\n", token: "t"), .alreadyRegistered, .resetPassword(token: "t"),
      .invitation(from: nil, token: "t"), .invitation(from: "Julie", token: "t"),
      .unusedAccount(closesOn: "2028-11-23"),
      .accountClosed(ground: String(repeating: "é", count: 200)),
    ])
  func kept(letter: Letter) async throws {
    let fixture = try Fixture()
    try await append(fixture, letter, at: 0)
    #expect(try await fixture.store.dueLetters(limit: 10, now: 0).map(\.letter) == [letter])
  }

  @Test("What waits goes with the account")
  func erased() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    try await fixture.store.sendPasswordLink(email: "anne@test.example", now: Fixture.now)
    #expect(try await fixture.letters().count == 1)
    _ = try await fixture.store.erase(anne, by: .commandLine, now: Fixture.now)
    #expect(try await fixture.letters().isEmpty)
  }
}

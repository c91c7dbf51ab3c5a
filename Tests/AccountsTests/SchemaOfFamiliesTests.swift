import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("The schema of texts, consents, invitations and health files enforces")
struct SchemaOfFamiliesTests {
  @Test(
    "Values that are none are refused",
    arguments: [
      "UPDATE account SET language = 'de'", "UPDATE account SET street = 'x'", "UPDATE account SET country = 'FR'",
      "UPDATE account SET street = 'x', postal_code = '1', city = 'y', country = 'fr'",
      "UPDATE account SET street = '', postal_code = '1', city = 'y', country = 'FR'",
      "UPDATE patient SET attending_name = ''", "UPDATE patient SET attending = (SELECT account FROM practitioner)",
      "INSERT INTO consent SELECT account, document, 1, language, sha256, 0, 'self', NULL FROM consent",
      "INSERT INTO consent SELECT account, document, 7, language, sha256, 0, 'self', NULL FROM consent",
      "INSERT INTO consent SELECT account, 'privacy', 1, 'fr', sha256, 0, 'guardian', NULL FROM consent",
      "INSERT INTO consent SELECT account, 'privacy', 1, 'fr', sha256, 0, 'self', account FROM consent",
      "INSERT INTO legal_text VALUES ('cookies', 1, 'fr', zeroblob(32), 'x', 0)",
      "INSERT INTO legal_text VALUES ('terms', 2, 'fr', zeroblob(31), 'x', 0)",
      "INSERT INTO legal_text VALUES ('terms', 2, 'fr', zeroblob(32), '', 0)",
      "UPDATE invitation SET state = 'lost'", "UPDATE invitation SET relation = 'aunt'",
      "INSERT INTO health_file SELECT account, 'clear', 0 FROM patient",
      "INSERT INTO health_file SELECT id, zeroblob(40), 0 FROM account",
      "INSERT INTO mail (recipient, language, letter, created_at, next_try_at) VALUES ('a@b.c', 'fr', '{', 0, 0)",
    ])
  func values(sql: String) async throws {
    let fixture = try Fixture()
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    _ = try await fixture.practitioner("Anne", rpps: "10003456786")
    try await fixture.publish(LegalText.all(1))
    let text = LegalText.both(.terms, 1)[0]
    try await fixture.store.consent(to: .terms, version: 1, language: .fr, sha256: text.sha256, of: lea, now: 0)
    var correction = Correction()
    correction.attending = .named(try PersonName("Dr Dupont", field: .attending))
    try await fixture.store.correct(lea, correction, now: Fixture.now)
    _ = try await fixture.store.invite(
      "x@test.example", as: .parent, for: lea, by: lea, address: .unknown, now: Fixture.now)
    #expect(await refusal { try await fixture.raw(sql) } != nil)
  }

  @Test("An invitation is answered once")
  func invitation() async throws {
    let fixture = try Fixture()
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    _ = try await fixture.store.invite(
      "x@test.example", as: .parent, for: lea, by: lea, address: .unknown, now: Fixture.now)
    try await fixture.raw("UPDATE invitation SET state = 'declined'")
    #expect(await refusal { try await fixture.raw("UPDATE invitation SET state = 'open'") } != nil)
  }

  @Test("A letter goes with whom it is for, and with whom it names", arguments: ["account", "about"])
  func letters(column: String) async throws {
    let fixture = try Fixture()
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    _ = try await fixture.store.invite(
      "x@test.example", as: .parent, for: lea, by: lea, address: .unknown, now: Fixture.now)
    let marc = try await fixture.person("Marc")
    try await fixture.raw("UPDATE mail SET account = NULL, about = NULL")
    try await fixture.raw("UPDATE mail SET \(column) = (SELECT account FROM credential WHERE email LIKE 'marc%')")
    _ = try await fixture.store.erase(marc, by: .system, now: 0)
    #expect(try await fixture.letters().isEmpty)
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Consents")
struct ConsentTests {
  @Test(
    "CU-3: patients, guardians and practitioners agree to both documents, operators to none",
    arguments: [([Role.patient], 2), ([.guardian], 2), ([.operator], 0), ([.operator, .guardian], 2)])
  func roles(roles: [Role], count: Int) async throws {
    let fixture = try Fixture()
    let person = try await fixture.person("Julie", Set(roles))
    let physician = try await fixture.practitioner("Anne", rpps: "10003456786")
    #expect(try await fixture.store.consentsNeeded(of: person).isEmpty)
    try await fixture.publish(LegalText.all(1))
    #expect(try await fixture.store.consentsNeeded(of: person).count == count)
    #expect(try await fixture.store.consentsNeeded(of: physician) == [.terms, .privacy])
    #expect(
      try await fixture.store.withoutConsent(among: [person, physician])
        == (count == 0 ? [physician] : [person, physician]))
  }

  @Test("CU-3: each is stored with version, SHA-256 of the exact text, and time; a new version is asked for again")
  func stored() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let julie = try await fixture.person("Julie")
    let text = LegalText.both(.terms, 1)[1]
    try await fixture.store.consent(
      to: .terms, version: 1, language: .en, sha256: text.sha256, of: julie, now: Fixture.now)
    #expect(try await fixture.store.consentsNeeded(of: julie) == [.privacy])
    #expect(
      try await fixture.store.consents(of: julie) == [
        Consent(
          document: .terms, version: 1, language: .en, sha256: text.sha256, givenAt: Fixture.now, source: .own)
      ])
    try await fixture.consent(julie, now: Fixture.now + 1)
    #expect(try await fixture.store.consentsNeeded(of: julie).isEmpty)
    #expect(try await fixture.store.consents(of: julie).map(\.language) == [.en, .fr])
    #expect(try await fixture.actions(about: julie) == [.accountCreated, .consentGiven, .consentGiven])

    try await fixture.publish(LegalText.both(.terms, 2))
    #expect(try await fixture.store.consentsNeeded(of: julie) == [.terms])
    let old = try #require(try await fixture.store.consents(of: julie).first)
    #expect(try await fixture.store.text(.terms, version: old.version, language: old.language)?.sha256 == old.sha256)
  }

  @Test("CU-3: only the version in force, to the letter, can be agreed to")
  func changed() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie")
    let first = LegalText.both(.terms, 1)[0]
    func agree(_ version: Int, _ language: Language, _ sha256: Data) async -> AccountRefusal? {
      await refusal {
        try await fixture.store.consent(
          to: .terms, version: version, language: language, sha256: sha256, of: julie, now: Fixture.now)
      }
    }
    #expect(await agree(1, .fr, first.sha256) == .textChanged)
    try await fixture.publish(LegalText.all(1) + LegalText.all(2))
    let second = LegalText.both(.terms, 2)[0]
    #expect(await agree(1, .fr, first.sha256) == .textChanged)
    #expect(await agree(2, .fr, first.sha256) == .textChanged)
    #expect(await agree(2, .en, second.sha256) == .textChanged)
    #expect(await agree(3, .fr, second.sha256) == .textChanged)
    #expect(try await fixture.store.consents(of: julie).isEmpty)
    #expect(await agree(2, .fr, second.sha256) == nil)
  }

  @Test("CU-3: a guardian agrees for patients without a sign-in of their own, and for nobody else")
  func onBehalf() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let julie = try await fixture.person("Julie", [.guardian])
    let before = try await fixture.child("Lea", of: julie)
    let own = try await fixture.person("Tom", born: "2012-01-01")
    try await fixture.link(own, julie, .parent)
    try await fixture.consent(julie)
    let after = try await fixture.child("Max", of: julie)
    for child in [before, after] {
      let consents = try await fixture.store.consents(of: child)
      #expect(consents.map(\.document) == [.terms, .privacy] && consents.allSatisfy { $0.source == .guardian })
      #expect(try await fixture.store.consentsNeeded(of: child).isEmpty)
    }
    #expect(try await fixture.store.consents(of: own).isEmpty)
    let given = try await fixture.store.audit().filter { $0.action == .consentGiven && $0.subject == after }
    #expect(given.map(\.actor) == [.account(julie), .account(julie)])
  }

  @Test("CU-3: what was agreed to does not change, nor what was published")
  func append() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    try await fixture.consent(fixture.person("Julie"))
    for sql in [
      "UPDATE consent SET given_at = 0", "UPDATE legal_text SET text = 'x'", "DELETE FROM legal_text",
      "INSERT OR REPLACE INTO legal_text SELECT document, version, language, sha256, 'x', 0 FROM legal_text",
    ] {
      #expect(await refusal { try await fixture.raw(sql) } != nil, "\(sql)")
    }
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-11: correcting an account")
struct CorrectionTests {
  private func correction(_ change: (inout Correction) throws -> Void) rethrows -> Correction {
    var correction = Correction()
    try change(&correction)
    return correction
  }

  @Test("Everything that was corrected is there, and what was not stays")
  func everything() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie")
    let address = try PostalAddress(street: "1 rue A\nEscalier B", postalCode: "75001", city: "Paris", country: "FR")
    let dupont = try PersonName("Dr Dupont", field: .attending)
    try await store.correct(
      julie,
      correction {
        $0.givenName = try PersonName("Julia", field: .givenName)
        $0.postalAddress = address
        $0.birthDate = try CivilDate("1981-02-03")
        $0.language = .en
        $0.attending = .named(dupont)
        $0.protection = .curatelle
      }, now: Fixture.now)
    let details = try #require(try await store.details(of: julie))
    #expect(details.profile.givenName == "Julia" && details.profile.familyName == "Test")
    #expect(details.postalAddress == address && details.language == .en && details.attending == .named("Dr Dupont"))
    #expect(details.profile.birthDate == (try CivilDate("1981-02-03")) && details.profile.protection == .curatelle)
    #expect(details.createdAt == Fixture.now && !details.hasSecondFactor && details.pendingEmail == nil)
    #expect(
      try await fixture.actions(about: julie) == [.accountCreated, .accountCorrected, .protectionSet, .attendingSet])

    try await store.correct(
      julie,
      correction {
        $0.postalAddress = .some(nil)
        $0.attending = AttendingChoice.none
      }, now: Fixture.now)
    let after = try #require(try await store.details(of: julie))
    #expect(after.postalAddress == nil && after.attending == nil && after.profile.givenName == "Julia")
    try await store.correct(julie, Correction(), now: Fixture.now)
    #expect(try await fixture.actions(about: julie).count == 6)
    #expect(try await store.details(of: AccountID(UUID())) == nil)
  }

  @Test("CU-6.1: a registered physician takes the place of a typed name, and must be verified")
  func attending() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie")
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    let dupont = try PersonName("Dr Dupont", field: .attending)
    try await store.correct(julie, correction { $0.attending = .named(dupont) }, now: 0)
    let choice = correction { $0.attending = .registered(anne) }
    #expect(await refusal { try await store.correct(julie, choice, now: 0) }?.code == "invalid_field")
    try await store.setVerification(of: anne, to: .verified, ground: "test", by: .commandLine, now: 0)
    try await store.correct(julie, choice, now: 0)
    #expect(
      try await store.details(of: julie)?.attending
        == .registered(anne, givenName: "Anne", familyName: "Test", specialty: "Médecine générale"))
    #expect(await refusal { try await store.correct(anne, choice, now: 0) }?.code == "invalid_field")
    try await store.correct(julie, correction { $0.attending = .named(dupont) }, now: 0)
    try await store.setAttending(of: julie, to: anne, by: .commandLine, now: 0)
    #expect(try await store.profile(julie)?.attendingName == nil)
  }

  @Test("CU-6.3: protection goes up from none by oneself, down by an operator, and not while there are guardians")
  func protection() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let paul = try await fixture.person("Paul")
    let claire = try await fixture.person("Claire", [.guardian])
    func own(_ protection: Protection) async -> AccountRefusal? {
      await refusal { try await store.correct(paul, correction { $0.protection = protection }, now: 0) }
    }
    func operators(_ protection: Protection, ground: String = "judgment") async -> AccountRefusal? {
      await refusal {
        try await store.setProtection(of: paul, to: protection, ground: ground, by: .commandLine, now: 0)
      }
    }
    #expect(await own(.tutelle) == nil)
    #expect(await own(.tutelle) == nil)
    #expect(await own(.none) == .forbidden)
    #expect(await own(.curatelle) == .forbidden)
    try await fixture.link(paul, claire, .tutor)
    #expect(await operators(.none) == .hasGuardians)
    try await store.unlink(patient: paul, guardian: claire, by: .commandLine, now: 0)
    #expect(await operators(.none, ground: "")?.code == "invalid_field")
    #expect(await operators(.none) == nil)
    try await fixture.link(paul, claire, .parent)
    #expect(await own(.tutelle) == .hasGuardians)
    #expect(await own(.none) == nil)
    #expect(
      await refusal {
        try await store.setProtection(of: claire, to: .tutelle, ground: "x", by: .commandLine, now: 0)
      } == .notAPatient)
    #expect(
      await refusal { try await store.correct(claire, correction { $0.protection = .tutelle }, now: 0) }?.code
        == "invalid_field")
    #expect(try await fixture.actions(about: paul).filter { $0 == .protectionSet }.count == 2)
  }

  @Test(
    "CU-6.3: a corrected birth date is a day gone by, and makes no adult of a minor",
    arguments: [
      ("2014-05-01", "2014-05-02", true), ("2014-05-01", "2008-11-24", true), ("2014-05-01", "2008-11-23", false),
      ("1980-01-01", "2014-05-01", true), ("1980-01-01", "1950-01-01", true), ("1980-01-01", "2026-11-23", true),
      ("1980-01-01", "2026-11-24", false),
    ])
  func birthDate(before: String, after: String, isAccepted: Bool) async throws {
    let fixture = try Fixture()
    let person = try await fixture.person("Lea", born: before)
    let change = try correction { $0.birthDate = try CivilDate(after) }
    let refused = await refusal { try await fixture.store.correct(person, change, now: Fixture.now) }
    #expect(refused?.code == (isAccepted ? nil : "invalid_field"))
    #expect(try await fixture.store.profile(person)?.birthDate == CivilDate(isAccepted ? after : before))
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-6.3: families")
struct FamilyTests {
  @Test("A parent makes the account of a child, represents them, and sees them beside themself")
  func child() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.patient])
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    try await store.setVerification(of: anne, to: .verified, ground: "test", by: .commandLine, now: 0)
    let lea = try await fixture.child("Lea", of: julie, attending: .registered(anne))
    let patients = try await store.patients(of: julie, now: Fixture.now)
    #expect(patients.map(\.profile.id) == [julie, lea] && patients.map(\.relation) == [nil, .parent])
    #expect(patients.map(\.hasOwnSignIn) == [true, false])
    let child = try #require(patients.last)
    #expect(
      child.attending == .registered(anne, givenName: "Anne", familyName: "Test", specialty: "Médecine générale"))
    #expect(child.guardians.map(\.profile.id) == [julie] && child.guardians.map(\.since) == [Fixture.now])
    #expect(child.guardians.map(\.isRevocable) == [false] && child.invitations.isEmpty)
    #expect(try await store.profile(julie)?.roles == [.patient, .guardian])
    #expect(try await store.patient(lea, for: julie, now: Fixture.now) == child)
    #expect(try await store.patient(lea, for: anne, now: Fixture.now) == nil)
    #expect(try await store.patient(julie, for: lea, now: Fixture.now) == nil)
    #expect(try await store.patient(anne, for: anne, now: Fixture.now) == nil)
    #expect(try await fixture.actions(about: lea) == [.accountCreated, .guardianLinked, .attendingSet])
  }

  @Test(
    "A parent makes the account of somebody under 18 on the day in France only",
    arguments: [("2008-11-23", false), ("2008-11-24", true), ("2026-11-23", true), ("2026-11-24", false)])
  func age(born: String, isAccepted: Bool) async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.guardian])
    let refused = await refusal { try await fixture.child("Lea", of: julie, born: born) }
    #expect(refused?.code == (isAccepted ? nil : "invalid_field"))
    #expect(try await fixture.store.patients(of: julie, now: Fixture.now).count == (isAccepted ? 1 : 0))
  }

  @Test("A guardian corrects a patient without a sign-in of their own, and nobody else")
  func correcting() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.guardian])
    let stranger = try await fixture.person("Marc", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    let tom = try await fixture.person("Tom", born: "2012-01-01")
    try await fixture.link(tom, julie, .parent)
    var correction = Correction()
    correction.givenName = try PersonName("Léa", field: .givenName)
    func correct(_ patient: AccountID, by account: AccountID) async -> AccountRefusal? {
      await refusal { try await store.correctPatient(patient, correction, by: account, now: Fixture.now) }
    }
    #expect(await correct(lea, by: julie) == nil)
    #expect(try await store.profile(lea)?.givenName == "Léa")
    #expect(await correct(tom, by: julie) == .forbidden)
    #expect(await correct(tom, by: tom) == .forbidden)
    #expect(await correct(lea, by: stranger) == .unknownAccount)
    #expect(await correct(julie, by: stranger) == .unknownAccount)
    for (patient, account, expected) in [(lea, julie, true), (tom, julie, false), (lea, stranger, false)] {
      #expect(try await store.mayManage(patient, account, now: Fixture.now) == expected)
    }
    #expect(try await store.audit().last?.actor == .account(julie))
  }

  @Test("The patient, the guardian and a guardian who granted it end a guardianship, others do not")
  func ending() async throws {
    for ender in ["patient", "guardian", "granting parent", "grantor", "other parent", "stranger"] {
      let fixture = try Fixture()
      let store = fixture.store
      let lea = try await fixture.person("Lea", born: "2014-05-01")
      let julie = try await fixture.person("Julie", [.guardian])
      let marc = try await fixture.person("Marc", [.guardian])
      let grantor = try await fixture.person("Grantor", [.operator])
      try await fixture.link(lea, julie, .parent)
      let granter = ender == "granting parent" ? julie : grantor
      try await store.link(patient: lea, guardian: marc, relation: .parent, by: .account(granter), now: Fixture.now)
      let people = [
        "patient": lea, "guardian": marc, "granting parent": julie, "grantor": grantor, "other parent": julie,
      ]
      let account = people[ender] ?? AccountID(UUID())
      let expected: AccountRefusal? = [
        "other parent": .forbidden, "grantor": .unknownAccount, "stranger": .unknownAccount,
      ][ender]
      let entry = try await store.patient(lea, for: account, now: Fixture.now)?.guardians.first {
        $0.profile.id == marc
      }
      if let entry { #expect(entry.isRevocable == (expected == nil), "\(ender)") }
      let refused = await refusal {
        try await store.endGuardianship(patient: lea, guardian: marc, by: account, now: Fixture.now)
      }
      #expect(refused == expected, "\(ender)")
      #expect(try await store.guardians(of: lea).count == (expected == nil ? 1 : 2))
      guard expected == nil else { continue }
      let letter = try #require(try await fixture.letters().last)
      #expect(letter.recipient == "marc@test.example" && letter.letter == .guardianshipEnded(patient: "Lea Test"))
      #expect(try await fixture.actions(about: lea).last == .guardianUnlinked)
      #expect(
        await refusal { try await store.endGuardianship(patient: lea, guardian: marc, by: lea, now: 0) }
          == .guardianship(.notLinked))
    }
  }

  @Test("A patient without a sign-in of their own keeps a guardian")
  func lastGuardian() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.guardian])
    let marc = try await fixture.person("Marc", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    let tom = try await fixture.person("Tom", born: "2012-01-01")
    try await fixture.link(tom, julie, .parent)
    func end(_ patient: AccountID) async -> AccountRefusal? {
      await refusal {
        try await fixture.store.endGuardianship(patient: patient, guardian: julie, by: julie, now: 0)
      }
    }
    #expect(await end(lea) == .lastGuardian)
    #expect(await end(tom) == nil)
    try await fixture.link(lea, marc, .parent)
    #expect(await end(lea) == nil)
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-5.2: operators never come to see health data")
struct OperatorsAndFamiliesTests {
  @Test("An operator who invites an address and takes it for their own cannot accept")
  func accepting() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    let boss = try await fixture.person("Boss", [.operator])
    let sent = try await store.invite(
      "other@test.example", as: .parent, for: lea, by: boss, address: .unknown, now: Fixture.now)
    try await fixture.raw("UPDATE credential SET email = 'other@test.example' WHERE email = 'boss@test.example'")
    #expect(await refusal { try await store.acceptInvitation(sent.id, by: boss, now: Fixture.now) } == .forbidden)
    #expect(try await store.profile(boss)?.roles == [.operator])
    #expect(await refusal { try await store.healthFile(of: lea, for: boss, now: Fixture.now)?.file } == .unknownAccount)
  }

  @Test("An operator makes no child's account, and nobody makes a guardian of one")
  func linking() async throws {
    let fixture = try Fixture()
    let boss = try await fixture.person("Boss", [.operator, .guardian])
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    #expect(await refusal { try await fixture.child("Tom", of: boss) } == .forbidden)
    #expect(await refusal { try await fixture.link(lea, boss, .parent) } == .forbidden)
    #expect(try await fixture.store.page().count == 2)
  }

  @Test("A guardianship that an operator has all the same shows them nothing")
  func refused() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let boss = try await fixture.person("Boss", [.guardian])
    let lea = try await fixture.child("Lea", of: boss)
    try await fixture.raw("INSERT INTO role SELECT guardian, 'operator' FROM guardianship")
    let file = try HealthFile(history: "asthma", socialSecurityNumber: nil)
    #expect(await refusal { try await store.healthFile(of: lea, for: boss, now: Fixture.now)?.file } == .unknownAccount)
    #expect(
      await refusal { try await store.setHealthFile(file, of: lea, by: boss, now: Fixture.now) } == .unknownAccount)
    #expect(try await store.patient(lea, for: boss, now: Fixture.now) == nil)
    #expect(try await store.patients(of: boss, now: Fixture.now).isEmpty)
    for may in [try await store.mayManage(lea, boss, now: Fixture.now), try await store.mayErase(lea, boss)] {
      #expect(!may)
    }
  }

  @Test("When an operator invites, links or sets the protection, the patient and all guardians are written to")
  func told() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let boss = try await fixture.person("Boss", [.operator])
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    let julie = try await fixture.person("Julie", [.guardian])
    try await store.setProtection(of: lea, to: .tutelle, ground: "test", by: .account(boss), now: Fixture.now)
    #expect(try await fixture.recipients(of: .accompanimentChanged) == ["lea@test.example"])
    try await store.setProtection(of: lea, to: .none, ground: "test", by: .account(boss), now: Fixture.now)
    try await fixture.deliverLetters()
    try await fixture.link(lea, julie, .parent)
    #expect(try await fixture.recipients(of: .accompanimentChanged) == ["julie@test.example", "lea@test.example"])
    try await fixture.deliverLetters()
    _ = try await store.invite(
      "marc@test.example", as: .parent, for: lea, by: boss, address: .unknown, now: Fixture.now)
    #expect(try await fixture.recipients(of: .accompanimentChanged) == ["julie@test.example", "lea@test.example"])
  }

  @Test("When a new guardian has accepted, the patient and the other guardians are written to, and who invited is once")
  func joined() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let boss = try await fixture.person("Boss", [.operator])
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    let julie = try await fixture.person("Julie", [.guardian])
    let marc = try await fixture.person("Marc")
    try await fixture.link(lea, julie, .parent)
    for (inviter, told) in [(boss, ["julie@test.example", "lea@test.example"]), (julie, ["lea@test.example"])] {
      let sent = try await store.invite(
        "marc@test.example", as: .parent, for: lea, by: inviter, address: .unknown, now: Fixture.now)
      try await fixture.deliverLetters()
      try await store.acceptInvitation(sent.id, by: marc, now: Fixture.now)
      #expect(try await fixture.recipients(of: .accompanimentChanged) == told)
      #expect(try await fixture.recipients(of: .invitationAccepted(by: "Marc Test")).count == 1)
      try await store.endGuardianship(patient: lea, guardian: marc, by: marc, now: Fixture.now)
    }
  }

  @Test("An operator who is a patient, too, sees their own file")
  func own() async throws {
    let fixture = try Fixture()
    let boss = try await fixture.person("Boss", [.operator, .patient])
    #expect(try await fixture.store.healthFile(of: boss, for: boss, now: Fixture.now) == nil)
  }
}

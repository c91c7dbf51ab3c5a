import Foundation
import Testing

@testable import Accounts

@Suite("People")
struct ProfileTests {
  @Test("A person comes back as created")
  func roundTrip() async throws {
    let fixture = try Fixture()
    let physician = try await fixture.practitioner("Anne", rpps: "10003456786")
    let paul = try await fixture.person("Paul", [.patient, .guardian], born: "1951-02-11", protection: .curatelle)
    try await fixture.store.setAttending(of: paul, to: physician, by: .account(paul), now: Fixture.now)
    #expect(
      try await fixture.store.profile(paul)
        == Profile(
          id: paul, givenName: "Paul", familyName: "Test", email: "paul@test.example", roles: [.patient, .guardian],
          birthDate: CivilDate("1951-02-11"), protection: .curatelle, attendingPhysician: physician))
    #expect(
      try await fixture.store.profile(physician)
        == Profile(
          id: physician, givenName: "Anne", familyName: "Test", email: "anne@test.example", roles: [.practitioner],
          practitioner: .init(
            rpps: RPPS("10003456786"), specialty: "Médecine générale", sector: .one, verification: .pending)))
    #expect(try await fixture.store.profile(email: "PAUL@test.example")?.id == paul)
    #expect(try await fixture.store.profile(AccountID(UUID())) == nil)
  }

  @Test("Several come together, and those that are not there are left out")
  func several() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    let hugo = try await fixture.person("Hugo")
    let found = try await fixture.store.profiles([anne, hugo, anne, AccountID(UUID())])
    #expect(found.mapValues(\.givenName) == [anne: "Anne", hugo: "Hugo"])
  }

  @Test("Pages go through everyone, or everyone with a role, once")
  func pages() async throws {
    let fixture = try Fixture()
    for number in 0..<7 { _ = try await fixture.person("p\(number)", number < 3 ? [.guardian] : [.patient]) }
    for (role, count) in [(nil, 7), (Role.guardian, 3), (.patient, 4), (.operator, 0)] {
      var seen: [AccountID] = []
      while case let page = try await fixture.store.page(role: role, after: seen.last, limit: 2), !page.isEmpty {
        seen += page.map(\.id)
      }
      #expect(seen.count == count && Set(seen).count == count)
    }
  }

  @Test("CU-6.3: an account asks for itself if it is a patient, and for whom it represents")
  func represented() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    let marc = try await fixture.person("Marc", [.guardian])
    let lea = try await fixture.person("Lea", born: "2014-05-01")
    try await fixture.link(lea, julie, .parent)
    try await fixture.link(lea, marc, .parent)
    func patients(_ id: AccountID) async throws -> [AccountID: Relation?] {
      try await fixture.store.patientsRepresented(by: id).reduce(into: [:]) { $0[$1.profile.id] = .some($1.relation) }
    }
    #expect(try await patients(julie) == [julie: nil, lea: .parent])
    #expect(try await patients(marc) == [lea: .parent])
    #expect(try await patients(lea) == [lea: nil])
    #expect(try await fixture.store.patientsRepresented(by: julie).first?.profile.id == julie)
    #expect(Set(try await fixture.store.guardians(of: lea).map(\.profile.id)) == [julie, marc])
    try await fixture.store.unlink(patient: lea, guardian: julie, by: .commandLine, now: Fixture.now)
    #expect(try await patients(julie) == [julie: nil])
  }

  @Test("An address and an RPPS number belong to one account")
  func taken() async throws {
    let fixture = try Fixture()
    _ = try await fixture.practitioner("Anne", rpps: "10003456786")
    #expect(await refusal { try await fixture.practitioner("ANNE", rpps: "10007654329") } == .emailTaken)
    #expect(await refusal { try await fixture.practitioner("Hugo", rpps: "10003456786") } == .rppsTaken)
    #expect(try await fixture.store.page().count == 1)
  }

  @Test("Links that cannot be are refused by name")
  func links() async throws {
    let fixture = try Fixture()
    let lea = try await fixture.person("Lea")
    let julie = try await fixture.person("Julie", [.guardian])
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    try await fixture.link(lea, julie, .parent)
    #expect(await refusal { try await fixture.link(lea, julie, .parent) } == .guardianship(.alreadyLinked))
    #expect(await refusal { try await fixture.link(julie, julie, .parent) } == .notAPatient)
    #expect(await refusal { try await fixture.link(lea, AccountID(UUID()), .parent) } == .unknownAccount)
    #expect(await refusal { try await fixture.link(lea, anne, .parent) } == .guardianship(.guardianRoleMissing))
    let store = fixture.store
    #expect(
      await refusal { try await store.unlink(patient: lea, guardian: anne, by: .commandLine, now: 0) }
        == .guardianship(.notLinked))
    #expect(
      await refusal { try await store.setAttending(of: lea, to: julie, by: .commandLine, now: 0) } == .notAPractitioner)
    #expect(
      await refusal { try await store.setAttending(of: julie, to: anne, by: .commandLine, now: 0) } == .notAPatient)
  }

  @Test("Parts that do not go together are refused when the account is described")
  func parts() {
    func part(_ make: () throws -> NewAccount) -> AccountField? {
      do {
        _ = try make()
        return nil
      } catch {
        guard case .invalid(let field, _)? = error as? AccountRefusal else { return nil }
        return field
      }
    }
    let birth = try? CivilDate("1980-01-01")
    #expect(part { try NewAccount(givenName: "A", familyName: "B", roles: []) } == .roles)
    #expect(part { try NewAccount(givenName: "A", familyName: "B", roles: [.patient]) } == .birthDate)
    #expect(
      part { try NewAccount(givenName: "A", familyName: "B", roles: [.guardian], birthDate: birth) } == .birthDate)
    #expect(
      part { try NewAccount(givenName: "A", familyName: "B", roles: [.guardian], protection: .tutelle) } == .protection)
    #expect(part { try NewAccount(givenName: "A", familyName: "B", roles: [.practitioner]) } == .rpps)
    #expect(
      part { try NewAccount(givenName: "A", familyName: "B", password: Fixture.password, roles: [.guardian]) } == .email
    )
  }
}

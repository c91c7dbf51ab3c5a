import Testing

@testable import Accounts

@Suite("The demonstration's people")
struct DemoDataTests {
  @Test("They are there once, however often they are seeded, and sign in with the demonstration's password")
  func seeding() async throws {
    let fixture = try Fixture()
    let people = try await DemoData.seed(into: fixture.store, now: Fixture.now)
    let again = try await DemoData.seed(into: fixture.store, now: Fixture.now + 1)
    #expect(again.map(\.account) == people.map(\.account))
    #expect(
      people.map(\.email)
        == [
          "anne.martin", "hugo.bernard", "camille.durand", "julie.petit", "marc.petit", "lea.petit", "claire.fabre",
          "paul.moreau", "ariane.roux",
        ].map { "\($0)@demo.example" })
    for person in again {
      let signedIn = try await fixture.store.signIn(
        email: person.email, password: DemoData.password, code: person.codes.first,
        address: RemoteAddress("192.0.2.1"), kind: .cookie, now: Fixture.now)
      #expect(signedIn.profile.id == person.account)
    }
    #expect(try await fixture.store.page().count == 9)
  }

  @Test("CU-6.3: they play an adult, a minor with two parents, and a protected adult with a tutor")
  func cast() async throws {
    let fixture = try Fixture()
    let people = try await DemoData.seed(into: fixture.store, now: Fixture.now)
    let ids = Dictionary(uniqueKeysWithValues: people.map { ($0.givenName, $0.account) })
    func profile(_ name: String) async throws -> Profile {
      let id = try #require(ids[name])
      return try #require(try await fixture.store.profile(id))
    }
    func guardians(_ name: String) async throws -> [AccountID?: Relation] {
      try await fixture.store.guardians(of: try #require(ids[name]))
        .reduce(into: [:]) { $0[$1.profile.id] = $1.relation }
    }
    #expect(try await profile("Camille").attendingPhysician == ids["Anne"])
    #expect(try await profile("Anne").isVerifiedPractitioner)
    #expect(try await profile("Hugo").isVerifiedPractitioner)
    #expect(try await profile("Léa").birthDate?.age(on: CivilDate(inParisAt: Fixture.now)) == 12)
    #expect(try await guardians("Léa") == [ids["Julie"]: .parent, ids["Marc"]: .parent])
    #expect(try await profile("Paul").protection == .tutelle)
    #expect(try await guardians("Paul") == [ids["Claire"]: .tutor])
    #expect(try await profile("Julie").roles == [.patient, .guardian])
    #expect(try await guardians("Camille").isEmpty)
  }
}

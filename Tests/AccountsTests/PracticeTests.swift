import Foundation
import GRDB
import Mail
import Testing

@testable import Accounts

@Suite("CU-6.7: practitioners")
struct PracticeTests {
  @Test(
    "Verified ones are found by the beginning of their names, whatever the case and the accents",
    arguments: [
      ("éL", ["Élodie"]), ("elo", ["Élodie"]), ("test", ["Hugo", "Élodie"]), ("hugo te", ["Hugo"]),
      ("test h", ["Hugo"]), ("est", []), ("pen", []), ("clo", []), ("%%", []),
    ])
  func search(name: String, found: [String]) async throws {
    let fixture = try Fixture()
    for (index, name) in ["Élodie", "Hugo", "Closed"].enumerated() {
      let numbers = ["10003456786", "10007654329", "12345678903"]
      let new = try NewAccount(
        givenName: name, familyName: "Test", roles: [.practitioner],
        practitioner: .init(rpps: numbers[index], specialty: "Médecine générale"))
      let id = try await fixture.store.create(new, by: .commandLine, now: 0).id
      try await fixture.store.setVerification(of: id, to: .verified, ground: "test", by: .commandLine, now: 0)
      if name == "Closed" { try await fixture.store.suspend(id, ground: "test", by: .commandLine, now: 0) }
    }
    _ = try await fixture.practitioner("Pending", rpps: "98765432103")
    #expect(Set(try await fixture.store.searchPractitioners(name: name).map(\.givenName)) == Set(found))
  }

  @Test("A search goes by the index, finds a new name and not the old one, and who was there before the index came")
  func index() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    try await store.setVerification(of: anne, to: .verified, ground: "test", by: .commandLine, now: 0)
    try await store.database.write { db in
      try db.execute(sql: "DROP TABLE practitioner_name")
      try SchemaOfNames.migrate(db)
    }
    #expect(try await store.searchPractitioners(name: "ann").map(\.id) == [anne])
    let corrected = try PersonName("Zoé", field: .givenName)
    try await store.database.write { db in
      try DetailsTable.setNames(db, of: anne, givenName: corrected, familyName: nil)
    }
    #expect(try await store.searchPractitioners(name: "ann").isEmpty)
    #expect(try await store.searchPractitioners(name: "zoe t").map(\.id) == [anne])
    let plan = try await store.database.read { db in
      try Row.fetchAll(
        db,
        sql: "EXPLAIN QUERY PLAN SELECT account FROM practitioner_name WHERE name >= 'a' AND name < 'b' ORDER BY name"
      ).map { $0["detail"] as String }
    }
    #expect(plan == ["SEARCH practitioner_name USING PRIMARY KEY (name>? AND name<?)"])
  }

  @Test("A search needs 2 to 100 characters", arguments: ["", " ", "a", " é ", String(repeating: "x", count: 101)])
  func bounds(name: String) async throws {
    let fixture = try Fixture()
    #expect(await refusal { try await fixture.store.searchPractitioners(name: name) }?.code == "invalid_field")
  }

  @Test("Another number, or applying again after a refusal, waits for an operator; other corrections do not")
  func applying() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let anne = try await fixture.person("Anne", [.patient])
    func apply(_ rpps: String, _ specialty: String, now: Int64) async -> AccountRefusal? {
      await refusal {
        try await store.apply(.init(rpps: rpps, specialty: specialty, sector: .two), of: anne, now: now)
      }
    }
    func decide(_ verification: Verification) async throws {
      try await store.setVerification(of: anne, to: verification, ground: "test", by: .commandLine, now: 5)
    }
    func state() async throws -> Verification? { try await store.profile(anne)?.practitioner?.verification }
    #expect(await apply("10003456786", "GP", now: 1) == nil)
    #expect(try await state() == .pending)
    #expect(try await store.profile(anne)?.roles == [.patient, .practitioner])
    try await decide(.verified)
    #expect(await apply("10003456786", "Cardiologie", now: 2) == nil)
    #expect(try await state() == .verified)
    #expect(await apply("10007654329", "Cardiologie", now: 3) == nil)
    #expect(try await state() == .pending)
    try await decide(.refused)
    #expect(await apply("10007654329", "Cardiologie", now: 6) == nil)
    #expect(try await state() == .pending)
    let entry = try #require(try await store.practitioners(.pending, after: nil, limit: 50).first)
    #expect(entry.appliedAt == 6 && entry.decidedAt == 6 && entry.ground == nil)
    try await decide(.suspended)
    #expect(await apply("10007654329", "Cardiologie", now: 7) == .forbidden)
    #expect(
      try await fixture.actions(about: anne) == [
        .accountCreated, .practitionerPending, .practitionerVerified, .accountCorrected, .practitionerPending,
        .practitionerRefused, .practitionerPending, .practitionerSuspended,
      ])
  }

  @Test("A number belongs to one practitioner, and operators do not practise")
  func refused() async throws {
    let fixture = try Fixture()
    _ = try await fixture.practitioner("Anne", rpps: "10003456786")
    let hugo = try await fixture.practitioner("Hugo", rpps: "10007654329")
    let max = try await fixture.person("Max", [.operator])
    let practice = try NewAccount.Practitioner(rpps: "10003456786", specialty: "x")
    #expect(await refusal { try await fixture.store.apply(practice, of: hugo, now: 0) } == .rppsTaken)
    #expect(await refusal { try await fixture.store.apply(practice, of: max, now: 0) } == .forbidden)
    #expect(try await fixture.store.profile(max)?.roles == [.operator])
  }

  @Test("Whoever is verified, refused, suspended or closed is written to, with the ground")
  func letters() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    for verification in [Verification.verified, .refused, .suspended] {
      try await fixture.store.setVerification(of: anne, to: verification, ground: "g", by: .commandLine, now: 0)
    }
    try await fixture.store.suspend(anne, ground: "closing", by: .commandLine, now: 0)
    let letters = try await fixture.letters()
    #expect(
      letters.map(\.letter) == [
        .practitionerVerified, .practitionerRefused(ground: "g"), .practitionerSuspended(ground: "g"),
        .accountClosed(ground: "closing"),
      ])
    #expect(letters.allSatisfy { $0.recipient == "anne@test.example" && $0.language == .fr })
  }
}

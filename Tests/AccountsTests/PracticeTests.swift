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

  @Test("Another number, or applying again after a refusal, waits for an operator; the same again does not")
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
    #expect(await apply("10003456786", "GP", now: 2) == nil)
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

  @Test("A verified practitioner with another name or specialty waits for an operator; the sector is free")
  func renamed() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    func rename(_ given: String?, _ family: String?) async throws {
      var correction = Correction()
      correction.givenName = try given.map { try PersonName($0, field: .givenName) }
      correction.familyName = try family.map { try PersonName($0, field: .familyName) }
      try await store.correct(anne, correction, now: 7)
    }
    func apply(_ specialty: String, _ sector: Sector) async throws {
      try await store.apply(.init(rpps: "10003456786", specialty: specialty, sector: sector), of: anne, now: 7)
    }
    func state() async throws -> Verification? { try await store.profile(anne)?.practitioner?.verification }
    let changes: [(Bool, () async throws -> Void)] = [
      (true, { try await rename("Hugo", nil) }), (true, { try await rename(nil, "Bernard") }),
      (true, { try await apply("Cardiologie", .one) }), (false, { try await apply("Cardiologie", .three) }),
      (false, { try await rename("Hugo", "Bernard") }),
    ]
    for (index, (isPending, change)) in changes.enumerated() {
      try await store.setVerification(of: anne, to: .verified, ground: "x", by: .commandLine, now: 5)
      try await change()
      #expect(try await state() == (isPending ? .pending : .verified), "\(index)")
      let last = try await fixture.actions(about: anne).last
      #expect(last == (isPending ? .practitionerPending : .accountCorrected), "\(index)")
    }
    try await store.setVerification(of: anne, to: .suspended, ground: "x", by: .commandLine, now: 5)
    try await rename("Third", nil)
    #expect(try await state() == .suspended)
  }

  @Test("A refused practitioner's number is free for whose it is, and comes back only if it is not taken")
  func refusedNumber() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let thief = try await fixture.practitioner("Thief", rpps: "10003456786")
    func decide(_ account: AccountID, _ verification: Verification) async -> AccountRefusal? {
      await refusal {
        try await store.setVerification(of: account, to: verification, ground: "x", by: .commandLine, now: 0)
      }
    }
    #expect(await decide(thief, .refused) == nil)
    try await fixture.signUp(.person("Anne", [.practitioner], rpps: "10003456786"))
    let anne = try await fixture.confirm(fixture.token(to: "anne@test.example")).profile.id
    let practice = try NewAccount.Practitioner(rpps: "10003456786", specialty: "x")
    #expect(await refusal { try await store.apply(practice, of: thief, now: 0) } == .rppsTaken)
    for verification in [Verification.verified, .pending, .suspended] {
      #expect(await decide(thief, verification) == .rppsTaken)
    }
    #expect(await decide(anne, .verified) == nil)
    #expect(await decide(anne, .refused) == nil)
    #expect(await refusal { try await store.apply(practice, of: thief, now: 0) } == nil)
    #expect(await decide(anne, .verified) == .rppsTaken)
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

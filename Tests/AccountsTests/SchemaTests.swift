import Foundation
import Testing

@testable import Accounts

/// The rules hold even for somebody who goes round the store's methods with SQL of their own.
@Suite("The schema enforces")
struct SchemaTests {
  private func hex(_ id: AccountID) -> String {
    "x'" + id.uuid.uuidString.replacing("-", with: "") + "'"
  }

  private func insert(_ patient: AccountID, _ guardian: AccountID, _ relation: String) -> String {
    """
    INSERT INTO guardianship (patient, guardian, relation, since)
    VALUES (\(hex(patient)), \(hex(guardian)), '\(relation)', 0)
    """
  }

  @Test("CU-6.3: a patient has two guardians at most")
  func thirdParent() async throws {
    let fixture = try Fixture()
    let child = try await fixture.person("Lea", born: "2014-05-01")
    for name in ["Julie", "Marc"] {
      try await fixture.raw(insert(child, fixture.person(name, [.guardian]), "parent"))
    }
    let third = try await fixture.person("Third", [.guardian])
    #expect(await refusal { try await fixture.raw(insert(child, third, "parent")) } == .guardianship(.tooManyGuardians))
    #expect(try await fixture.store.guardians(of: child).count == 2)
  }

  @Test(
    "CU-6.3: the relation fits the patient's protection",
    arguments: Protection.allCases, Relation.allCases)
  func relation(protection: Protection, relation: Relation) async throws {
    let fixture = try Fixture()
    let patient = try await fixture.person("Paul", protection: protection)
    let guardian = try await fixture.person("Claire", [.guardian])
    let expected: AccountRefusal? = relation.protection == protection ? nil : .guardianship(.relationMismatch)
    #expect(await refusal { try await fixture.raw(insert(patient, guardian, relation.rawValue)) } == expected)
  }

  @Test("CU-6.3: a guardian has the role guardian")
  func guardianRole() async throws {
    let fixture = try Fixture()
    let child = try await fixture.person("Lea")
    let other = try await fixture.person("Julie")
    #expect(
      await refusal { try await fixture.raw(insert(child, other, "parent")) } == .guardianship(.guardianRoleMissing))
  }

  @Test("CU-6.3: nobody is their own guardian")
  func ownGuardian() async throws {
    let fixture = try Fixture()
    let person = try await fixture.person("Julie", [.patient, .guardian])
    #expect(await refusal { try await fixture.raw(insert(person, person, "parent")) } == .guardianship(.ownGuardian))
  }

  @Test("A guardian represents 100 patients at most")
  func manyPatients() async throws {
    let fixture = try Fixture()
    let guardian = try await fixture.person("Claire", [.guardian])
    for number in 0..<100 {
      try await fixture.link(fixture.person("p\(number)", protection: .tutelle), guardian, .tutor)
    }
    let last = try await fixture.person("last", protection: .tutelle)
    #expect(await refusal { try await fixture.link(last, guardian, .tutor) } == .guardianship(.tooManyPatients))
  }

  @Test("A guardianship does not change, and its patient's protection not under it")
  func fixed() async throws {
    let fixture = try Fixture()
    let patient = try await fixture.person("Paul", protection: .tutelle)
    try await fixture.link(patient, fixture.person("Claire", [.guardian]), .tutor)
    #expect(await refusal { try await fixture.raw("UPDATE guardianship SET relation = 'parent'") } != nil)
    #expect(
      await refusal { try await fixture.raw("UPDATE patient SET protection = 'none'") }
        == .guardianship(.relationMismatch))
    try await fixture.raw("DELETE FROM guardianship")
    try await fixture.raw("UPDATE patient SET protection = 'none'")
  }

  @Test("Who loses the role guardian represents nobody any more")
  func roleLost() async throws {
    let fixture = try Fixture()
    let child = try await fixture.person("Lea")
    try await fixture.link(child, fixture.person("Julie", [.guardian]), .parent)
    try await fixture.raw("DELETE FROM role WHERE role = 'guardian'")
    #expect(try await fixture.store.guardians(of: child).isEmpty)
  }

  @Test(
    "Values that are none are refused",
    arguments: [
      "UPDATE account SET given_name = ''", "UPDATE account SET id = x'00'", "UPDATE account SET suspended_at = 1",
      "UPDATE credential SET email = 'ANNE@test.example'", "UPDATE credential SET email = 'anne'",
      "UPDATE credential SET email = 'lea@test.example' WHERE email = 'anne@test.example'",
      "UPDATE credential SET hash = randomblob(32)", "UPDATE credential SET password_set_at = 1",
      "UPDATE role SET role = 'operator'", "INSERT INTO role SELECT id, 'king' FROM account",
      "UPDATE practitioner SET rpps = '10003456785'", "UPDATE practitioner SET rpps = '1000345678'",
      "UPDATE practitioner SET rpps = 'abcdefghijk'", "UPDATE practitioner SET sector = 4",
      "UPDATE practitioner SET verification = 'maybe'", "UPDATE practitioner SET verification = 'verified'",
      "UPDATE patient SET birth_date = '2023-02-29'", "UPDATE patient SET birth_date = '23/04/1987'",
      "UPDATE patient SET protection = 'sauvegarde'", "UPDATE patient SET attending = account",
      "INSERT INTO patient (account, birth_date, protection) SELECT account, '1987-04-23', 'none' FROM practitioner",
      """
      INSERT INTO session (id, account, token_digest, kind, room, created_at, expires_at)
      SELECT randomblob(16), id, randomblob(32), 'companion', NULL, 1, 2 FROM account
      """,
      """
      INSERT INTO session (id, account, token_digest, kind, room, created_at, expires_at)
      SELECT randomblob(16), id, randomblob(32), 'cookie', randomblob(16), 1, 2 FROM account
      """,
      """
      INSERT INTO session (id, account, token_digest, kind, room, created_at, expires_at)
      SELECT randomblob(16), id, randomblob(32), 'cookie', NULL, 2, 2 FROM account
      """,
      """
      INSERT INTO session (id, account, token_digest, kind, room, created_at, expires_at)
      VALUES (randomblob(16), randomblob(16), randomblob(32), 'cookie', NULL, 1, 2)
      """,
      """
      INSERT INTO account (id, given_name, family_name, created_at) VALUES (randomblob(16), 'Anne', 'Test', 'not a time')
      """,
    ])
  func values(sql: String) async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Lea")
    _ = try await fixture.practitioner("Anne", rpps: "10003456786")
    #expect(await refusal { try await fixture.raw(sql) } != nil)
  }

  @Test("The key of an RPPS number is the same in SQL as in Swift", arguments: 0..<10)
  func rppsKey(key: Int) async throws {
    let fixture = try Fixture()
    _ = try await fixture.practitioner("Anne", rpps: "10003456786")
    for stem in ["1000765432", "9876543210", "5555555555"] {
      let number = "\(stem)\(key)"
      let inSQL = await refusal { try await fixture.raw("UPDATE practitioner SET rpps = '\(number)'") } == nil
      #expect(inSQL == ((try? RPPS(number)) != nil), "\(number)")
    }
  }

  @Test(
    "CU-13: the audit can only grow",
    arguments: [
      "UPDATE audit SET at = 0", "DELETE FROM audit",
      "INSERT OR REPLACE INTO audit SELECT id, 0, actor, action, subject, other, ground FROM audit",
    ])
  func audit(sql: String) async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Lea")
    let before = try await fixture.store.audit()
    #expect(before.count == 1)
    #expect(await refusal { try await fixture.raw(sql) } != nil)
    #expect(try await fixture.store.audit() == before)
  }

  @Test("Erasing an account takes everything that hangs on it, and leaves the audit")
  func erasing() async throws {
    let fixture = try Fixture()
    let person = try await fixture.person("Julie", [.patient, .guardian], password: Fixture.password)
    try await fixture.link(fixture.person("Lea"), person, .parent)
    _ = try await fixture.signIn("julie@test.example")
    try await fixture.raw("DELETE FROM account WHERE id = \(hex(person))")
    #expect(try await fixture.store.profile(person) == nil)
    #expect(await refusal { try await fixture.signIn("julie@test.example") } == .wrongCredentials)
    #expect(try await fixture.store.audit().contains { $0.subject == person })
  }
}

import Foundation
import GRDB
import Testing

@testable import Accounts

/// As ``SchemaTests``, for what people come and go with by themselves.
@Suite("The schema of sign-up, links, second factors and letters enforces")
struct SchemaOfPeopleTests {
  private static let digest = "zeroblob(32)"
  private static let anne = "(SELECT id FROM account)"

  @Test(
    "What is not whole is not stored",
    arguments: [
      "INSERT INTO registration VALUES (\(digest), 'a@b.example', 'no json', zeroblob(16), \(digest), 2, 1, 1, 0, 1)",
      "INSERT INTO registration VALUES (zeroblob(31), 'a@b.example', '{}', zeroblob(16), \(digest), 2, 1, 1, 0, 1)",
      "INSERT INTO registration VALUES (\(digest), 'a@b.example', '{}', zeroblob(15), \(digest), 2, 1, 1, 0, 1)",
      "INSERT INTO link VALUES (\(digest), \(anne), 'password', 'a@b.example', 0, 1)",
      "INSERT INTO link VALUES (\(digest), \(anne), 'email', NULL, 0, 1)",
      "INSERT INTO link VALUES (\(digest), \(anne), 'other', NULL, 0, 1)",
      "INSERT INTO link VALUES (zeroblob(31), \(anne), 'password', NULL, 0, 1)",
      "INSERT INTO link VALUES (\(digest), zeroblob(16), 'password', NULL, 0, 1)",
      "INSERT INTO second_factor VALUES (\(anne), zeroblob(20), 0, 0)",
      "INSERT INTO recovery_code VALUES (\(anne), \(digest))",
      "INSERT INTO data_key VALUES (\(anne), zeroblob(32))",
      """
      INSERT INTO mail (recipient, language, letter, created_at, next_try_at) VALUES ('a@b.example', 'fr', '{', 0, 0)
      """,
      """
      INSERT INTO mail (recipient, language, letter, created_at, next_try_at) VALUES ('a@b.example', 'de', '{}', 0, 0)
      """,
    ])
  func malformed(sql: String) async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    #expect(await refusal { try await fixture.raw(sql) }?.code == "unavailable")
  }

  @Test("The same with the right parts is stored, and goes with the account")
  func whole() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    let digest = SchemaOfPeopleTests.digest
    let id = SchemaOfPeopleTests.anne
    for sql in [
      "INSERT INTO registration VALUES (\(digest), 'a@b.example', '{}', zeroblob(16), \(digest), 2, 1, 1, 0, 1)",
      "INSERT INTO link VALUES (\(digest), \(id), 'password', NULL, 0, 1)",
      "INSERT INTO data_key VALUES (\(id), zeroblob(60))",
      "INSERT INTO second_factor VALUES (\(id), zeroblob(48), 0, 0)",
      "INSERT INTO recovery_code VALUES (\(id), \(digest))",
    ] {
      try await fixture.raw(sql)
    }
    _ = try await fixture.store.erase(anne, by: .commandLine, now: 0)
    for table in ["link", "data_key", "second_factor", "recovery_code"] {
      let rows = try await fixture.store.database.read { db in
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
      }
      #expect(rows == 0, "\(table)")
    }
  }
}

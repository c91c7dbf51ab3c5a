import Foundation
import GRDB
import Testing

@testable import Accounts

@Suite("The account database on disk")
struct AccountDatabaseTests {
  @Test("Every file of it is its owner's only")
  func mode() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne")
    let files = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(files.contains("accounts.sqlite") && files.contains("accounts.sqlite-wal"))
    for file in files {
      let path = fixture.folder.appending(path: file).path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(file)")
    }
  }

  @Test(
    "It is durable, checks foreign keys, and overwrites what is deleted",
    arguments: [("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 5000)])
  func settings(pragma: String, value: Int) async throws {
    let fixture = try Fixture()
    let found = try await fixture.store.database.write { db in try Int.fetchOne(db, sql: "PRAGMA \(pragma)") }
    #expect(found == value)
  }

  @Test("Two processes see each other's changes")
  func twice() async throws {
    let fixture = try Fixture()
    let other = try AccountStore(
      path: fixture.path, keyring: fixture.keyring, settings: AccountSettings(cost: .cheap))
    let id = try await fixture.person("Anne")
    #expect(try await other.profile(id)?.givenName == "Anne")
    #expect(try await other.audit(after: 0).map(\.subject) == [id])
  }

  @Test("A folder of the version before is brought up to date with what is in it")
  func older() async throws {
    let fixture = try Fixture()
    let path = fixture.folder.appending(path: "older.sqlite").path
    let queue = try DatabaseQueue(path: path)
    try Schema.migrator.migrate(
      queue, upTo: "2 sign-up, consents, invitations, health files, second factors, mail")
    try await queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO account (id, given_name, family_name, created_at)
          VALUES (zeroblob(16), 'Anne', 'Test', 1), (CAST('0123456789abcdef' AS BLOB), 'Lea', 'Test', 1);
          INSERT INTO role SELECT id, iif(given_name = 'Anne', 'practitioner', 'patient') FROM account;
          INSERT INTO practitioner (account, rpps, specialty, sector, verification, verification_ground, verification_at)
          VALUES (zeroblob(16), '10003456786', 'x', 2, 'verified', 'y', 3);
          INSERT INTO patient (account, birth_date, protection, attending)
          VALUES (CAST('0123456789abcdef' AS BLOB), '1980-01-01', 'none', zeroblob(16));
          """)
    }
    try queue.close()
    let store = try AccountStore(path: path, keyring: fixture.keyring)
    let profiles = try await store.page()
    let anne = try #require(profiles.first { $0.givenName == "Anne" })
    #expect(anne.isVerifiedPractitioner && anne.practitioner?.sector == .two)
    #expect(profiles.first { $0.givenName == "Lea" }?.attendingPhysician == anne.id)
    _ = try await store.erase(anne.id, by: .system, now: 0)
    #expect(try await store.page().map(\.attendingPhysician) == [nil])
  }

  @Test("A database of a newer version is left alone, with advice")
  func newer() async throws {
    let fixture = try Fixture()
    try await fixture.raw("INSERT INTO grdb_migrations VALUES ('999 from the future')")
    let reopened = await refusal {
      try AccountStore(
        path: fixture.path, keyring: fixture.keyring, settings: AccountSettings(cost: .cheap))
    }
    #expect(reopened?.code == "unavailable" && reopened?.message.contains("newer version") == true)
  }

  @Test("A file that is no database, and a folder that is not there, are refused with advice")
  func unusable() async throws {
    let fixture = try Fixture()
    let junk = fixture.folder.appending(path: "junk")
    try Data(repeating: 7, count: 5000).write(to: junk)
    #expect(
      await refusal { try AccountStore(path: junk.path, keyring: fixture.keyring) }?.code == "unavailable")
    #expect(
      await refusal { try AccountStore(path: "/nowhere/accounts.sqlite", keyring: fixture.keyring) }?
        .message
        .contains("check the folder") == true
    )
  }
}

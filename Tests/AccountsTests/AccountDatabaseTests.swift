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
      path: fixture.path, masterKeyFile: fixture.masterKeyFile, settings: AccountSettings(cost: .cheap))
    let id = try await fixture.person("Anne")
    #expect(try await other.profile(id)?.givenName == "Anne")
    #expect(try await other.audit(after: 0).map(\.subject) == [id])
  }

  @Test("A database of a newer version is left alone, with advice")
  func newer() async throws {
    let fixture = try Fixture()
    try await fixture.raw("INSERT INTO grdb_migrations VALUES ('999 from the future')")
    let reopened = await refusal {
      try AccountStore(
        path: fixture.path, masterKeyFile: fixture.masterKeyFile, settings: AccountSettings(cost: .cheap))
    }
    #expect(reopened?.code == "unavailable" && reopened?.message.contains("newer version") == true)
  }

  @Test("A file that is no database, and a folder that is not there, are refused with advice")
  func unusable() async throws {
    let fixture = try Fixture()
    let junk = fixture.folder.appending(path: "junk")
    try Data(repeating: 7, count: 5000).write(to: junk)
    #expect(
      await refusal { try AccountStore(path: junk.path, masterKeyFile: fixture.masterKeyFile) }?.code == "unavailable")
    #expect(
      await refusal { try AccountStore(path: "/nowhere/accounts.sqlite", masterKeyFile: fixture.masterKeyFile) }?
        .message
        .contains("check the folder") == true
    )
  }
}

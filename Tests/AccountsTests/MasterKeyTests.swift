import Foundation
import Testing
import Vault

@testable import Accounts

@Suite("CU-12.5: the master key")
struct MasterKeyTests {
  private func reopen(_ fixture: Fixture, _ file: String? = nil) async -> AccountRefusal? {
    await refusal { try AccountStore(path: fixture.path, keyring: MasterKeyring(.file(file ?? fixture.masterKeyFile))) }
  }

  private func write(_ digits: String, to file: String, mode: Int = 0o600) throws {
    try Data(digits.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
  }

  @Test("A new database has a new key, its owner's only, and opens with it again")
  func made() async throws {
    let fixture = try Fixture()
    let text = try String(contentsOfFile: fixture.masterKeyFile, encoding: .ascii)
    #expect(text.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
    #expect(await reopen(fixture) == nil)
  }

  @Test("A key that is gone is not replaced, and what to do is said, whether or not anything else is sealed")
  func gone() async throws {
    for isUsed in [false, true] {
      let fixture = try Fixture()
      if isUsed {
        let anne = try await fixture.person("Anne")
        _ = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: 0)
        try await fixture.raw("DELETE FROM vault")
      }
      try FileManager.default.removeItem(atPath: fixture.masterKeyFile)
      let refused = try #require(await reopen(fixture))
      #expect(refused.code == "unavailable" && refused.message.contains(fixture.masterKeyFile))
      #expect(refused.message.contains("put it back") && refused.message.contains("--master-key"))
      #expect(!FileManager.default.fileExists(atPath: fixture.masterKeyFile))
    }
  }

  @Test("Another key is refused, and what to do is said", arguments: [true, false])
  func another(hasCheck: Bool) async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    _ = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: 0)
    if !hasCheck { try await fixture.raw("DELETE FROM vault") }
    let other = fixture.folder.appending(path: "other.key").path
    try write(String(repeating: "0a", count: 32), to: other)
    let refused = try #require(await reopen(fixture, other))
    #expect(refused.code == "unavailable" && refused.message.contains("\(other) is not the master key"))
    #expect(refused.message.contains("--master-key"))
    #expect(await reopen(fixture) == nil)
    #expect(await reopen(fixture, other) != nil, "the check is there by now")
  }

  @Test("A file that is no key, or that others may read, is refused")
  func unusable() async throws {
    let fixture = try Fixture()
    let other = fixture.folder.appending(path: "other.key").path
    for (digits, mode) in [("", 0o600), ("0a", 0o600), (String(repeating: "zz", count: 32), 0o600)] {
      try write(digits, to: other, mode: mode)
      #expect(await reopen(fixture, other)?.message.contains("64 hexadecimal digits") == true)
    }
    try write(String(repeating: "0a", count: 32), to: other, mode: 0o640)
    #expect(await reopen(fixture, other)?.message.contains("chmod 600") == true)
  }
}

import Foundation
import Testing

@testable import Vault

@Suite("CU-12.5: where the master keys come from")
struct MasterKeySourceTests {
  private let digits = String(repeating: "0a", count: 32)
  private let others = String(repeating: "5F", count: 32)

  @Test("A file, a command and the environment give the same keys, the first one first")
  func same() throws {
    let folder = try KeyFolder()
    let text = "\(digits)\n\(others)\n"
    try folder.write(text)
    let sources: [MasterKeySource] = [.file(folder.path), .command("cat '\(folder.path)'"), .environment(text)]
    for source in sources {
      #expect(try source.read().map(\.digits) == [digits, others.lowercased()])
    }
  }

  @Test("A new file has one key, and its owner alone may read it; one that is there stays")
  func made() throws {
    let folder = try KeyFolder()
    try folder.file.makeIfMissing()
    let text = try folder.text()
    #expect(text.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try folder.file.makeIfMissing()
    #expect(try folder.text() == text)
  }

  @Test("Keys are replaced all at once, in a file that its owner alone may read")
  func replaced() throws {
    let folder = try KeyFolder()
    try folder.file.makeIfMissing()
    let keys = [MasterKey(), MasterKey()]
    try folder.file.replace(with: keys)
    #expect(try folder.text() == keys.map { $0.digits + "\n" }.joined())
    #expect(try folder.file.read().map(\.name) == keys.map(\.name))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.folder.path) == ["master.key"])
  }

  @Test("A file whose keys are replaced stays its owner's, who may run the broker while root rotates")
  func owned() throws {
    let folder = try KeyFolder()
    try folder.write(digits)
    // Only root can give a file away; anybody else sees that it stays their own.
    let owner = geteuid() == 0 ? 65_534 : geteuid()
    try #require(chown(folder.path, owner, getegid()) == 0 && chmod(folder.path, 0o400) == 0)
    try folder.file.replace(with: [MasterKey()])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
    #expect(attributes[.ownerAccountID] as? UInt32 == owner)
    #expect(attributes[.posixPermissions] as? Int == 0o400)
  }

  @Test(
    "What is not one key or several is refused, and the message says what a key is",
    arguments: ["+1", "zz", "0x"].map { String(repeating: $0, count: 32) } + ["", "0a", "0a0a 0a0a"])
  func malformed(text: String) {
    #expect(
      VaultFailure.of { _ = try MasterKeySource.environment(text).read() }?.description
        .contains("64 hexadecimal digits") == true)
  }

  @Test("More keys than anybody needs are refused")
  func many() {
    let text = Array(repeating: digits, count: MasterKeySource.maximumKeys + 1).joined(separator: "\n")
    #expect(VaultFailure.of { _ = try MasterKeySource.environment(text).read() } != nil)
  }

  @Test("A file that others may read, or that is not there, is refused, and the message says what to do")
  func unusable() throws {
    let folder = try KeyFolder()
    #expect(VaultFailure.of { _ = try folder.file.read() }?.description.contains("put it back") == true)
    for mode in [0o640, 0o604, 0o660] {
      try folder.write(digits, mode: mode)
      #expect(VaultFailure.of { _ = try folder.file.read() }?.description.contains("chmod 600") == true)
    }
  }

  @Test("A command that fails, or says too much, gives no key", arguments: ["exit 3", "kill -9 $$", "yes", "true"])
  func failing(command: String) {
    #expect(VaultFailure.of { _ = try MasterKeySource.command(command).read() } != nil)
  }

  @Test("A source in a message never shows a key")
  func quiet() {
    for source in [MasterKeySource.environment(digits), .command("echo \(digits)")] {
      #expect(!"\(source) \(String(reflecting: source))".contains(digits))
      var dumped = ""
      dump(source, to: &dumped)
      #expect(!dumped.contains(digits))
    }
  }
}

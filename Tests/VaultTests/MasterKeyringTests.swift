import Crypto
import Foundation
import Glibc
import Testing

@testable import Vault

@Suite("CU-12.5: the master keys at hand")
struct MasterKeyringTests {
  private let text = Data("canary".utf8)

  @Test("A data key is stored wrapped, named after its master key, and opens for its owner only")
  func wrapped() throws {
    let keys = try KeyFolder()
    let keyring = MasterKeyring(.file(keys.path))
    try keyring.loadOrMake()
    let made = try keyring.makeDataKey(of: "a", following: nil)
    let isNamed = try keyring.isUnderCurrentKey(made.wrapped)
    #expect(made.wrapped.count == 68 && isNamed)
    let sealed = try made.key.seal(text, purpose: "health")
    #expect(try keyring.openDataKey(made.wrapped, of: "a").open(sealed, purpose: "health") == text)
    #expect(throws: VaultFailure.wrongKey) { try keyring.openDataKey(made.wrapped, of: "b") }
  }

  @Test("Many that make the first key at the same time all have the same, and nobody ever reads half of one")
  func madeAtOnce() async throws {
    for _ in 0..<50 {
      let keys = try KeyFolder()
      let names = try await withThrowingTaskGroup(of: Data.self) { group in
        for _ in 0..<8 {
          group.addTask { [path = keys.path] in
            let keyring = MasterKeyring(.file(path))
            try keyring.loadOrMake()
            return try keyring.currentName()
          }
        }
        return try await group.reduce(into: Set<Data>()) { $0.insert($1) }
      }
      #expect(names.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: keys.folder.path) == ["master.key"])
      let mode = try FileManager.default.attributesOfItem(atPath: keys.path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test("The first key comes under its name whole: nothing is written there afterwards")
  func madeWhole() throws {
    let keys = try KeyFolder()
    let watch = inotify_init()
    defer { close(watch) }
    let (isThere, isWritten): (UInt32, UInt32) = (0x100, 0x2)  // IN_CREATE, IN_MODIFY
    #expect(inotify_add_watch(watch, keys.folder.path, isThere | isWritten) >= 0)
    try MasterKeyring(.file(keys.path)).loadOrMake()
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(watch, &bytes, bytes.count)
    // Of each event: watch, mask, cookie and the length of the name (4 bytes each), and the name.
    var events: [(name: String, mask: UInt32)] = []
    var rest = bytes.prefix(max(0, count))
    while rest.count >= 16 {
      let words = rest.prefix(16).withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
      let name = rest.dropFirst(16).prefix(Int(words[3])).prefix { $0 != 0 }
      events.append((String(decoding: name, as: UTF8.self), words[1]))
      rest = rest.dropFirst(16 + Int(words[3]))
    }
    #expect(events.filter { $0.name == "master.key" }.map(\.mask) == [isThere])
    #expect(events.contains { $0.name != "master.key" && $0.mask == isWritten }, "the watch sees what is written")
  }

  @Test("What was wrapped before keys had names opens, and has a name once it is wrapped again")
  func legacy() throws {
    let old = MasterKey()
    let bytes = MasterKey().secret.withUnsafeBytes { Data($0) }
    let wrapped = try Sealing.seal(bytes, under: old.secret, as: "data key", of: "a")
    let keyring = MasterKeyring(.environment(MasterKey().digits + "\n" + old.digits))
    let sealed = try keyring.openDataKey(wrapped, of: "a").seal(text, purpose: "p")
    let again = try keyring.rewrap(wrapped, of: "a")
    #expect(try keyring.isUnderCurrentKey(again) && !keyring.isUnderCurrentKey(wrapped))
    #expect(try keyring.openDataKey(again, of: "a").open(sealed, purpose: "p") == text)
    let check = try Sealing.seal(
      Data("mqm vault".utf8), under: old.secret, as: "check", of: "00000000-0000-0000-0000-000000000000")
    #expect(keyring.opensCheck(check))
  }

  @Test("A check opens with its master key alone")
  func check() throws {
    let keyring = MasterKeyring(.environment(MasterKey().digits))
    #expect(keyring.opensCheck(try keyring.sealCheck()))
    #expect(!MasterKeyring(.environment(MasterKey().digits)).opensCheck(try keyring.sealCheck()))
    #expect(!keyring.opensCheck(Data()))
  }

  @Test("A changed file is noticed at the next use, in both directions")
  func followed() throws {
    let keys = try KeyFolder()
    let running = MasterKeyring(.file(keys.path))
    try running.loadOrMake()
    let old = try running.makeDataKey(of: "a", following: nil).wrapped
    let new = MasterKey()
    try keys.file.replace(with: [new] + (try keys.file.read()))
    #expect(try running.currentName() == new.name)
    _ = try running.openDataKey(old, of: "a")
    let again = try running.rewrap(old, of: "a")
    try keys.file.replace(with: [new])
    _ = try running.openDataKey(again, of: "a")
    #expect(throws: VaultFailure.wrongKey) { try running.openDataKey(old, of: "a") }
  }

  @Test("While a file is away or spoilt, the keys that were read do")
  func spoilt() throws {
    let keys = try KeyFolder()
    let running = MasterKeyring(.file(keys.path))
    try running.loadOrMake()
    let made = try running.makeDataKey(of: "a", following: nil)
    try keys.write("spoilt")
    _ = try running.openDataKey(made.wrapped, of: "a")
    try FileManager.default.removeItem(atPath: keys.path)
    _ = try running.openDataKey(made.wrapped, of: "a")
    #expect(throws: VaultFailure.self) { try MasterKeyring(.file(keys.path)).load() }
  }

  @Test("A command is run again when something is wrapped under a key that is not known yet")
  func asked() throws {
    let keys = try KeyFolder()
    try keys.file.makeIfMissing()
    let running = MasterKeyring(.command("cat '\(keys.path)'"))
    try running.load()
    let new = MasterKey()
    try keys.file.replace(with: [new] + (try keys.file.read()))
    #expect(try running.currentName() != new.name)
    let made = try MasterKeyring(.file(keys.path)).makeDataKey(of: "a", following: nil)
    _ = try running.openDataKey(made.wrapped, of: "a")
    #expect(try running.currentName() == new.name)
  }

  @Test("New keys follow the check of their database, so that none is wrapped under a key that is going")
  func following() throws {
    let (old, new) = (MasterKey(), MasterKey())
    let before = MasterKeyring(.environment(old.digits))
    let after = MasterKeyring(.environment([new, old].map(\.digits).joined(separator: " ")))
    let moved = try after.sealCheck()
    // Started with the old key first, as a process is that the rotation has not reached yet.
    let running = MasterKeyring(.environment([old, new].map(\.digits).joined(separator: " ")))
    #expect(try running.makeDataKey(of: "a", following: moved).wrapped.prefix(8) == new.name)
    #expect(try running.makeDataKey(of: "a", following: try before.sealCheck()).wrapped.prefix(8) == old.name)
  }

  @Test("Under a key that the check does not name nothing new is wrapped: it would be lost when the rotation drops it")
  func unknown() throws {
    let old = MasterKeyring(.environment(MasterKey().digits))
    let moved = try MasterKeyring(.environment(MasterKey().digits)).sealCheck()
    let refusal = VaultFailure.of { _ = try old.makeDataKey(of: "a", following: moved) }
    #expect(refusal?.description.contains("another master key") == true)
  }

  @Test("Who cannot read the file with the new key says why, and goes on opening what is under the old one")
  func unreadable() throws {
    let keys = try KeyFolder()
    let running = MasterKeyring(.file(keys.path))
    try running.loadOrMake()
    let made = try running.makeDataKey(of: "a", following: nil)
    try keys.file.replace(with: [MasterKey()] + (try keys.file.read()))
    let moved = try MasterKeyring(.file(keys.path)).sealCheck()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys.path)
    let refusal = VaultFailure.of { _ = try running.makeDataKey(of: "b", following: moved) }
    #expect(refusal?.description.contains("chmod 600") == true)
    _ = try running.openDataKey(made.wrapped, of: "a")
  }
}

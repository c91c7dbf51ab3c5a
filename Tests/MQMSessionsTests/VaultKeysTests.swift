import Foundation
import GRDB
import Rooms
import Testing
import Vault

@testable import MQMSessions

@Suite("CU-5.2, CU-12.5: the consultations' data keys")
struct VaultKeysTests {
  private let folder: URL
  private var file: URL { folder.appending(path: "keys.sqlite") }
  private var master: MasterKeyFile { MasterKeyFile(path: folder.appending(path: "master.key").path) }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func open() throws -> ConsultationKeys {
    try ConsultationKeys(file: file, keyring: MasterKeyring(.file(folder.appending(path: "master.key").path)))
  }

  private func ids(_ range: Range<UInt64>) -> [ConsultationID] { range.map { ConsultationID(high: 0, low: $0) } }

  private func wrapped() throws -> [Data] {
    try DatabaseQueue(path: file.path).read { try Data.fetchAll($0, sql: "SELECT wrapped FROM data_key") }
  }

  private func bytesOnDisk() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { all, file in all.append(try Data(contentsOf: file)) }
  }

  @Test("A key that was made is there after a restart, opens what it sealed, and belongs to its consultation")
  func made() throws {
    let keys = try open()
    let made = try keys.make(ids(1..<3))
    #expect(made.count == 2)
    let sealed = try #require(made[ids(1..<2)[0]]).seal(Data("canary".utf8), purpose: "health")
    let again = try open()
    #expect(try again.key(of: ids(1..<2)[0])?.open(sealed, purpose: "health") == Data("canary".utf8))
    #expect(throws: VaultFailure.wrongKey) { try again.key(of: ids(2..<3)[0])?.open(sealed, purpose: "health") }
    #expect(try again.key(of: ids(3..<4)[0]) == nil)
    #expect(try again.allIDs() == Set(ids(1..<3)))
  }

  @Test("Who has a key keeps it when it is made again, as after a commit that the record did not see")
  func repeated() throws {
    let keys = try open()
    let sealed = try #require(keys.make(ids(1..<2)).values.first).seal(Data("canary".utf8), purpose: "health")
    #expect(try keys.make(ids(1..<5)).count == 4)
    #expect(try keys.key(of: ids(1..<2)[0])?.open(sealed, purpose: "health") == Data("canary".utf8))
  }

  @Test("The file and its side files are readable by their owner only")
  func modes() throws {
    let keys = try open()
    _ = try keys.make(ids(1..<2))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let path = folder.appending(path: name).path
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test("Of destroyed keys no byte is left in the file or its write-ahead log, and the others stay")
  func destroyed() throws {
    let keys = try open()
    _ = try keys.make(ids(1..<400))
    let all = try wrapped()
    try keys.destroy(ids(2..<400))
    let left = try wrapped()
    #expect(left.count == 1)
    #expect(keys.scrub(at: .now))
    let bytes = try bytesOnDisk()
    for key in all where !left.contains(key) {
      // The name of the master key stands before each of them.
      #expect(bytes.range(of: key.dropFirst(8)) == nil)
    }
    #expect(bytes.range(of: left[0]) != nil)
    #expect(try keys.allIDs() == Set(ids(1..<2)))
  }

  @Test("The file is written anew once for many destructions, and not at all when nothing was destroyed")
  func rarely() throws {
    let keys = try open()
    _ = try keys.make(ids(1..<4))
    let start = ContinuousClock.now
    #expect(keys.scrub(at: start), "what a process before this one did not come to")
    try keys.destroy(ids(1..<2))
    #expect(!keys.scrub(at: start + .seconds(1)))
    try keys.destroy(ids(2..<3))
    #expect(!keys.scrub(at: start + .seconds(19)))
    #expect(keys.scrub(at: start + .seconds(20)))
    #expect(keys.scrub(at: start + .seconds(21)), "nothing is due")
  }

  @Test("Another master key is refused, and the message says what to do")
  func another() throws {
    _ = try open().make(ids(1..<2))
    try master.replace(with: [MasterKey()])
    #expect {
      _ = try open()
    } throws: {
      "\($0)".contains("--master-key")
    }
  }

  @Test("After a rotation all keys are under the new master key, those made meanwhile too, and what they sealed opens")
  func rotated() async throws {
    let running = try open()
    let made = try running.make(ids(1..<1_200))
    let sealed = try made.mapValues { try $0.seal(Data("canary".utf8), purpose: "health") }
    let new = MasterKey()
    try master.replace(with: [new] + (try master.read()))
    var steps = 0
    try await open().rewrapAll { _ in
      // The running process makes keys while the command is at work.
      _ = try running.make(ids(2_000 + UInt64(steps)..<2_001 + UInt64(steps)))
      steps += 1
    }
    #expect(steps == 3)
    let total = try running.allIDs().count
    #expect(try await running.census() == [new.name: total])
    try master.replace(with: [new])
    for (id, text) in sealed {
      #expect(try running.key(of: id)?.open(text, purpose: "health") == Data("canary".utf8))
    }
  }

  @Test("A rotation that was killed in the middle goes on when it is run again")
  func interrupted() async throws {
    struct Killed: Error {}
    let running = try open()
    _ = try running.make(ids(1..<1_200))
    let new = MasterKey()
    try master.replace(with: [new] + (try master.read()))
    await #expect(throws: Killed.self) { try await open().rewrapAll { _ in throw Killed() } }
    #expect(try await running.census().count == 2)
    #expect(try ids(1..<1_200).allSatisfy { try running.key(of: $0) != nil })
    try await open().rewrapAll { _ in }
    #expect(try await running.census() == [new.name: 1_199])
  }
}

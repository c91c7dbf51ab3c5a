import Foundation
import Testing

@testable import Mail

@Suite("The outbox folder")
struct OutboxFolderTests {
  @Test(
    "A message becomes a file that is named after its time and letter, for the owner only, and nothing else is left")
  func writes() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/mail/outbox"
    let message = try sampleMessage()
    try await OutboxFolder(path: path).deliver(message)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["20261124T101502Z-000042.eml"])
    let file = "\(path)/20261124T101502Z-000042.eml"
    #expect(FileManager.default.contents(atPath: file) == message.bytes)
    #expect(try mode(of: file) == 0o600)
    #expect(try mode(of: path) == 0o700)
  }

  @Test("Names sort by time, then by letter")
  func names() throws {
    let messages = try [
      sampleMessage(id: 9), sampleMessage(id: 10), sampleMessage(id: 1_234_567),
      sampleMessage(id: 1, at: morning + 1000),
    ]
    let names = messages.map(OutboxFolder.name)
    #expect(Array(names.prefix(2) + names.suffix(1)).sorted() == Array(names.prefix(2) + names.suffix(1)))
    #expect(names[2] == "20261124T101502Z-1234567.eml")
  }

  @Test("The same letter again takes the place of what a crash left")
  func again() async throws {
    let folder = try TemporaryFolder()
    let message = try sampleMessage()
    try Data("half a mess".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/.20261124T101502Z-000042.eml.part"))
    for _ in 0..<2 { try await OutboxFolder(path: folder.path).deliver(message) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["20261124T101502Z-000042.eml"])
  }

  @Test("A folder that cannot be written is a temporary failure")
  func unwritable() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/file"
    try Data().write(to: URL(fileURLWithPath: path))
    let message = try sampleMessage()
    let failure = await #expect(throws: DeliveryFailure.self) { try await OutboxFolder(path: path).deliver(message) }
    guard case .temporary = failure else {
      Issue.record("not temporary")
      return
    }
  }

  private func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}

import Foundation
import Testing

@testable import Signaling

struct MaintenanceTests {
  private static let until: Int64 = 1_000_000

  private func maintenance(
    _ message: String = "Mise à jour", limit: Int64 = until, endsProcess: Bool = true
  ) throws(Maintenance.Invalid) -> Maintenance {
    try Maintenance(message: message, until: Self.until, limit: limit, endsProcess: endsProcess)
  }

  @Test("the message is one line of plain text, and bounded")
  func message() throws {
    #expect(try maintenance(String(repeating: "é", count: 280)).message.count == 280)
    #expect(throws: Maintenance.Invalid.messageLength) { try maintenance(String(repeating: "é", count: 281)) }
    #expect(throws: Maintenance.Invalid.messageLength) { try maintenance("") }
    #expect(throws: Maintenance.Invalid.messageLength) { try maintenance(" \u{A0}") }
    for hidden in ["\n", "\u{0}", "\u{2028}", "\u{202E}", "\u{E000}"] {
      #expect(throws: Maintenance.Invalid.messageNotPlain) { try maintenance("a\(hidden)b") }
    }
  }

  @Test("the process cannot end after the maintenance, and both are to come, within 30 days")
  func times() throws {
    #expect(throws: Maintenance.Invalid.limitAfterEnd) { try maintenance(limit: Self.until + 1) }
    let announced = try maintenance(limit: 500_000)
    try announced.checkIsAhead(of: 499_999)
    #expect(throws: Maintenance.Invalid.limitIsPast) { try announced.checkIsAhead(of: 500_000) }
    #expect(throws: Maintenance.Invalid.endIsPast) { try announced.checkIsAhead(of: Self.until) }
    #expect(throws: Maintenance.Invalid.tooLong) {
      try announced.checkIsAhead(of: Self.until - Maintenance.longestMilliseconds - 1)
    }
  }

  @Test("the process ends when nothing runs, or at the limit, and not at all if none ran when it was announced")
  func ending() throws {
    let announced = try maintenance(limit: 500_000)
    #expect(announced.ending(isAtRest: false, at: 499_999) == nil)
    #expect(announced.ending(isAtRest: true, at: 0) == .empty)
    #expect(announced.ending(isAtRest: false, at: 500_000) == .limit)
    #expect(announced.withoutEnd.ending(isAtRest: true, at: 500_000) == nil)
    #expect(announced.isOver(at: 500_000))
    #expect(!announced.withoutEnd.isOver(at: Self.until - 1))
    #expect(announced.withoutEnd.isOver(at: Self.until))
  }

  @Test("the file says what was announced, to its owner only, and of two who remove it one does")
  func file() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "maintenance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = MaintenanceFile(folder: folder)
    #expect(try file.read() == nil)
    #expect(try !file.remove())
    for announced in [try maintenance(), try maintenance(limit: 500_000, endsProcess: false)] {
      try file.write(announced)
      #expect(try file.read() == announced)
    }
    let path = folder.appending(path: "maintenance.json").path
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try file.remove())
    #expect(try !file.remove())
    for text in [
      "", "[]", #"{"version":2,"message":"x","until":2,"limit":1,"ends_process":true}"#,
      #"{"version":1,"message":"x","until":1,"limit":2,"ends_process":true}"#,
    ] {
      try Data(text.utf8).write(to: URL(filePath: path))
      #expect(throws: MaintenanceFile.Failure.self, "\(text)") { try file.read() }
    }
  }
}

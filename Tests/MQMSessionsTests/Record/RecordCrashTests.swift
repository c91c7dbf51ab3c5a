import Foundation
import GRDB
import Testing

@testable import MQMSessions

/// A process that writes to the record is killed at random points.
struct RecordCrashTests {
  /// Kills with the same files.
  private static let killsPerFolder = 25

  @Test("after SIGKILL at random points chain and tree are whole, and nothing acknowledged is lost (CU-13)")
  func kills() throws {
    let kills = ProcessInfo.processInfo.environment["MQM_KILLS"].flatMap { Int($0) } ?? 100
    var acknowledged = 0
    for first in stride(from: 0, to: kills, by: Self.killsPerFolder) {
      let folder = FileManager.default.temporaryDirectory.appending(path: "killed-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      var expected: [String: Int] = [:]
      for kill in first..<min(first + Self.killsPerFolder, kills) {
        // One in five while it starts.
        for id in try Self.written(in: folder, afterStart: kill % 5 != 0) { expected[id, default: 0] += 1 }
        try check(folder, expected)
      }
      acknowledged += expected.values.reduce(0, +)
    }
    print("killed \(kills) times, \(acknowledged) events acknowledged, none lost")
    #expect(acknowledged > 0)
  }

  /// The record verifies, and has at least what was acknowledged.
  private func check(_ folder: URL, _ expected: [String: Int]) throws {
    let file = folder.appending(path: "record.sqlite")
    let key = folder.appending(path: "record-signing.key")
    guard FileManager.default.fileExists(atPath: key.path), !expected.isEmpty else { return }
    let report = RecordVerifier(publicKey: try RecordSigningKey(reading: key).publicKey).verify(file: file)
    #expect(report.faults == [])
    let counts = try RecordFile(file).read { database in
      try Row.fetchAll(
        database, sql: "SELECT consultation, count(*) FROM journal WHERE consultation IS NOT NULL GROUP BY consultation"
      )
    }
    let found = Dictionary(uniqueKeysWithValues: counts.map { ($0[0] as String, $0[1] as Int) })
    for (id, count) in expected { #expect(found[id] ?? 0 >= count, "of consultation \(id)") }
  }

  /// The consultations whose events were acknowledged, one for each event, until the writer was killed.
  private static func written(in folder: URL, afterStart: Bool) throws -> [String] {
    let process = Process()
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "record-writer")
    process.arguments = [folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var said = Data()
    if afterStart { said += output.fileHandleForReading.availableData }
    usleep(.random(in: 0...30_000))
    kill(process.processIdentifier, SIGKILL)
    said += try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .uncaughtSignal else {
      throw Unexpected(status: process.terminationStatus, said: String(decoding: said, as: UTF8.self))
    }
    return String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// It ended by itself: the record could not be opened, or not be written.
  private struct Unexpected: Error {
    let status: Int32
    let said: String
  }
}

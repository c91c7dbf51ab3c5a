import Foundation
import GRDB
import Rooms
import Testing

@testable import MQMSessions

/// What was exported is there, all of it, and what is not is found (CU-13).
struct RecordExportTests {
  private let record: SampleRecord
  private let heads: HeadsFile

  init() throws {
    record = try SampleRecord()
    heads = HeadsFile(record.folder.appending(path: "heads.jsonl"))
  }

  private func export(_ targets: [any HeadTarget], authority: (any TimestampAuthority)? = nil) async {
    let exporter = RecordExporter(
      store: record.store, targets: targets, authority: authority, interval: .seconds(60), report: { _ in })
    #expect(await exporter.export())
  }

  /// As `record verify` does with the broker's own file.
  private func faults(_ lines: [String]) throws -> [RecordFault] {
    let handedOver = try RecordFile(record.file).exportedToFile()
    return RecordVerifier(publicKey: record.publicKey, exported: lines, handedOver: handedOver)
      .verify(file: record.file).faults
  }

  private func isIncomplete(_ faults: [RecordFault]) -> Bool {
    !faults.isEmpty && faults.allSatisfy { if case .notExported = $0 { true } else { false } }
  }

  @Test("each line that is missing from the broker's own heads file is found, and so is the whole file (CU-13)")
  func missingLines() async throws {
    try record.playAll()
    #expect(try faults([]) == [], "nothing was handed over yet")
    await export([heads])
    let lines = try HeadsFile.lines(heads.file)
    #expect(lines.count == 6)
    #expect(try faults(lines) == [])
    #expect(try faults(lines + lines) == [], "after a crash a line can be there twice")
    for index in lines.indices {
      var some = lines
      some.remove(at: index)
      #expect(isIncomplete(try faults(some)), "without line \(index)")
    }
    #expect(try faults([]) == [.notExported(count: 3, first: "head 0"), .notExported(count: 3, first: lines[1])])
  }

  @Test("what waits to be exported is not missing, and what comes while the record is verified neither")
  func waitingLines() async throws {
    try record.playAll()
    await export([heads])
    let handedOver = try RecordFile(record.file).exportedToFile()
    let lines = try HeadsFile.lines(heads.file)
    try record.play(9, [.cancel(by: SampleRecord.mother)])
    #expect(try faults(lines) == [])
    await export([heads])
    let verifier = RecordVerifier(publicKey: record.publicKey, exported: lines, handedOver: handedOver)
    #expect(verifier.verify(file: record.file).faults == [])
    #expect(isIncomplete(try faults(lines)))
    #expect(try faults(HeadsFile.lines(heads.file)) == [])
  }

  @Test("a copy ends where it ends, and lacks nothing in between (CU-13)")
  func copies() async throws {
    try record.playAll()
    for number in 10...12 as ClosedRange<UInt64> { try record.play(number, [.cancel(by: SampleRecord.mother)]) }
    await export([heads])
    let lines = try HeadsFile.lines(heads.file)
    for count in 0...lines.count { #expect(record.verify(exported: Array(lines.prefix(count))).faults == []) }
    #expect(record.verify(exported: Array(lines.dropFirst(4))).faults == [])
    var some = lines
    some.remove(at: 6)
    #expect(isIncomplete(record.verify(exported: some).faults))
  }

  @Test("closures of a time when nothing was exported are not missing")
  func migrated() async throws {
    try record.playAll()
    await export([heads])
    let lines = try HeadsFile.lines(heads.file)
    // As in a record that is older than its export: the first closure was never put in line.
    let raw = try DatabaseQueue(path: record.file.path)
    try await raw.write { try $0.execute(sql: "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'record_export'") }
    let first = try #require(lines.firstIndex { $0.hasPrefix("{\"closed\"") })
    var later = lines
    later.remove(at: first)
    #expect(try faults(later) == [])
    later.removeLast()
    #expect(isIncomplete(try faults(later)))
  }

  // MARK: Time stamps

  private struct Authority: TimestampAuthority {
    func stamp(_ text: String) async throws -> Data { Data("a token".utf8) }
  }

  /// A target that can be out of reach.
  private final class Lines: HeadTarget, @unchecked Sendable {
    struct IsDown: Error {}

    let name: String
    var isDown = false
    private(set) var lines: [String] = []

    init(name: String) {
      self.name = name
    }

    func hand(over lines: [String]) async throws {
      if isDown { throw IsDown() }
      self.lines += lines
    }
  }

  @Test("a head that one target got before it had its time stamp is the same head; another stamp is none (CU-13)")
  func stamps() async throws {
    let (file, command) = (Lines(name: "file"), Lines(name: "command"))
    try record.play(1, [.cancel(by: SampleRecord.mother)])
    // The authority cannot be reached, nor can the file be written; then both can.
    file.isDown = true
    let exporter = RecordExporter(
      store: record.store, targets: [file, command], authority: nil, interval: .seconds(60), report: { _ in })
    #expect(await !exporter.export())
    file.isDown = false
    await export([file, command], authority: Authority())
    #expect(command.lines.count == 2 && !command.lines.contains { $0.contains("timestamp") })
    let stamped = try #require(file.lines.first { $0.contains("timestamp") })
    #expect(try faults(file.lines) == [])
    #expect(record.verify(exported: command.lines).faults == [])
    let (token, another) = (Data("a token".utf8).base64EncodedString(), Data("another".utf8).base64EncodedString())
    #expect(stamped.contains(token))
    #expect(record.verify(exported: [stamped.replacing(token, with: another)]).faults.count == 1)
  }

  // MARK: The file

  @Test("half a line that a crash left is taken out before the next ones, and is no line (CU-13)")
  func halfALine() throws {
    try heads.hand(over: ["{\"one\":1}", "{\"two\":2}"])
    var left = try Data(contentsOf: heads.file)
    left.append(Data("{\"three\":".utf8))
    try left.write(to: heads.file)
    #expect(try HeadsFile.lines(heads.file) == ["{\"one\":1}", "{\"two\":2}"])
    try heads.hand(over: ["{\"three\":3}"])
    #expect(try String(contentsOf: heads.file, encoding: .utf8) == "{\"one\":1}\n{\"two\":2}\n{\"three\":3}\n")
    // Nothing but half a line.
    try Data("{\"one".utf8).write(to: heads.file)
    #expect(try HeadsFile.lines(heads.file) == [])
    try heads.hand(over: ["{\"one\":1}"])
    #expect(try HeadsFile.lines(heads.file) == ["{\"one\":1}"])
  }

  // MARK: The database

  @Test("an index that does not say what its table says is found (CU-13)")
  func indexes() throws {
    try record.playAll()
    #expect(RecordVerifier.checkDatabase(record.file) == [])
    let raw = try DatabaseQueue(path: record.file.path)
    try raw.writeWithoutTransaction { database in
      try database.execute(
        sql: """
          PRAGMA writable_schema = ON;
          UPDATE sqlite_master SET sql = 'CREATE INDEX journal_by_consultation ON journal (event)'
            WHERE name = 'journal_by_consultation';
          PRAGMA writable_schema = OFF;
          """)
    }
    try raw.close()
    let found = RecordVerifier.checkDatabase(record.file)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { if case .database = $0 { true } else { false } })
    #expect(record.verify().isWhole, "the entries themselves are whole: it is the index alone")
  }
}

import Foundation
import GRDB
import Rooms
import Testing

@testable import MQMSessions

/// Whoever changes the record past the broker is found out: one bit, a row, an order, an end, a head (CU-13).
struct RecordTamperingTests {
  private let record: SampleRecord
  private let exported: [String]

  init() throws {
    record = try SampleRecord()
    try record.playAll()
    exported = try record.exportedLines()
  }

  /// What stands in the way of somebody who has the file: nothing.
  private func open() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: record.file.path, configuration: configuration)
    try queue.write { database in
      let triggers = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
      for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
      // As somebody would who writes to the file's bytes: no column that follows from the entry says no.
      try database.execute(
        sql: """
          CREATE TABLE bare (seq INTEGER PRIMARY KEY, entry TEXT, chain BLOB, nodes BLOB);
          INSERT INTO bare SELECT seq, entry, chain, nodes FROM journal;
          DROP TABLE journal;
          ALTER TABLE bare RENAME TO journal;
          PRAGMA ignore_check_constraints = ON;
          """)
    }
    return queue
  }

  /// What a verifier finds after a change, which is then taken back.
  private func faults(
    _ queue: DatabaseQueue, exported: [String], after change: (Database) throws -> Void
  ) throws -> [RecordFault] {
    var faults: [RecordFault] = []
    try queue.inTransaction { database in
      try change(database)
      let verifier = RecordVerifier(publicKey: record.publicKey, exported: exported)
      do {
        faults = try verifier.verify(database).faults
      } catch {
        faults = [.file(why: "\(error)")]
      }
      return .rollback
    }
    return faults
  }

  // MARK: One bit

  /// A value that is on record.
  private struct Cell {
    let table: String
    let column: String
    let row: Int64
  }

  private func cells(_ database: Database) throws -> [Cell] {
    try [
      ("journal", ["seq", "entry", "chain", "nodes"]),
      ("record_tip", ["text", "signature", "public_key"]),
      ("record_head", ["number", "text", "signature", "public_key"]),
      (
        "consultation",
        ConsultationRow.columns.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
      ),
      ("document", ["id", "consultation", "kind", "type", "size", "commitment", "handed_over_at", "fetched_at"]),
    ].flatMap { table, columns in
      try columns.flatMap { column in
        try Int64.fetchAll(
          database, sql: "SELECT rowid FROM \(table) WHERE \(column) IS NOT NULL AND length(\(column)) > 0"
        ).map { Cell(table: table, column: column, row: $0) }
      }
    }
  }

  private func flip(_ cell: Cell, _ database: Database, _ random: inout SeededGenerator) throws {
    let value = try DatabaseValue.fetchOne(
      database, sql: "SELECT \(cell.column) FROM \(cell.table) WHERE rowid = ?", arguments: [cell.row])
    guard let value else { throw RecordDamaged(consultation: "") }
    let set: String
    let changed: DatabaseValue
    switch value.storage {
    case .int64(let number):
      // The low bits of a number that is a key would make it one that is there already.
      let isKey = cell.column == "seq" || cell.column == "number"
      changed = (number ^ (1 << Int64.random(in: isKey ? 8..<63 : 0..<63, using: &random))).databaseValue
      set = "?"
    case .string(let text):
      changed = flipped(Data(text.utf8), &random).databaseValue
      set = "CAST(? AS TEXT)"
    case .blob(let data):
      changed = flipped(data, &random).databaseValue
      set = "?"
    case .null, .double: throw RecordDamaged(consultation: "")
    }
    try database.execute(
      sql: "UPDATE \(cell.table) SET \(cell.column) = \(set) WHERE rowid = ?", arguments: [changed, cell.row])
  }

  private func flipped(_ data: Data, _ random: inout SeededGenerator) -> Data {
    var data = data
    let bit = Int.random(in: 0..<data.count * 8, using: &random)
    data[data.startIndex + bit / 8] ^= 1 << UInt8(bit % 8)
    return data
  }

  @Test("10,000 random bits of entries, chain, nodes, tip, heads, exported heads and tables: each is found (CU-13)")
  func everyBit() throws {
    let seed = ProcessInfo.processInfo.environment["MQM_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    print("flipping bits with MQM_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    let queue = try open()
    let cells = try queue.read { try self.cells($0) }
    #expect(try faults(queue, exported: exported) { _ in } == [])
    let check = ExportCheck(
      kept: try kept, lines: closures, linesInLine: closures.count, size: 1_000, handedOver: nil)
    for round in 1...10_000 as ClosedRange<Int> {
      // One in twenty is in the exported file.
      if round % 20 == 0 {
        let line = Int.random(in: 0..<exported.count, using: &random)
        var lines = exported
        lines[line] = String(decoding: flipped(Data(lines[line].utf8), &random), as: UTF8.self)
        #expect(!check.faults(lines).isEmpty, "round \(round) of seed \(seed)")
      } else {
        let cell = cells[Int.random(in: 0..<cells.count, using: &random)]
        let found = try faults(queue, exported: []) { try flip(cell, $0, &random) }
        #expect(!found.isEmpty, "round \(round) of seed \(seed): \(cell)")
      }
    }
  }

  private var kept: HeadCheck {
    get throws { HeadCheck(try record.store.database.read { try HeadRow.all(in: $0) }, FaultList()) }
  }

  private var closures: [String] { exported.filter { !$0.hasPrefix("{\"head\"") } }

  // MARK: More than a bit

  @Test(
    "an event removed, repeated, put elsewhere or put in, a tail cut off, a head replaced: each is found (CU-13)",
    arguments: [
      "DELETE FROM journal WHERE seq = 3",
      "DELETE FROM journal WHERE seq = 0",
      "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
      "DELETE FROM journal WHERE seq > 10",
      "DELETE FROM journal",
      "DELETE FROM journal WHERE seq = 3; UPDATE journal SET seq = seq - 1 WHERE seq > 3",
      "UPDATE journal SET seq = -1 WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = -1",
      """
      UPDATE journal SET entry = (SELECT entry FROM journal AS other WHERE other.seq = 9 - journal.seq) WHERE seq IN (4, 5)
      """,
      "INSERT INTO journal (seq, entry, chain, nodes) SELECT max(seq) + 1, entry, chain, nodes FROM journal",
      "UPDATE journal SET nodes = x'' WHERE seq = 1",
      "UPDATE journal SET nodes = CAST(nodes || zeroblob(32) AS BLOB) WHERE seq = 2",
      "DELETE FROM record_tip",
      "UPDATE record_tip SET (text, signature) = (SELECT text, signature FROM record_head WHERE number = 0)",
      "DELETE FROM record_head WHERE number = 1",
      "DELETE FROM record_head WHERE number = 2",
      "UPDATE record_head SET (text, signature) = (SELECT text, signature FROM record_head WHERE number = 0) WHERE number = 1",
      "INSERT INTO record_head (number, text, signature, public_key) SELECT 3, text, signature, public_key FROM record_tip",
      "DELETE FROM consultation WHERE state = 'closed'",
      "UPDATE consultation SET state = 'requested' WHERE state = 'refused'",
      "UPDATE consultation SET claim_overdue_at = 1 WHERE state = 'refused'",
      "DELETE FROM document",
      """
      INSERT INTO document SELECT '00000000-0000-0005-0000-000000000001', '00000000-0000-0002-0000-000001010101', kind, type,
        size, commitment, handed_over_at, fetched_at FROM document LIMIT 1
      """,
    ])
  func everyChange(_ sql: String) throws {
    let queue = try open()
    #expect(try !faults(queue, exported: []) { try $0.execute(sql: sql) }.isEmpty)
  }

  @Test("a record that is put back to an earlier signed head, all of it, is found by what was exported (CU-13)")
  func rolledBack() throws {
    let earlier = try SampleRecord()
    try FileManager.default.removeItem(at: earlier.file)
    try FileManager.default.copyItem(at: record.file, to: earlier.file)
    let before = record.verify(exported: exported)
    #expect(before.faults == [])
    // What the file was, and nothing else, is put back after more has happened.
    let old = try DatabaseQueue(path: record.file.path)
    try old.vacuum(into: record.folder.appending(path: "old.sqlite").path)
    try record.play(9, [.cancel(by: SampleRecord.mother)])
    let verifier = RecordVerifier(publicKey: record.publicKey, exported: try record.exportedLines())
    let report = verifier.verify(file: record.folder.appending(path: "old.sqlite"))
    #expect(report.faults.count == 2)
    #expect(report.faults.allSatisfy { if case .exported = $0 { true } else { false } })
  }

  @Test("a record that was made anew with another key is found by the key")
  func otherKey() throws {
    let other = try SampleRecord()
    #expect(RecordVerifier(publicKey: other.publicKey).verify(file: record.file).faults.count == 1)
  }

  @Test("a file that is no record says so")
  func noRecord() throws {
    let file = record.folder.appending(path: "nonsense.sqlite")
    try Data("nonsense".utf8).write(to: file)
    let report = RecordVerifier(publicKey: record.publicKey).verify(file: file)
    guard case .file = report.faults.first else {
      Issue.record("found \(report.faults)")
      return
    }
  }
}

extension ExportCheck {
  fileprivate func faults(_ lines: [String]) -> [RecordFault] {
    let faults = FaultList()
    _ = check(lines, faults)
    return faults.all
  }
}

/// SplitMix64: the same seed, the same bits.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

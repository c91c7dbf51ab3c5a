import Foundation
import GRDB
import Testing

@testable import MQMSessions

/// A record from before the journal was a log.
struct RecordMigrationTests {
  @Test("what stood in the old journal becomes entries that verify, and say what the rows say (CU-13)")
  func carriesOver() throws {
    let record = try SampleRecord()
    let folder = record.folder.appending(path: "older")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "record.sqlite")
    let older = try DatabaseQueue(path: file.path)
    try RecordSchema.migrator.migrate(older, upTo: "2: consultations by practitioner and requester")
    try older.write { try $0.execute(sql: Self.rows) }
    try older.close()

    let store = try SampleRecord.store(in: folder)
    let report = RecordVerifier(publicKey: store.log.key.publicKey).verify(file: file)
    #expect(report.faults == [])
    #expect(report.entries == 5)
    let texts = try store.database.read {
      try String.fetchAll($0, sql: "SELECT event || ' ' || details FROM journal ORDER BY seq")
    }
    #expect(
      texts[0] == """
        requested {"patient":"\(Self.patient)","requester":"\(Self.patient)","assigned":null,\
        "payment":"carte_bancaire","requested_at":999,"claim_due_at":86400999}
        """)
    #expect(texts[4] == "ended {\"reason\":\"technical\",\"close_due_at\":604805000}")
  }

  private static let patient = "00000000-0000-0001-0000-000000000001"
  private static let physician = "00000000-0000-0001-0000-000000000003"
  private static let one = "00000000-0000-0002-0000-000000000001"
  private static let two = "00000000-0000-0002-0000-000000000002"

  /// One that ended, and one that was cancelled.
  private static let rows = """
    INSERT INTO consultation (id, patient, requester, payment, state, requested_at) VALUES
      ('\(one)', '\(patient)', '\(patient)', 'carte_bancaire', 'requested', 999),
      ('\(two)', '\(patient)', '\(patient)', 'carte_bancaire', 'requested', 2000);
    UPDATE consultation SET state = 'claimed', practitioner = '\(physician)', claimed_at = 3000 WHERE id = '\(one)';
    UPDATE consultation SET state = 'cancelled', over_at = 4000 WHERE id = '\(two)';
    UPDATE consultation SET state = 'ended', over_at = 5000, end_reason = 'technical' WHERE id = '\(one)';
    INSERT INTO journal (consultation, event, actor, at, details) VALUES
      ('\(one)', 'requested', '\(patient)', 1000, '{}'),
      ('\(two)', 'requested', '\(patient)', 2000, '{}'),
      ('\(one)', 'claimed', '\(physician)', 3000, '{}'),
      ('\(two)', 'cancelled', '\(patient)', 4000, '{}'),
      ('\(one)', 'ended', '\(physician)', 5000, '{"reason":"technical"}');
    """
}

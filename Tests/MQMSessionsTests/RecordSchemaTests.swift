import GRDB
import MQMSessions
import Rooms
import Testing

/// What the file itself refuses, whoever writes to it: raw SQL through a second connection.
struct RecordSchemaTests {
  let record: RecordFixture

  init() throws { record = try RecordFixture() }

  /// Runs a statement of another program, which must fail with this message, and changes nothing.
  private func refused(_ sql: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let before = try dump()
    #expect(sourceLocation: sourceLocation) {
      try record.raw().write { try $0.execute(sql: sql) }
    } throws: { error in
      (error as? DatabaseError)?.message?.contains(message) == true
    }
    #expect(try dump() == before, sourceLocation: sourceLocation)
  }

  private func dump() throws -> [Row] {
    try record.raw().read { database in
      try ["consultation", "journal", "mutation", "health_data"].flatMap {
        try Row.fetchAll(database, sql: "SELECT * FROM \($0)")
      }
    }
  }

  // MARK: The journal

  @Test(
    "the journal is append-only (CU-13)",
    arguments: [
      "UPDATE journal SET at = 0",
      "UPDATE OR REPLACE journal SET seq = 2 WHERE seq = 1",
      "DELETE FROM journal",
      "DELETE FROM journal WHERE seq = 1",
      "REPLACE INTO journal (seq, consultation, event, at) SELECT 1, id, 'ended', 0 FROM consultation",
      "INSERT OR REPLACE INTO journal (seq, consultation, event, at) SELECT 2, id, 'ended', 0 FROM consultation",
      """
      INSERT INTO journal (seq, consultation, event, at) SELECT 1, id, 'ended', 0 FROM consultation
      WHERE true ON CONFLICT (seq) DO UPDATE SET at = 0
      """,
    ])
  func journalIsAppendOnly(_ sql: String) throws {
    try record.play([.claim(by: Somebody.physician)])
    try refused(sql, "append-only")
  }

  @Test("the journal takes no event that does not exist, and nothing that is not JSON")
  func journalChecks() throws {
    try record.play([])
    let insert = "INSERT INTO journal (consultation, event, actor, at, details) SELECT id,"
    try refused("\(insert) 'forgotten', NULL, 0, '{}' FROM consultation", "CHECK")
    try refused("\(insert) 'ended', 'somebody', 0, '{}' FROM consultation", "CHECK")
    try refused("\(insert) 'ended', NULL, 0, '{' FROM consultation", "CHECK")
    try refused("\(insert) 'ended', NULL, NULL, '{}' FROM consultation", "NOT NULL")
  }

  // MARK: States

  /// The way to each state, and the states that may follow it.
  private static let followers: [(way: [Consultation.Command], allowed: Set<String>)] = [
    ([], ["claimed", "cancelled"]),
    ([claim], ["open", "cancelled", "ended"]),
    ([claim, open], ["in_progress", "cancelled", "ended"]),
    ([claim, open, start], ["suspended", "ended"]),
    ([claim, open, start, .suspend], ["in_progress", "ended"]),
    ([claim, Way.end(.other)], []),
    ([.cancel(by: Somebody.mother)], []),
  ]
  private static let claim = Consultation.Command.claim(by: Somebody.physician)
  private static let open = Consultation.Command.open(by: Somebody.physician, status: .adult)
  private static let start = Consultation.Command.start(by: Somebody.physician, attested: [Somebody.patient])

  @Test("a state is followed by the states of the domain's table only", arguments: followers)
  func transitions(_ way: [Consultation.Command], _ allowed: Set<String>) throws {
    try record.play(way)
    let present = try #require(try record.load().first).consultation.state.name
    for next in Consultation.StateName.allCases where next != present && !allowed.contains(next.rawValue) {
      // With everything else as that state needs it, so that nothing but the transition can be wrong.
      let over = next == .ended || next == .cancelled
      let claimed = next != .requested && next != .cancelled
      let reason = next == .ended ? "'other'" : "NULL"
      let sql = """
        UPDATE consultation SET state = '\(next.rawValue)', over_at = \(over ? "9" : "NULL"), end_reason = \(reason),
          practitioner = \(claimed ? "coalesce(practitioner, patient)" : "practitioner"),
          claimed_at = \(claimed ? "coalesce(claimed_at, 9)" : "claimed_at"),
          opened_at = coalesce(opened_at, 9), status = coalesce(status, 'adult'),
          started_at = coalesce(started_at, 9), attested = coalesce(attested, '[]')
        """
      let refusedBy = present == .ended || present == .cancelled ? "stays" : "transition"
      let error = #expect(throws: DatabaseError.self) { try record.raw().write { try $0.execute(sql: sql) } }
      let message = try #require(error?.message)
      #expect(
        message.contains(refusedBy) || message.contains("no such transition"), "\(present) to \(next): \(message)")
    }
  }

  @Test("a claim stays with whoever made it (CU-6.1)")
  func stolenClaim() throws {
    try record.play([.claim(by: Somebody.physician)])
    try refused("UPDATE consultation SET practitioner = '\(Somebody.colleague)'", "stays")
    try refused("UPDATE consultation SET practitioner = NULL, claimed_at = NULL", "stays")
  }

  @Test(
    "what a consultation began with, and when it was claimed, opened and started, stays (CU-13)",
    arguments: [
      "id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'", "patient = requester", "requester = patient",
      "payment = 'carte_bancaire'", "requested_at = 1", "claimed_at = 1", "opened_at = 1", "status = 'minor'",
      "started_at = 1", "attested = '[]'", "started_at = NULL, attested = NULL, state = 'open'",
    ])
  func factsStay(_ change: String) throws {
    try record.play([Self.claim, Self.open, Self.start])
    try refused("UPDATE consultation SET \(change)", "stays")
  }

  @Test("a consultation is neither deleted, nor begun anew under the same id, nor begun as anything but a request")
  func consultationStays() throws {
    try record.play([Self.claim])
    try refused("DELETE FROM consultation", "stays")
    let columns = "id, patient, requester, payment, state, requested_at"
    try refused(
      "REPLACE INTO consultation (\(columns)) SELECT id, patient, requester, payment, 'requested', 0 FROM consultation",
      "stays")
    try refused(
      """
      INSERT INTO consultation (\(columns), practitioner, claimed_at)
      SELECT requester, patient, requester, payment, 'claimed', 0, patient, 0 FROM consultation
      """, "begins as requested")
  }

  // MARK: Checks and types

  @Test(
    "a column takes what it is for, and nothing else",
    arguments: [
      ("payment", "'tiers_payant_amo'"),
      ("id", "'short'"), ("patient", "'short'"), ("requester", "NULL"), ("assigned", "'short'"), ("payment", "'cash'"),
      ("state", "'lost'"), ("requested_at", "'yesterday'"), ("status", "'child'"), ("over_at", "5"),
      ("end_reason", "'other'"), ("practitioner", "patient"), ("opened_at", "5"), ("started_at", "5"),
      ("attested", "'not json'"),
    ])
  func columnChecks(_ column: String, _ value: String) throws {
    let known = [
      "id": "'\(ConsultationID(high: 9, low: 9))'", "patient": "'\(Somebody.patient)'",
      "requester": "'\(Somebody.mother)'", "payment": "'carte_bancaire'", "state": "'requested'", "requested_at": "1",
    ].merging([column: value == "patient" ? "'\(Somebody.patient)'" : value]) { $1 }
    let sql =
      "INSERT INTO consultation (\(known.keys.joined(separator: ","))) VALUES (\(known.values.joined(separator: ",")))"
    let insert = { try record.raw().write { try $0.execute(sql: sql) } }
    // The first shows that nothing else is wrong with the others.
    guard value != "'tiers_payant_amo'" else { return try insert() }
    #expect(throws: DatabaseError.self, performing: insert)
    #expect(try record.count("consultation") == 0)
  }

  @Test("every table is STRICT")
  func strictTables() throws {
    let loose = try record.raw().read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT name FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
          """)
    }
    #expect(loose == [])
  }

  @Test("whoever was assigned is the only one who can claim (CU-6.1)")
  func assignedClaim() throws {
    try record.play([], assignment: .attending(Somebody.physician))
    try refused(
      "UPDATE consultation SET state = 'claimed', practitioner = '\(Somebody.colleague)', claimed_at = 9", "CHECK")
  }

  @Test("a reason has 1 to 1,000 characters, and is gone when another program ends the consultation too (CU-5.2)")
  func reasons() throws {
    try record.play([Self.claim])
    try refused("UPDATE health_data SET reason = ''", "CHECK")
    try refused("UPDATE health_data SET reason = printf('%1001s', 'x')", "CHECK")
    try record.raw().write { database in
      try database.execute(sql: "UPDATE consultation SET state = 'ended', over_at = 9, end_reason = 'technical'")
    }
    #expect(try record.count("health_data") == 0)
  }
}

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
      "UPDATE journal SET entry = replace(entry, 'claimed', 'refused')",
      "UPDATE OR REPLACE journal SET seq = 2 WHERE seq = 1",
      "DELETE FROM journal",
      "DELETE FROM journal WHERE seq = 1",
      "REPLACE INTO journal (seq, entry, chain, nodes) SELECT 1, entry, chain, nodes FROM journal WHERE seq = 0",
      "INSERT OR REPLACE INTO journal (seq, entry, chain, nodes) SELECT 0, entry, chain, nodes FROM journal WHERE seq = 1",
      "INSERT INTO journal (seq, entry, chain, nodes) SELECT 7, entry, chain, nodes FROM journal WHERE seq = 1",
      """
      INSERT INTO journal (seq, entry, chain, nodes) SELECT 1, entry, chain, nodes FROM journal WHERE seq = 0
      ON CONFLICT (seq) DO UPDATE SET entry = ''
      """,
    ])
  func journalIsAppendOnly(_ sql: String) throws {
    try record.play([.claim(by: Somebody.physician)])
    try refused(sql, "append-only")
  }

  @Test("the journal takes no line without a hash, and nothing that is not JSON")
  func journalChecks() throws {
    try record.play([])
    let insert = "INSERT INTO journal (seq, entry, chain, nodes) SELECT 1,"
    try refused("\(insert) entry, x'00', nodes FROM journal", "CHECK")
    try refused("\(insert) entry, chain, x'00' FROM journal", "CHECK")
    try refused("\(insert) '{', chain, nodes FROM journal", "malformed JSON")
    try refused("\(insert) NULL, chain, nodes FROM journal", "NOT NULL")
  }

  // MARK: States

  /// The way to each state, and the states that may follow it.
  private static let followers: [(way: [Consultation.Command], allowed: Set<String>)] = [
    ([], ["claimed", "refused", "cancelled"]),
    ([.refuse(by: Somebody.physician, .personal)], ["requested", "cancelled"]),
    ([claim], ["requested", "open", "cancelled", "ended"]),
    ([claim, open], ["requested", "in_progress", "cancelled", "ended"]),
    ([claim, open, start], ["suspended", "ended"]),
    ([claim, open, start, .suspend], ["in_progress", "ended"]),
    ([claim, Way.end(.other)], ["closed"]),
    ([claim, Way.end(.other), .close(by: Somebody.mother, why: .confirmed)], []),
    ([.cancel(by: Somebody.mother)], []),
  ]
  private static let claim = Consultation.Command.claim(by: Somebody.physician)
  private static let open = Consultation.Command.open(by: Somebody.physician, status: .adult)
  private static let start = Consultation.Command.start(by: Somebody.physician, attested: [Somebody.patient])

  @Test("a state is followed by the states of the domain's table only", arguments: followers)
  func transitions(_ way: [Consultation.Command], _ allowed: Set<String>) throws {
    try record.play(way, assignment: .attending(Somebody.physician))
    let present = try #require(try record.load().first).consultation.state.name
    for next in Consultation.StateName.allCases where next != present && !allowed.contains(next.rawValue) {
      // With everything else as that state needs it, so that nothing but the transition can be wrong.
      let sql = "UPDATE consultation SET state = '\(next.rawValue)', \(Self.columns(of: next))"
      let error = #expect(throws: DatabaseError.self) { try record.raw().write { try $0.execute(sql: sql) } }
      let message = try #require(error?.message)
      #expect(
        message.contains("stays") || message.contains("no such transition"), "\(present) to \(next): \(message)")
    }
  }

  /// Everything else as a state needs it.
  private static func columns(of state: Consultation.StateName) -> String {
    let isEnded = state == .ended || state == .closed
    let isWaiting = state == .requested || state == .refused
    let claimed = { (column: String, value: String) in isWaiting ? "NULL" : "coalesce(\(column), \(value))" }
    return """
      over_at = \(isEnded || state == .cancelled ? "9" : "NULL"), end_reason = \(isEnded ? "'other'" : "NULL"),
      close_due_at = \(isEnded ? "9" : "NULL"),
      closed_at = \(state == .closed ? "9" : "NULL"), closed_why = \(state == .closed ? "'retention'" : "NULL"),
      refused_by = \(state == .refused ? "patient" : "NULL"), refused_at = \(state == .refused ? "9" : "NULL"),
      refused_grounds = \(state == .refused ? "'personal'" : "NULL"),
      practitioner = \(claimed("practitioner", "assigned")), claimed_at = \(claimed("claimed_at", "9")),
      start_due_at = \(claimed("start_due_at", "9")),
      opened_at = \(claimed("opened_at", "9")), status = \(claimed("status", "'adult'")),
      started_at = \(claimed("started_at", "9")), attested = \(claimed("attested", "'[]'"))
      """
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
    let columns = "id, patient, requester, payment, state, requested_at, claim_due_at"
    try refused(
      """
      REPLACE INTO consultation (\(columns))
      SELECT id, patient, requester, payment, 'requested', 0, 0 FROM consultation
      """, "stays")
    try refused(
      """
      INSERT INTO consultation (\(columns), practitioner, claimed_at, start_due_at)
      SELECT requester, patient, requester, payment, 'claimed', 0, 0, patient, 0, 0 FROM consultation
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
      ("claim_due_at", "NULL"), ("start_due_at", "5"), ("start_overdue_at", "5"), ("close_due_at", "5"),
      ("closed_at", "5"), ("closed_why", "'retention'"), ("refused_at", "5"), ("refused_grounds", "'personal'"),
      ("refused_by", "patient"),
    ])
  func columnChecks(_ column: String, _ value: String) throws {
    let known = [
      "id": "'\(ConsultationID(high: 9, low: 9))'", "patient": "'\(Somebody.patient)'",
      "requester": "'\(Somebody.mother)'", "payment": "'carte_bancaire'", "state": "'requested'", "requested_at": "1",
      "claim_due_at": "1",
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
      "UPDATE consultation SET state = 'claimed', practitioner = '\(Somebody.colleague)', claimed_at = 9, start_due_at = 9",
      "CHECK")
  }

  @Test("health data is gone when another program closes the consultation, too (CU-5.2)")
  func healthData() throws {
    try record.play([Self.claim, Way.end(.technical)])
    #expect(try record.count("health_data") == 1)
    try record.raw().write { database in
      try database.execute(sql: "UPDATE consultation SET state = 'closed', closed_at = 9, closed_why = 'retention'")
    }
    #expect(try record.count("health_data") == 0)
  }
}

import Foundation
import GRDB
import MQMSessions
import Rooms
import Testing

/// What is on record: SQLite in a temporary folder.
struct SQLiteStoreTests {
  let record: RecordFixture

  init() throws { record = try RecordFixture() }

  // MARK: Round trips

  @Test("every state that a consultation can reach is the same after a restart", arguments: Way.all + Way.inFull)
  func everyStateRoundTrips(_ commands: [Consultation.Command]) throws {
    var expected = record.consultation(assignment: .attending(Somebody.physician))
    let reason = "Fièvre « 39° » 🤒, l'enfant tousse\n\u{1}"
    #expect(try record.decide(record.creation(of: expected, reason: reason)) == .recorded(expected))
    for command in commands {
      record.now += 1_000
      try expected.apply(command, at: Instant(milliseconds: record.now))
      #expect(try record.decide(record.command(command)) == .recorded(expected))
    }
    try record.reopen()
    let stored = StoredConsultation(expected, reason: expected.state.isFinal ? nil : reason)
    #expect(try record.load() == [stored])
  }

  @Test("every payment mode, status and assignment is the same after a restart (CU-8, CU-6.1, CU-6.3)")
  func everyValueRoundTrips() throws {
    var expected: [Consultation] = []
    for (index, payment) in Consultation.PaymentMode.allCases.enumerated() {
      var each = record.consultation(
        UInt64(index + 1), assignment: index == 0 ? .unassigned : .attending(Somebody.physician), payment: payment)
      _ = try record.decide(record.creation(of: each))
      for command: Consultation.Command in [
        .claim(by: Somebody.physician), .open(by: Somebody.physician, status: PatientStatus.allCases[index]),
      ] {
        try each.apply(command, at: Instant(milliseconds: record.now))
        _ = try record.decide(record.command(command, UInt64(index + 1)))
      }
      expected.append(each)
    }
    try record.reopen()
    #expect(try record.load().map(\.consultation) == expected)
  }

  @Test("the journal tells who did what and when, without health data (CU-13)")
  func journal() throws {
    try record.play([
      .claim(by: Somebody.physician), .open(by: Somebody.physician, status: .minor),
      .start(by: Somebody.physician, attested: [Somebody.patient, Somebody.mother]), .suspend, .resume,
      Way.end(.completed),
    ])
    let at = record.now - 6_000
    let day: Int64 = 24 * 3_600_000
    #expect(
      try record.journal() == [
        "requested \(Somebody.mother) \(at) {\"patient\":\"\(Somebody.patient)\",\"requester\":\"\(Somebody.mother)\","
          + "\"assigned\":null,\"payment\":\"tiers_payant_integral\",\"requested_at\":\(at),\"claim_due_at\":\(at + day)}",
        "claimed \(Somebody.physician) \(at + 1_000) {\"practitioner\":\"\(Somebody.physician)\","
          + "\"start_due_at\":\(at + 1_000 + day)}",
        "opened \(Somebody.physician) \(at + 2_000) {\"status\":\"minor\"}",
        "started \(Somebody.physician) \(at + 3_000) {\"attested\":[\"\(Somebody.patient)\",\"\(Somebody.mother)\"]}",
        "suspended rule \(at + 4_000) {\"cause\":\"guardian_left\"}",
        "resumed rule \(at + 5_000) {}",
        "ended \(Somebody.physician) \(at + 6_000) {\"reason\":\"completed\",\"close_due_at\":\(at + 6_000 + 7 * day)}",
      ])
  }

  @Test("those that have been over for longer are not loaded, oldest request first")
  func loadsWhatIsNotOverForLong() throws {
    for number in 1...3 as ClosedRange<UInt64> {
      _ = try record.decide(record.creation(of: record.consultation(number)))
      record.now += 1_000
    }
    _ = try record.decide(record.command(.cancel(by: Somebody.mother), 1))
    let overAt = Instant(milliseconds: record.now)
    #expect(try record.store.load(finalSince: overAt).map(\.consultation.id.low) == [1, 2, 3])
    #expect(
      try record.store.load(finalSince: overAt.advanced(byMilliseconds: 1)).map(\.consultation.id.low) == [2, 3])
  }

  @Test("a row that this program cannot have written is refused by the consultation's id, and without its content")
  func damagedRow() throws {
    try record.play([])
    try record.raw().write { database in
      try database.execute(sql: "UPDATE consultation SET assigned = 'an id has 36 characters, this too!!!'")
    }
    #expect {
      try record.load()
    } throws: { error in
      (error as? RecordDamaged)?.consultation == record.consultation().id.description
    }
  }

  // MARK: Refusals

  @Test("what is refused changes nothing and leaves no line and no key")
  func refusedWritesNothing() throws {
    try record.play([.claim(by: Somebody.physician)])
    let before = try record.load()
    let refused: [(Consultation.Command, Refusal)] = [
      (.claim(by: Somebody.colleague), .alreadyClaimed(by: Somebody.physician)),
      (.claim(by: Somebody.physician), .wrongState(.claimed)),
      (.open(by: Somebody.colleague, status: .adult), .forbidden),
      (.start(by: Somebody.physician, attested: []), .wrongState(.claimed)),
      (.end(by: Somebody.colleague, reason: .other), .forbidden),
      (.suspend, .wrongState(.claimed)), (.resume, .wrongState(.claimed)),
    ]
    for (command, refusal) in refused {
      #expect(try record.decide(record.command(command)) == .refused(refusal))
    }
    #expect(try record.load() == before)
    #expect(try record.count("journal") == 2)
    #expect(try record.count("mutation") == 2)
  }

  @Test("a command for a consultation that does not exist is refused")
  func unknownConsultation() throws {
    let outcome = try record.decide(record.command(.claim(by: Somebody.physician), 99))
    #expect(outcome == .refused(.unknownConsultation))
  }

  @Test("an assigned request cannot be claimed by another practitioner, for whom it does not exist (CU-6.1)")
  func assignedToAnother() throws {
    try record.play([], assignment: .attending(Somebody.physician))
    let outcome = try record.decide(record.command(.claim(by: Somebody.colleague)))
    #expect(outcome == .refused(.unknownConsultation))
  }

  @Test("after the end everything is refused, and the end stays as it was (CU-6.4)")
  func endIsFinal() throws {
    try record.play([.claim(by: Somebody.physician), Way.end(.emergency)])
    let before = try record.load()
    for command: Consultation.Command in [
      .claim(by: Somebody.colleague), .open(by: Somebody.physician, status: .adult), .cancel(by: Somebody.mother),
      .suspend, Way.end(.completed),
    ] {
      #expect(try record.decide(record.command(command)) == .refused(.consultationEnded))
    }
    #expect(try record.load() == before)
  }

  @Test("of two claims in one transaction the first wins, and the other is told who (CU-6.1)")
  func claimsInOneBatch() throws {
    try record.play([])
    let outcomes = try record.store.decide([
      record.command(.claim(by: Somebody.colleague)), record.command(.claim(by: Somebody.physician)),
    ])
    guard case .recorded(let winner) = outcomes[0] else {
      Issue.record("the first claim did not win")
      return
    }
    #expect(winner.state.claim?.practitioner == Somebody.colleague)
    #expect(outcomes[1] == .refused(.alreadyClaimed(by: Somebody.colleague)))
    #expect(try record.load().map(\.consultation) == [winner])
  }

  @Test("a patient has at most 3 consultations under way; one that is over makes room for another")
  func threeUnderWay() throws {
    for number in 1...3 as ClosedRange<UInt64> {
      _ = try record.decide(record.creation(of: record.consultation(number)))
    }
    #expect(
      try record.decide(record.creation(of: record.consultation(4))) == .refused(.tooManyRequests))
    #expect(try record.count("health_data") == 3)
    let ofAnother = record.consultation(5, patient: Somebody.mother)
    #expect(try record.decide(record.creation(of: ofAnother)) == .recorded(ofAnother))

    _ = try record.decide(record.command(.cancel(by: Somebody.mother), 2))
    let next = record.consultation(4)
    #expect(try record.decide(record.creation(of: next)) == .recorded(next))
  }

  // MARK: Keys

  @Test("the same key again has the same answer and happens once, also after a restart")
  func repeatedKey() throws {
    let creation = record.creation(of: record.consultation())
    #expect(try record.decide(creation) == .recorded(record.consultation()))
    let again = record.creation(of: record.consultation(2), key: key(of: creation))
    try record.reopen()
    #expect(try record.decide(again) == .repeated(record.consultation().id))
    #expect(try record.load().count == 1)

    let claim = record.command(.claim(by: Somebody.physician))
    _ = try record.decide(claim)
    #expect(try record.decide(claim) == .repeated(record.consultation().id))
    // Whatever has happened since.
    _ = try record.decide(record.command(Way.end(.other)))
    #expect(try record.decide(claim) == .repeated(record.consultation().id))
    #expect(try record.count("journal") == 3)
  }

  @Test("the same key twice in one transaction happens once")
  func repeatedInOneBatch() throws {
    let creation = record.creation(of: record.consultation())
    let again = record.creation(of: record.consultation(2), key: key(of: creation))
    let outcomes = try record.store.decide([creation, again])
    #expect(outcomes == [.recorded(record.consultation()), .repeated(record.consultation().id)])
  }

  @Test("a key that was used for another mutation, or another consultation, is refused")
  func reusedKey() throws {
    _ = try record.decide(record.creation(of: record.consultation(1)))
    _ = try record.decide(record.creation(of: record.consultation(2)))
    let claim = record.command(.claim(by: Somebody.physician), 1)
    _ = try record.decide(claim)
    for reused in [
      record.command(Way.end(.other), 1, key: key(of: claim)),
      record.command(.claim(by: Somebody.physician), 2, key: key(of: claim)),
      record.creation(of: record.consultation(3), by: Somebody.physician, key: key(of: claim)),
    ] {
      #expect(try record.decide(reused) == .refused(.keyReused))
    }
  }

  @Test("keys belong to accounts: another account may use the same one")
  func keyOfAnotherAccount() throws {
    let creation = record.creation(of: record.consultation(1))
    _ = try record.decide(creation)
    let other = record.consultation(2)
    #expect(
      try record.decide(record.creation(of: other, by: Somebody.patient, key: key(of: creation))) == .recorded(other))
  }

  @Test("a key is remembered for 24 hours to the millisecond, whether or not others came meanwhile")
  func expiredKey() throws {
    let creation = record.creation(of: record.consultation(1))
    _ = try record.decide(creation)
    record.now += SQLiteStore.keyLifetimeMilliseconds
    let late = record.creation(of: record.consultation(2), key: key(of: creation))
    #expect(try record.decide(late) == .repeated(record.consultation(1).id))
    record.now += 1
    let next = record.consultation(2)
    #expect(try record.decide(record.creation(of: next, key: key(of: creation))) == .recorded(next))
    #expect(try record.count("mutation") == 1)
  }

  private func key(of submission: Submission) -> MutationKey? {
    if case .request(_, _, let key) = submission.proposal.origin { key } else { nil }
  }

  // MARK: Health data

  @Test("once it is closed or cancelled the reason is gone from the record (CU-5.2)", arguments: Way.toFinal)
  func healthDataIsGone(_ commands: [Consultation.Command]) throws {
    try record.play(commands)
    #expect(try record.count("health_data") == 0)
    #expect(try record.load().map(\.reason) == [nil])
  }

  @Test("a reader of the file, such as a backup, delays that, and keeps nobody waiting (CU-5.2)")
  func scrubBehindReader() throws {
    let reason = "unmistakable-\(UUID().uuidString)-reason"
    _ = try record.decide(record.creation(of: record.consultation(1), reason: reason))
    try record.raw().inDatabase { reader in
      try reader.execute(sql: "BEGIN")
      _ = try Int.fetchOne(reader, sql: "SELECT count(*) FROM consultation")
      _ = try record.decide(record.command(.cancel(by: Somebody.patient)))
      #expect(!record.store.scrub())
      try reader.execute(sql: "COMMIT")
    }
    #expect(record.scrub())
    #expect(try record.bytesOnDisk().range(of: Data(reason.utf8)) == nil)
  }

  @Test(
    "once it is closed or cancelled neither the sealed reason nor its key is in any byte of the files (CU-5.2)",
    arguments: Way.toFinal)
  func healthDataLeavesTheFiles(_ commands: [Consultation.Command]) throws {
    let reason = "unmistakable-\(UUID().uuidString)-reason"
    _ = try record.decide(record.creation(of: record.consultation(1), reason: reason))
    _ = try record.decide(record.creation(of: record.consultation(2), reason: "stays"))
    let sealed = try remains(of: 1)
    let others = try remains(of: 2)
    #expect(sealed.count == 2 && others.count == 2)
    // Once in the database files themselves, so that their free space is looked at too.
    try checkpoint("record.sqlite")
    try checkpoint("keys.sqlite")
    let before = try record.bytesOnDisk()
    #expect(before.range(of: Data(reason.utf8)) == nil, "not even before it is over")
    #expect(sealed.allSatisfy { before.range(of: $0) != nil })
    for command in commands { _ = try record.decide(record.command(command)) }
    #expect(record.scrub())
    let after = try record.bytesOnDisk()
    #expect(sealed.allSatisfy { after.range(of: $0) == nil })
    #expect(others.allSatisfy { after.range(of: $0) != nil })
    #expect(try record.load().map(\.reason) == [nil, "stays"])
  }

  /// What is kept of a consultation's health data: sealed, and its key.
  private func remains(of number: UInt64) throws -> [Data] {
    let id = ConsultationID(high: 2, low: number).description
    let sealed = try record.raw().read {
      try Data.fetchOne($0, sql: "SELECT sealed FROM health_data WHERE consultation = ?", arguments: [id])
    }
    let key = try record.raw("keys.sqlite").read {
      try Data.fetchOne($0, sql: "SELECT wrapped FROM data_key WHERE consultation = ?", arguments: [id])
    }
    return [sealed, key].compactMap { $0 }
  }

  private func checkpoint(_ file: String) throws {
    try record.raw(file).writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  @Test("an error of the database says nothing of what was to be written (CU-12.5)")
  func errorsAreSilentAboutContent() throws {
    try record.play([])
    let error = #expect(throws: (any Error).self) {
      try record.decide(record.creation(of: record.consultation(), reason: "secret"))
    }
    #expect(!"\(try #require(error))".contains("secret"))
  }

  // MARK: The file

  @Test("the database and its side files are readable by their owner only")
  func fileModes() throws {
    try record.play([.claim(by: Somebody.physician)])
    let files = try FileManager.default.contentsOfDirectory(atPath: record.folder.path)
    let own = ["record-signing.key", "record.sqlite", "record.sqlite-shm", "record.sqlite-wal"]
    #expect(files.filter { $0.hasPrefix("record") }.sorted() == own)
    for file in files {
      let path = record.folder.appending(path: file).path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(file)")
    }
  }

  @Test("a file that is not a database, and a folder that does not exist, are refused and left as they are")
  func notADatabase() throws {
    let file = record.folder.appending(path: "notes.txt")
    try Data("these are my notes, and no database at all".utf8).write(to: file)
    #expect(throws: (any Error).self) { try SQLiteStore(file: file, keys: record.keys) }
    #expect(try String(contentsOf: file, encoding: .utf8) == "these are my notes, and no database at all")
    #expect(throws: (any Error).self) {
      try SQLiteStore(file: record.folder.appending(path: "nowhere/record.sqlite"), keys: record.keys)
    }
  }

  @Test("when one submission cannot be stored, nothing of its transaction is")
  func allOrNothing() throws {
    let sameAgain = record.creation(of: record.consultation(1))
    #expect(throws: (any Error).self) {
      try record.store.decide([record.creation(of: record.consultation(1)), sameAgain])
    }
    #expect(try record.load().isEmpty)
    #expect(try record.count("journal") == 0)
  }
}

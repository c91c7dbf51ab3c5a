import Foundation
import GRDB
import Rooms
import Testing
import Vault

@testable import MQMSessions

@Suite("CU-5.2, CU-12.5: health data in the record")
struct VaultStoreTests {
  private let folder: URL
  private let patient = PersonID(high: 1, low: 1)
  private let notes = HealthNotes(
    reason: "canary of the reason", history: "canary of the history", socialSecurityNumber: "canary number",
    updatedAt: Instant(milliseconds: 7))
  private static let now = Instant(milliseconds: 1_795_399_200_000)

  private var record: URL { folder.appending(path: "record.sqlite") }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  // MARK: Support

  private func openKeys() throws -> ConsultationKeys {
    try ConsultationKeys(
      file: folder.appending(path: "keys.sqlite"),
      keyring: MasterKeyring(.file(folder.appending(path: "master.key").path)))
  }

  private func open() throws -> SQLiteStore { try SQLiteStore(file: record, keys: openKeys()) }

  private func id(_ number: UInt64) -> ConsultationID { ConsultationID(high: 2, low: number) }

  private func creation(_ number: UInt64, of patient: PersonID? = nil, _ notes: HealthNotes? = nil) -> Submission {
    let patient = patient ?? PersonID(high: 1, low: number)
    let consultation = Consultation(
      id: id(number), patient: patient, requester: patient, assignment: .unassigned, payment: .tiersPayantIntegral,
      requestedAt: Self.now)
    return Submission(
      Proposal(
        origin: .request(Ticket(1), by: patient, key: MutationKey(high: 3, low: number)),
        change: .create(consultation, notes ?? self.notes)), at: Self.now)
  }

  private func command(_ command: Consultation.Command, _ number: UInt64) -> Submission {
    Submission(Proposal(origin: .rule, change: .transition(id(number), command)), at: Self.now)
  }

  private func raw(_ file: String) throws -> DatabaseQueue {
    try DatabaseQueue(path: folder.appending(path: file).path)
  }

  private func bytesOnDisk() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { all, file in all.append(try Data(contentsOf: file)) }
  }

  private func isOnDisk(_ text: String) throws -> Bool { try bytesOnDisk().range(of: Data(text.utf8)) != nil }

  // MARK: From the request to the end

  @Test("Reason and copies are never on disk in the clear, and are there again after a restart")
  func sealed() throws {
    #expect(try open().decide([creation(1)]).count == 1)
    for text in [notes.reason, notes.history, notes.socialSecurityNumber] {
      #expect(try !isOnDisk(try #require(text)))
    }
    let again = try open()
    #expect(try again.healthNotes(of: id(1)) == notes)
    #expect(try again.load(finalSince: Self.now).map(\.reason) == [notes.reason])
    #expect(try again.consultations(of: PersonID(high: 1, low: 1)).map(\.reason) == [notes.reason])
  }

  @Test("With a cancellation the key, what was sealed under it, and both their bytes are gone; the others' stay")
  func cancelled() throws {
    let store = try open()
    _ = try store.decide([creation(1), creation(2)])
    let (wrapped, sealed) = (
      try raw("keys.sqlite").read { try Data.fetchAll($0, sql: "SELECT wrapped FROM data_key ORDER BY consultation") },
      try raw("record.sqlite").read {
        try Data.fetchAll($0, sql: "SELECT sealed FROM health_data ORDER BY consultation")
      }
    )
    _ = try store.decide([command(.cancel(by: PersonID(high: 1, low: 1)), 1)])
    let later = ContinuousClock.now + ConsultationKeys.scrubInterval
    _ = store.scrub()
    #expect(store.keys.scrub(at: later))
    let bytes = try bytesOnDisk()
    #expect(bytes.range(of: wrapped[0].dropFirst(8)) == nil && bytes.range(of: sealed[0]) == nil)
    #expect(bytes.range(of: wrapped[1]) != nil && bytes.range(of: sealed[1]) != nil)
    #expect(try store.healthNotes(of: id(1)) == nil)
    #expect(try store.healthNotes(of: id(2)) == notes)
  }

  @Test("A request that is refused or repeated leaves no key once the next one comes, or the store scrubs")
  func unrecorded() throws {
    let store = try open()
    _ = try store.decide([creation(1), creation(1), creation(2)])
    let repeated = Submission(
      Proposal(
        origin: creation(1).proposal.origin,
        change: .create(
          Consultation(
            id: id(9), patient: PersonID(high: 1, low: 1), requester: PersonID(high: 1, low: 1),
            assignment: .unassigned,
            payment: .tiersPayantIntegral, requestedAt: Self.now), notes)), at: Self.now)
    #expect(try store.decide([repeated]) == [.repeated(id(1))])
    _ = try store.decide([creation(3)])
    #expect(try store.keys.allIDs() == [id(1), id(2), id(3)])
  }

  @Test("Of requests that fail together the keys go, and those that are recorded one by one keep theirs")
  func failed() throws {
    let store = try open()
    _ = try store.decide([creation(1)])
    // The same id for somebody else: the row cannot be written, and the transaction with it.
    let impossible = creation(1, of: PersonID(high: 1, low: 77))
    #expect(throws: (any Error).self) { try store.decide([creation(2), impossible, creation(3)]) }
    _ = store.scrub()
    #expect(try store.keys.allIDs() == [id(1)])
    #expect(throws: (any Error).self) { try store.decide([creation(2), impossible]) }
    #expect(try store.decide([creation(2)]).count == 1)
    #expect(throws: (any Error).self) { try store.decide([impossible]) }
    _ = try store.decide([creation(4)])
    _ = store.scrub()
    #expect(try store.keys.allIDs() == [id(1), id(2), id(4)])
    for number in [1, 2, 4] as [UInt64] { #expect(try store.healthNotes(of: id(number)) == notes) }
  }

  @Test("A key that was destroyed before a crash leaves the file after the next start, although none is destroyed then")
  func destroyedBeforeCrash() throws {
    let first = try openKeys()
    _ = try first.make([id(1), id(2)])
    let wrapped = try raw("keys.sqlite").read {
      try Data.fetchAll($0, sql: "SELECT wrapped FROM data_key ORDER BY consultation")
    }
    try first.destroy([id(1)])
    #expect(try bytesOnDisk().range(of: wrapped[0].dropFirst(8)) != nil, "it still stands in the write-ahead log")
    let second = try openKeys()
    #expect(second.scrub())
    let bytes = try bytesOnDisk()
    #expect(bytes.range(of: wrapped[0].dropFirst(8)) == nil)
    #expect(bytes.range(of: wrapped[1].dropFirst(8)) != nil)
  }

  @Test(
    "Sealed data or a key that was changed takes nothing from the others: it is known, and kept (CU-12.5)",
    arguments: [
      ("record.sqlite", "UPDATE health_data SET sealed = CAST(zeroblob(99) AS BLOB) WHERE consultation = ?"),
      ("keys.sqlite", "UPDATE data_key SET wrapped = CAST(zeroblob(68) AS BLOB) WHERE consultation = ?"),
    ])
  func unreadable(_ file: String, _ sql: String) throws {
    let store = try open()
    _ = try store.decide([creation(1, of: patient), creation(2, of: patient)])
    try raw(file).write { try $0.execute(sql: sql, arguments: [id(1).description]) }
    let again = try open()
    let stored = try again.load(finalSince: Self.now)
    #expect(stored.map(\.reason) == [nil, notes.reason])
    #expect(stored.map(\.isUnreadable) == [true, false])
    #expect(try again.consultations(of: patient).map(\.isUnreadable) == [true, false])
    #expect(try again.healthNotes(of: id(1)) == nil)
    try again.replaceHealthFile(of: patient, history: "new", socialSecurityNumber: nil, at: Self.now)
    #expect(try again.healthNotes(of: id(2))?.history == "new")
    // Asked for again with the same key, it is the same request, as far as anybody can tell.
    let repeated = Submission(
      Proposal(
        origin: creation(1, of: patient).proposal.origin,
        change: .create(
          Consultation(
            id: id(9), patient: patient, requester: patient, assignment: .unassigned, payment: .tiersPayantIntegral,
            requestedAt: Self.now), HealthNotes(reason: "another"))), at: Self.now)
    #expect(try again.decide([repeated]) == [.repeated(id(1))])
    #expect(try raw("record.sqlite").read { try Int.fetchOne($0, sql: "SELECT count(*) FROM health_data") } == 2)
    _ = try again.decide([command(.cancel(by: patient), 1)])
    #expect(try again.load(finalSince: Self.now).first { $0.consultation.id == id(1) }?.isUnreadable == false)
  }

  @Test("A batch without a new request does not touch the file of keys")
  func cheap() throws {
    let store = try open()
    _ = try store.decide([creation(1)])
    let observer = try raw("keys.sqlite")
    let version = { try observer.inDatabase { try Int.fetchOne($0, sql: "PRAGMA data_version") } }
    let before = try version()
    _ = try store.decide([command(.claim(by: PersonID(high: 1, low: 8)), 1)])
    #expect(try version() == before)
    _ = try store.decide([creation(2), creation(3)])
    #expect(try version() != before)
  }

  @Test("A changed health file replaces the copies of that patient's consultations that are not over (CU-1)")
  func replaced() throws {
    let store = try open()
    let physician = PersonID(high: 1, low: 8)
    _ = try store.decide([creation(1, of: patient), creation(2, of: patient), creation(3)])
    _ = try store.decide([
      command(.claim(by: physician), 2), command(.end(by: physician, reason: .other), 2),
    ])
    try store.replaceHealthFile(
      of: patient, history: "new", socialSecurityNumber: nil, at: Instant(milliseconds: 9))
    #expect(
      try store.healthNotes(of: id(1))
        == HealthNotes(reason: notes.reason, history: "new", updatedAt: Instant(milliseconds: 9)))
    for other: UInt64 in [2, 3] { #expect(try store.healthNotes(of: id(other)) == notes) }
  }

  // MARK: When it is opened

  @Test("Reasons that an earlier version kept in the clear are sealed, and the file is written anew")
  func plainReasons() throws {
    do {
      let database = try raw("record.sqlite")
      try RecordSchema.migrator.migrate(database, upTo: "4: the journal as a tamper-evident log")
      try database.write { database in
        for number in 1...60 {
          let id = id(UInt64(number))
          try database.execute(
            sql: """
              INSERT INTO consultation (id, patient, requester, payment, state, requested_at, claim_due_at)
              VALUES (?1, ?2, ?2, 'carte_bancaire', 'requested', 1, 2)
              """, arguments: [id.description, patient.description])
          try database.execute(
            sql: "INSERT INTO health_data (consultation, reason) VALUES (?, ?)",
            arguments: [id.description, "\(notes.reason) \(number)"])
        }
      }
    }
    #expect(try isOnDisk(notes.reason))
    let store = try open()
    #expect(try !isOnDisk(notes.reason))
    #expect(try store.load(finalSince: Self.now).compactMap(\.reason).count == 60)
    #expect(try store.healthNotes(of: id(7))?.reason == "\(notes.reason) 7")
    #expect(try open().healthNotes(of: id(8))?.reason == "\(notes.reason) 8")
  }

  @Test("After a crash between the two files no key is left over, and nothing that lacks its key")
  func reconciled() throws {
    _ = try open().decide([creation(1), creation(2)])
    let keys = try openKeys()
    _ = try keys.make([id(9)])
    try keys.destroy([id(2)])
    let store = try open()
    #expect(try store.keys.allIDs() == [id(1)])
    #expect(try store.load(finalSince: Self.now).map(\.reason) == [notes.reason, nil])
    #expect(try raw("record.sqlite").read { try Int.fetchOne($0, sql: "SELECT count(*) FROM health_data") } == 1)
  }

  // MARK: Backups

  @Test("What was closed since a copy was made, and what has no key, is destroyed in the copy; the rest opens")
  func restored() throws {
    let store = try open()
    _ = try store.decide([creation(1), creation(2), creation(3)])
    let copy = folder.appending(path: "copy.sqlite")
    try DatabaseCopy.write(record, to: copy)
    #expect(try DatabaseCopy.schema(of: copy).last == "6: erasures by account")
    let keys = try openKeys()
    try keys.destroy([id(2)])
    let lost = try RestoredRecord(file: copy).destroyHealthData(of: [id(3)], keys: keys)
    #expect(lost == [id(2), id(3)])
    #expect(try keys.allIDs() == [id(1)])
    let restored = try SQLiteStore(file: copy, keys: keys, signingKey: folder.appending(path: "record-signing.key"))
    #expect(try restored.load(finalSince: Self.now).map(\.reason) == [notes.reason, nil, nil])
  }

  @Test("A damaged copy is noticed")
  func damaged() throws {
    _ = try open().decide([creation(1)])
    let copy = folder.appending(path: "copy.sqlite")
    try DatabaseCopy.write(record, to: copy)
    var content = try Data(contentsOf: copy)
    for offset in stride(from: 4_096, to: content.count, by: 4_096) { content[offset] = 0xff }
    try content.write(to: copy)
    #expect(throws: (any Error).self) { try DatabaseCopy.schema(of: copy) }
  }
}

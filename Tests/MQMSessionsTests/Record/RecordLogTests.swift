import Foundation
import GRDB
import Rooms
import Testing

@testable import MQMSessions

/// The record as it is written, and as it is verified.
struct RecordLogTests {
  let record: SampleRecord

  init() throws { record = try SampleRecord() }

  @Test("what every transition writes verifies, tables included (CU-13)")
  func everythingVerifies() throws {
    #expect(record.verify().faults == [])
    try record.playAll()
    let report = record.verify(exported: try record.exportedLines())
    #expect(report.faults == [])
    #expect(report.entries > 30)
    #expect(report.heads == 3)
    #expect(report.exportedLines == 6)
    #expect(report.tip?.size == report.entries)
  }

  @Test("an entry is written in one way, and read in no other")
  func entryText() throws {
    try record.play(1, [.claim(by: SampleRecord.physician)])
    let entries = try record.store.entries(of: SampleRecord.id(1))
    let first = RecordDigest.leaf(entries[0].text).hexadecimal
    #expect(
      entries[1].text == """
        {"v":1,"seq":1,"at":1795399201000,"consultation":"00000000-0000-0002-0000-000001010101","n":1,\
        "prev":"\(first)","event":"claimed","actor":"00000000-0000-0001-0000-000000000003",\
        "details":{"practitioner":"00000000-0000-0001-0000-000000000003","start_due_at":1795485601000}}
        """)
    #expect(RecordEntry(entries[1].text) == entries[1])
    let text = Array(entries[1].text.utf8)
    for other in [
      text + [0x20], [0x20] + text, Array(text.dropLast()), Array(entries[1].text.uppercased().utf8),
      Array(entries[1].text.replacing("\"seq\":1", with: "\"seq\":01").utf8),
      Array(entries[1].text.replacing("{\"prac", with: "{ \"prac\u{e9}").utf8),
      Array(entries[1].text.replacing("\",\"details", with: ",\"details").utf8),
      Array(entries[1].text.replacing("\",\"event", with: ",\"event").utf8),
    ] {
      #expect(RecordEntry(other[...]) == nil)
    }
  }

  @Test("a transaction that fails leaves the log where it was")
  func rollback() throws {
    try record.play(1, [])
    let event = RecordedEvent(
      consultation: SampleRecord.id(1), event: "incident", actor: nil, at: Instant(milliseconds: record.now))
    #expect(throws: CancellationError.self) {
      try record.store.database.write { database in
        try record.store.log.append(event, in: database)
        try record.store.log.seal(at: 0, keepingHead: true, in: database)
        throw CancellationError()
      }
    }
    #expect(record.verify().entries == 1)
    try record.play(2, [])
    #expect(record.verify().faults == [])
    #expect(record.verify().heads == 0)
  }

  @Test("what is not one object in ASCII, or is too long, is not recorded")
  func detailsAreBounded() throws {
    let tooLong = "{\"a\":\"" + String(repeating: "a", count: RecordEntry.detailsLimit) + "\"}"
    for details in ["", "[]", "{\"a\":\"é\"}", "{\"a\":\"\n\"}", tooLong] {
      let event = RecordedEvent(
        consultation: nil, event: "incident", actor: nil, at: Instant(milliseconds: 0), details: details)
      #expect(throws: RecordRefusal.self) {
        try record.store.database.write { try record.store.log.append(event, in: $0) }
      }
    }
    #expect(record.verify().faults == [])
  }

  @Test("a head is kept at each closure and on demand, once for the same entries")
  func headsAreKept() throws {
    try record.play(1, [])
    #expect(try record.store.keepHead(at: Instant(milliseconds: record.now)))
    #expect(try !record.store.keepHead(at: Instant(milliseconds: record.now)))
    try record.play(2, [.cancel(by: SampleRecord.mother)])
    #expect(record.verify().heads == 2)
    #expect(try !record.store.keepHead(at: Instant(milliseconds: record.now)))
    let lines = try record.exportedLines()
    #expect(lines.count == 3)
    #expect(lines[2] == "{\"closed\":\"\(SampleRecord.id(2))\",\"at\":\(record.now)}")
  }

  @Test("a store that opens the record again goes on with the same log")
  func reopens() throws {
    try record.playAll()
    let tip = try #require(record.verify().tip)
    let again = try SampleRecord.store(in: record.folder)
    #expect(try again.keepHead(at: Instant(milliseconds: record.now)))
    let report = record.verify()
    #expect(report.faults == [])
    #expect(report.tip?.log == tip.log)
    #expect(report.tip?.root == tip.root)
  }

  @Test("nothing is added to a record that somebody else has changed")
  func refusesTamperedRecord() throws {
    try record.playAll()
    let raw = try DatabaseQueue(path: record.file.path)
    try raw.write { database in
      try database.execute(
        sql: "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    }
    #expect(throws: RecordTampered.self) { try SampleRecord.store(in: record.folder) }
  }

  @Test("a record that is signed with another key is not gone on with, however well it is made (CU-13)")
  func refusesOtherKey() throws {
    // Whoever can write to the file puts a past of their own in its place, which they signed.
    let forged = try SampleRecord()
    try forged.playAll()
    #expect(forged.verify().isWhole)
    let tip = try forged.store.database.read { try HeadRow.tip(in: $0)?.text }
    let ours = record.folder.appending(path: "record-signing.key")
    #expect(throws: RecordTampered.self) {
      try SQLiteStore(file: forged.file, keys: forged.store.keys, signingKey: ours)
    }
    #expect(try forged.store.database.read { try HeadRow.tip(in: $0)?.text } == tip, "nothing was signed")
  }

  @Test("whether an erasure is on record is found by an index, as each start asks for all of them")
  func erasuresByIndex() throws {
    let plan = try record.store.database.read { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + SQLiteStore.erasureOnRecord, arguments: [""])
        .map { $0["detail"] as String }
    }
    #expect(plan == ["SEARCH journal USING INDEX journal_by_erasure (<expr>=?)"])
  }

  @Test("pages of past consultations have each of them once, also where many were asked for at the same time")
  func pages() throws {
    let patient = PersonID(high: 4, low: 1)
    let ids = (1...7).map { SampleRecord.id(UInt64($0)) }
    for (index, id) in ids.enumerated() {
      // Five of them at one time, as of several patients of a guardian.
      let at = Instant(milliseconds: record.now + (index == 0 ? -1 : index == 6 ? 1 : 0))
      let asked = Consultation(
        id: id, patient: patient, requester: patient, assignment: .unassigned, payment: .carteBancaire, requestedAt: at)
      try record.decide(.create(asked, HealthNotes(reason: "Fièvre")), by: patient)
      try record.decide(.transition(id, .cancel(by: patient)), by: patient)
    }
    var seen: [ConsultationID] = []
    var place: PastPlace?
    while true {
      let page = try record.store.pastConsultations(
        of: [patient], practitioner: SampleRecord.physician, before: place, limit: 2)
      guard let last = page.last else { break }
      seen += page.map(\.id)
      place = PastPlace(requestedAt: last.requestedAt, id: last.id)
    }
    #expect(seen == ids.reversed())
    // Without an id the whole moment is left out.
    let before = try record.store.pastConsultations(
      of: [patient], practitioner: SampleRecord.physician,
      before: PastPlace(requestedAt: Instant(milliseconds: record.now), id: nil), limit: 10)
    #expect(before.map(\.id) == [ids[0]])
  }

  @Test("what is changed under a running broker is not taken over into what it signs")
  func changedMeanwhile() throws {
    try record.playAll()
    let raw = try DatabaseQueue(path: record.file.path)
    try raw.write { try $0.execute(sql: "DROP TRIGGER journal_no_update; UPDATE journal SET chain = zeroblob(32)") }
    try record.play(9, [])
    #expect(!record.verify().isWhole)
  }

  @Test("a key file that others can read, or that is none, is refused; a key prints as dots")
  func keyFiles() throws {
    let file = record.folder.appending(path: "record-signing.key")
    #expect(try RecordSigningKey(reading: file).publicKey == record.publicKey)
    #expect("\(try RecordSigningKey(reading: file))" == "•••")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    #expect(throws: RecordSigningKey.Failure.self) { try RecordSigningKey(reading: file) }
    try "nonsense".write(to: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    #expect(throws: RecordSigningKey.Failure.self) { try RecordSigningKey(makingOrReading: file) }
  }
}

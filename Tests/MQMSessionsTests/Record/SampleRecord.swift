import Foundation
import GRDB
import Rooms
import Vault

@testable import MQMSessions

/// A record in a folder of its own, with a few consultations whose entries are of every kind that changes a row.
final class SampleRecord {
  let folder: URL
  let store: SQLiteStore
  private var lastKey: UInt64 = 0
  /// 2026-11-23T02:00:00Z
  var now: Int64 = 1_795_399_200_000

  static let patient = PersonID(high: 1, low: 1)
  static let mother = PersonID(high: 1, low: 2)
  static let physician = PersonID(high: 1, low: 3)
  static let colleague = PersonID(high: 1, low: 4)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "sample-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Self.store(in: folder)
  }

  static func store(in folder: URL) throws -> SQLiteStore {
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    let keys = try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring)
    return try SQLiteStore(file: folder.appending(path: "record.sqlite"), keys: keys)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var file: URL { folder.appending(path: "record.sqlite") }
  var publicKey: Data { store.log.key.publicKey }

  func verify(exported: [String] = []) -> RecordVerifier.Report {
    RecordVerifier(publicKey: publicKey, exported: exported).verify(file: file)
  }

  /// No two of them are a bit apart.
  static func id(_ number: UInt64) -> ConsultationID { ConsultationID(high: 2, low: number * 0x0101_0101) }

  // MARK: What happens

  /// Asks for a consultation, and takes it along these commands, a second apart.
  func play(_ number: UInt64, _ commands: [Consultation.Command], assigned: PersonID? = nil) throws {
    let consultation = Consultation(
      id: Self.id(number), patient: PersonID(high: 4, low: number), requester: Self.mother,
      assignment: assigned.map { .attending($0) } ?? .unassigned, payment: .carteBancaire,
      requestedAt: Instant(milliseconds: now))
    try decide(.create(consultation, HealthNotes(reason: "Fièvre")), by: Self.mother)
    for command in commands {
      now += 1_000
      try decide(.transition(Self.id(number), command), by: command.actor)
    }
  }

  func decide(_ change: Proposal.Change, by account: PersonID?) throws {
    lastKey += 1
    let origin: Proposal.Origin =
      account.map { .request(Ticket(1), by: $0, key: MutationKey(high: 3, low: lastKey)) } ?? .clock
    let outcome = try store.decide([
      Submission(Proposal(origin: origin, change: change), at: Instant(milliseconds: now))
    ])[0]
    if case .refused(let refusal) = outcome { throw refusal }
  }

  static func document(_ number: UInt64) -> Document {
    Document(
      id: DocumentID(high: 5, low: number), kind: .prescription, type: .pdf, size: 1_234,
      commitment: String(repeating: "ab", count: 32), handedOverAt: Instant(milliseconds: 1_795_399_200_000))
  }

  /// Five consultations: closed, cancelled, waiting, under way, ended with documents; heads between them.
  func playAll() throws {
    let (physician, colleague) = (Self.physician, Self.colleague)
    let start: [Consultation.Command] = [
      .claim(by: physician), .open(by: physician, status: .minor),
      .start(by: physician, attested: [Self.patient, Self.mother]),
    ]
    try play(
      1,
      start + [
        .suspend, .resume, .handOver(by: physician, Self.document(1)), .handOver(by: physician, Self.document(2)),
        .withdraw(by: physician, DocumentID(high: 5, low: 2)), .end(by: physician, reason: .completed),
        .fetch(by: Self.mother, DocumentID(high: 5, low: 1)), .close(by: Self.mother, why: .confirmed),
      ])
    try play(
      2,
      [
        .refuse(by: physician, .professional), .assign(by: Self.mother, to: colleague), .claim(by: colleague),
        .release(by: colleague), .unassign(by: Self.mother), .cancel(by: Self.mother),
      ], assigned: physician)
    try play(3, [.refuse(by: physician, .personal)], assigned: physician)
    now += 1_000
    try decide(.clockStepped(byMilliseconds: 3_600_000), by: nil)
    try store.keepHead(at: Instant(milliseconds: now))
    try play(4, start)
    try play(
      5,
      start + [
        .handOver(by: physician, Self.document(3)), .handOver(by: physician, Self.document(4)),
        .end(by: physician, reason: .technical), .fetch(by: Self.mother, DocumentID(high: 5, low: 3)),
      ])
    try store.noteErasures([(account: Self.colleague, at: Instant(milliseconds: now))])
  }

  /// The lines that an export would have written.
  func exportedLines() throws -> [String] {
    try store.waitingExports(for: "test", limit: 1_000).map { row in
      try row.line ?? store.keptHead(row.head ?? 0)?.line ?? ""
    }
  }
}

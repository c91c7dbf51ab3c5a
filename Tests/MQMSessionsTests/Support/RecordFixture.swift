import Foundation
import GRDB
import MQMSessions
import Rooms
import Vault

/// A record in a temporary folder of its own, which can be closed and opened again.
final class RecordFixture {
  let folder: URL
  private(set) var store: SQLiteStore
  private(set) var keys: ConsultationKeys
  private var lastKey: UInt64 = 0
  /// 2026-11-23T02:00:00Z
  var now: Int64 = 1_795_399_200_000

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "record-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    keys = try Self.keys(in: folder)
    store = try SQLiteStore(file: folder.appending(path: "record.sqlite"), keys: keys)
  }

  private static func keys(in folder: URL) throws -> ConsultationKeys {
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    return try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  var file: URL { folder.appending(path: "record.sqlite") }

  // MARK: The file

  /// As after a restart: another store on the same file, while the old one may never have been closed.
  func reopen() throws {
    keys = try Self.keys(in: folder)
    store = try SQLiteStore(file: file, keys: keys)
  }

  /// As the broker does until it succeeds; the keys' file is not written anew as often as it asks.
  func scrub() -> Bool {
    _ = store.scrub()
    return keys.scrub(at: .now.advanced(by: .seconds(3_600))) && store.scrub()
  }

  /// A connection of another program, bound by nothing but the schema.
  func raw(_ name: String = "record.sqlite") throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    return try DatabaseQueue(path: folder.appending(path: name).path, configuration: configuration)
  }

  func count(_ table: String) throws -> Int {
    try raw().read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  /// What the journal says, line by line.
  func journal() throws -> [String] {
    try raw().read { database in
      try Row.fetchAll(database, sql: "SELECT event, actor, at, details FROM journal ORDER BY seq").map { row in
        "\(row["event"] as String) \((row["actor"] as String?) ?? "rule") \(row["at"] as Int64) \(row["details"] as String)"
      }
    }
  }

  /// The bytes of the database and its side files.
  func bytesOnDisk() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { all, file in all.append(try Data(contentsOf: file)) }
  }

  // MARK: Submissions

  /// A key that was not used before.
  func key() -> MutationKey {
    lastKey += 1
    return MutationKey(high: 3, low: lastKey)
  }

  func consultation(
    _ number: UInt64 = 1, patient: PersonID = Somebody.patient, assignment: Consultation.Assignment = .unassigned,
    payment: Consultation.PaymentMode = .tiersPayantIntegral
  ) -> Consultation {
    Consultation(
      id: ConsultationID(high: 2, low: number), patient: patient, requester: Somebody.mother, assignment: assignment,
      payment: payment, requestedAt: Instant(milliseconds: now))
  }

  func creation(
    of consultation: Consultation, reason: String = "Fièvre", by account: PersonID = Somebody.mother,
    key: MutationKey? = nil
  ) -> Submission {
    submission(.create(consultation, HealthNotes(reason: reason)), by: account, key: key)
  }

  /// - Parameter account: nil for whoever the command itself names, and the rule where it names nobody.
  func command(
    _ command: Consultation.Command, _ number: UInt64 = 1, by account: PersonID? = nil, key: MutationKey? = nil
  ) -> Submission {
    submission(
      .transition(ConsultationID(high: 2, low: number), command), by: account ?? command.actor, key: key)
  }

  private func submission(_ change: Proposal.Change, by account: PersonID?, key: MutationKey?) -> Submission {
    let origin: Proposal.Origin =
      account.map { .request(Ticket(1), by: $0, key: key ?? self.key()) } ?? .rule
    return Submission(Proposal(origin: origin, change: change), at: Instant(milliseconds: now))
  }

  func decide(_ submission: Submission) throws -> Outcome {
    try store.decide([submission])[0]
  }

  /// Creates consultation 1 and takes it along these commands, a second apart.
  func play(_ commands: [Consultation.Command], assignment: Consultation.Assignment = .unassigned) throws {
    _ = try decide(creation(of: consultation(assignment: assignment)))
    for each in commands {
      now += 1_000
      _ = try decide(command(each))
    }
  }

  func load() throws -> [StoredConsultation] { try store.load(finalSince: Instant(milliseconds: 0)) }
}

enum Somebody {
  static let patient = PersonID(high: 1, low: 1)
  static let mother = PersonID(high: 1, low: 2)
  static let physician = PersonID(high: 1, low: 3)
  static let colleague = PersonID(high: 1, low: 4)
}

/// Ways through the life of a consultation, one to each state that can be on disk and each set of what it carries.
enum Way {
  private static let claim = Consultation.Command.claim(by: Somebody.physician)
  private static let open = Consultation.Command.open(by: Somebody.physician, status: .minor)
  private static let start = Consultation.Command.start(
    by: Somebody.physician, attested: [Somebody.patient, Somebody.mother])
  private static let cancel = Consultation.Command.cancel(by: Somebody.mother)

  static let all: [[Consultation.Command]] =
    [
      [], [claim], [claim, open], [claim, open, start], [claim, open, start, .suspend],
      [claim, open, start, .suspend, .resume], [cancel], [claim, cancel], [claim, open, cancel],
    ] + toEnd

  /// Ended from every state in which that is possible, with every reason.
  private static let toEnd = [
    [claim, end(.conditionsNotMet)], [claim, open, end(.technical)], [claim, open, start, end(.completed)],
    [claim, open, start, .suspend, end(.emergency)], [claim, end(.other)],
  ]

  private static let close = Consultation.Command.close(by: Somebody.mother, why: .confirmed)

  /// Closed or cancelled, from every state in which that is possible.
  static let toFinal = [[cancel], [claim, cancel], [claim, open, cancel]] + toEnd.map { $0 + [close] }

  /// From a request that is assigned to the physician: changes of practitioner, deadlines that passed, documents, closures.
  /// The request is made at the time with which a fixture begins, and everything is a second apart.
  static let inFull: [[Consultation.Command]] = [
    [refuse], [refuse, .assign(by: Somebody.mother, to: Somebody.colleague)], [refuse, .unassign(by: Somebody.mother)],
    [refuse, cancel], [.unassign(by: Somebody.mother)], [claim, .release(by: Somebody.physician)],
    [claim, open, .release(by: Somebody.physician)],
    [.markOverdue(.claim, dueAt: dayLater(0))], [.markOverdue(.claim, dueAt: dayLater(0)), claim],
    [claim, .markOverdue(.start, dueAt: dayLater(1_000))],
    [claim, open, .markOverdue(.start, dueAt: dayLater(1_000)), .unassign(by: Somebody.mother)],
    [claim, open, start, handOver], [claim, open, start, handOver, fetch],
    [claim, open, start, handOver, .withdraw(by: Somebody.physician, document.id), end(.completed)],
    [claim, end(.other), handOver, fetch, close],
    [claim, end(.other), .close(by: Somebody.physician, why: .practitioner)],
    [claim, end(.other), handOver, .close(by: nil, why: .account)],
  ]
  private static let refuse = Consultation.Command.refuse(by: Somebody.physician, .professional)
  private static let handOver = Consultation.Command.handOver(by: Somebody.physician, document)
  private static let fetch = Consultation.Command.fetch(by: Somebody.mother, document.id)
  private static let begin: Int64 = 1_795_399_200_000

  static let document = Document(
    id: DocumentID(high: 4, low: 1), kind: .sickNote, type: .png, size: 1_000,
    commitment: String(repeating: "a", count: 64), handedOverAt: Instant(milliseconds: begin))

  private static func dayLater(_ milliseconds: Int64) -> Rooms.Instant {
    Instant(milliseconds: begin + 86_400_000 + milliseconds)
  }

  static func end(_ reason: Consultation.EndReason) -> Consultation.Command {
    .end(by: Somebody.physician, reason: reason)
  }
}

import Foundation
import GRDB
import MQMSessions
import Rooms

/// A record in a temporary folder of its own, which can be closed and opened again.
final class RecordFixture {
  let folder: URL
  private(set) var store: SQLiteStore
  private var lastKey: UInt64 = 0
  /// 2026-11-23T02:00:00Z
  var now: Int64 = 1_795_399_200_000

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "record-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try SQLiteStore(file: folder.appending(path: "record.sqlite"))
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  var file: URL { folder.appending(path: "record.sqlite") }

  // MARK: The file

  /// As after a restart: another store on the same file, while the old one may never have been closed.
  func reopen() throws { store = try SQLiteStore(file: file) }

  /// A connection of another program, bound by nothing but the schema.
  func raw() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    return try DatabaseQueue(path: file.path, configuration: configuration)
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
    submission(.create(consultation, reason: reason), by: account, key: key)
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

  func load() throws -> [StoredConsultation] { try store.load(overSince: Instant(milliseconds: 0)) }
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

  static let toOver = [[cancel], [claim, cancel], [claim, open, cancel]] + toEnd

  static func end(_ reason: Consultation.EndReason) -> Consultation.Command {
    .end(by: Somebody.physician, reason: reason)
  }
}

public import Foundation
import GRDB
public import Rooms
import Synchronization
import Vault

/// The record in one SQLite file (write-ahead log, flushed to the disk at each commit).
public final class SQLiteStore: Store {
  /// How many consultations of one patient may be under way at the same time.
  public static let consultationsPerPatient = 3
  /// How many a patient may ask for within 24 hours, whatever became of them: each stays on record for ever.
  public static let requestsPerPatientAndDay = 20
  /// How many incidents of a consultation are taken from clients.
  public static let reportsPerConsultation = 200
  /// How many entries of the journal a consultation may have, incidents aside, before what can be repeated is refused.
  public static let changesPerConsultation = 300
  /// How many are written down besides, of what can be seen in its room.
  public static let sightingsPerConsultation = 1_000
  /// How long a mutation's key is remembered.
  public static let keyLifetimeMilliseconds: Int64 = 24 * 3_600_000

  let database: DatabasePool
  let keys: ConsultationKeys
  let log: RecordLog
  let exportWatch = Mutex<(@Sendable () -> Void)?>(nil)
  private let terms: Consultation.Terms
  /// Consultations whose keys go at the next opportunity: closed, cancelled, or never recorded.
  private let doomed = Mutex<Set<ConsultationID>>([])

  /// Opens the file, or makes it, readable by its owner only.
  ///
  /// - Parameters:
  ///   - keys: those under which the record's health data is sealed. Keys of consultations that the record does not have,
  ///     or that are over for good, are destroyed, so that a file has one store at a time.
  ///   - signingKey: the file with the key that signs the record, made if it is not there; by default
  ///     `record-signing.key` beside the record.
  /// - Throws: what SQLite says if the file cannot be opened, written, or is not a database; `RecordSigningKey.Failure`;
  ///   `RecordTampered` if it is not the record that was signed last; `VaultFailure`.
  public init(
    file: URL, keys: ConsultationKeys, terms: Consultation.Terms = Consultation.Terms(), signingKey: URL? = nil
  ) throws {
    let key = try RecordSigningKey(
      makingOrReading: signingKey ?? file.deletingLastPathComponent().appending(path: "record-signing.key"))
    self.keys = keys
    self.terms = terms
    var configuration = Configuration()
    configuration.label = "record"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA secure_delete = ON;
          PRAGMA recursive_triggers = ON;
          """)
    }
    if !FileManager.default.fileExists(atPath: file.path) {
      // Made before SQLite would, so that it is never readable by others; if this fails SQLite says why.
      _ = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    database = try DatabasePool(path: file.path, configuration: configuration)
    // GRDB lowers it to NORMAL for a write-ahead log; with FULL a commit survives a power cut.
    try database.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    try RecordSchema.migrator.migrate(database)
    let now = Int64(Date().timeIntervalSince1970 * 1_000)
    log = try database.write { try RecordLog(key: key, at: now, in: $0) }
    try sealPlainReasons()
    try reconcileKeys()
    // What a process before this one did not come to.
    _ = scrub()
  }

  public func decide(_ submissions: [Submission]) throws -> [Outcome] {
    let created = Set(submissions.compactMap(\.created))
    let made = try created.isEmpty ? [:] : makeKeys(of: created)
    let (outcomes, waits): ([Outcome], Bool)
    do {
      (outcomes, waits) = try database.write { database in
        let outcomes = try submissions.map { try decide($0, keys: made, in: database) }
        return (outcomes, try log.seal(at: submissions.last?.at.milliseconds ?? 0, in: database))
      }
    } catch {
      // If it cannot be read which of them were there before, the next start destroys what is left.
      if let living = try? database.read({ try HealthDataTable.living($0) }) { doom(created.subtracting(living), []) }
      throw error
    }
    if waits { exportWaits() }
    doom(created, outcomes)
    return outcomes
  }

  /// Writes the file's header as it is, with a flush to the disk.
  public func checkIsWritable() throws {
    try database.write { database in
      let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      try database.execute(sql: "PRAGMA user_version = \(version)")
    }
  }

  /// Destroys the keys of what is closed or cancelled, and empties the write-ahead logs, in which what was deleted would
  /// otherwise stand until it is written over (CU-5.2). A reader of the files, such as a backup, can be in the way; nobody
  /// waits for it.
  public func scrub() -> Bool {
    let doomed = doomed.withLock { $0 }
    guard doomed.isEmpty || (try? keys.destroy(doomed)) != nil else { return false }
    self.doomed.withLock { $0.subtract(doomed) }
    let done: Void? = try? database.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
      try database.checkpoint(.truncate)
    }
    return keys.scrub() && done != nil
  }

  /// With one commit, which takes along the keys that are to go.
  private func makeKeys(of created: Set<ConsultationID>) throws -> [ConsultationID: DataKey] {
    let doomed = doomed.withLock { $0.subtracting(created) }
    let made = try keys.make(created, destroying: doomed)
    // Those that failed together are tried again one by one: what is made now is not to go any more.
    self.doomed.withLock { $0.subtract(doomed.union(created)) }
    return made
  }

  private func doom(_ created: Set<ConsultationID>, _ outcomes: [Outcome]) {
    var recorded: Set<ConsultationID> = []
    var final: Set<ConsultationID> = []
    for case .recorded(let consultation) in outcomes {
      recorded.insert(consultation.id)
      if consultation.state.isFinal { final.insert(consultation.id) }
    }
    let gone = created.subtracting(recorded).union(final)
    if !gone.isEmpty { doomed.withLock { $0.formUnion(gone) } }
  }

  public func load(finalSince: Instant) throws -> [StoredConsultation] {
    try stored(
      where: "state NOT IN ('closed', 'cancelled') OR coalesce(closed_at, over_at) >= ?", [finalSince.milliseconds])
  }

  public func consultations(of person: PersonID) throws -> [StoredConsultation] {
    try stored(where: "patient = ?1 OR practitioner = ?1 OR requester = ?1", [person.description])
  }

  private func stored(where condition: String, _ arguments: StatementArguments) throws -> [StoredConsultation] {
    try database.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT consultation.*, sealed FROM consultation LEFT JOIN health_data ON consultation = id
          WHERE \(condition) ORDER BY requested_at, id
          """, arguments: arguments)
      let keys = try keys.keys(of: rows.compactMap { ConsultationID($0["id"] as String) })
      return try rows.map { try stored($0, keys: keys, in: database) }
    }
  }

  // MARK: One submission, inside the transaction

  private func decide(
    _ submission: Submission, keys: [ConsultationID: DataKey], in database: Database
  ) throws -> Outcome {
    let proposal = submission.proposal
    if let repeated = try earlierOutcome(of: submission, in: database) { return repeated }
    switch proposal.change {
    case .create(let consultation, let notes):
      return try create(consultation, notes, under: keys[consultation.id], for: submission, in: database)
    case .transition(let id, let command):
      return try move(id, command, for: submission, in: database)
    case .clockStepped(let step):
      try Self.stepClocks(byMilliseconds: step, in: database)
      try write(submission, about: nil, details: "{\"by_ms\":\(step)}", in: database)
      return .noted
    case .incident(let id, let incident):
      return try note(incident, in: id, for: submission, in: database)
    }
  }

  /// What the same key brought before, within its lifetime.
  private func earlierOutcome(of submission: Submission, in database: Database) throws -> Outcome? {
    let proposal = submission.proposal
    guard case .request(_, let account, let key) = proposal.origin else { return nil }
    let statement = try database.cachedStatement(
      sql: "SELECT event, consultation FROM mutation WHERE account = ? AND key = ? AND at >= ?")
    let since = submission.at.milliseconds - Self.keyLifetimeMilliseconds
    let arguments: StatementArguments = [account.description, key.description, since]
    guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
    guard row[0] == proposal.change.journalName, let id = ConsultationID(row[1] as String) else {
      return .refused(.keyReused)
    }
    switch proposal.change {
    case .transition(let meant, _): return meant == id ? .repeated(id) : .refused(.keyReused)
    case .create(let wanted, let notes):
      return try isSameWish(wanted, reason: notes.reason, as: id, in: database) ? .repeated(id) : .refused(.keyReused)
    case .clockStepped, .incident: return nil
    }
  }

  /// Whether a request says what the recorded one said, as far as that is still known: the reason may be gone (CU-5.2)
  /// or unreadable.
  private func isSameWish(
    _ wanted: Consultation, reason: String, as id: ConsultationID, in database: Database
  ) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "SELECT patient = ? AND assigned IS ? AND payment = ? FROM consultation WHERE id = ?")
    let arguments: StatementArguments = [
      wanted.patient.description, wanted.assignedPhysician?.description, wanted.payment.rawValue, id.description,
    ]
    guard try Bool.fetchOne(statement, arguments: arguments) == true else { return false }
    guard let sealed = try HealthDataTable.find(database, id), let key = try keys.keys(of: [id])[id],
      let recorded = try ifReadable({ try sealed.open(with: key).reason })
    else { return true }
    return recorded == reason
  }

  private func create(
    _ consultation: Consultation, _ notes: HealthNotes, under key: DataKey?, for submission: Submission,
    in database: Database
  ) throws -> Outcome {
    let underWay = try database.cachedStatement(
      sql: "SELECT count(*) FROM consultation WHERE patient = ? AND over_at IS NULL")
    let count = try Int.fetchOne(underWay, arguments: [consultation.patient.description]) ?? 0
    guard count < Self.consultationsPerPatient else { return .refused(.tooManyRequests) }
    let recent = try database.cachedStatement(
      sql: "SELECT count(*) FROM consultation WHERE patient = ? AND requested_at > ?")
    let dayAgo = submission.at.milliseconds - 24 * 3_600_000
    let today = try Int.fetchOne(recent, arguments: [consultation.patient.description, dayAgo]) ?? 0
    guard today < Self.requestsPerPatientAndDay else { return .refused(.tooManyRequests) }
    try ConsultationRow(consultation).insert(database)
    guard let key else { throw VaultFailure.noKey(why: "a consultation has no data key") }
    try HealthDataTable.insert(database, consultation.id, try SealedNotes(notes, under: key))
    try write(submission, about: consultation.id, details: consultation.requestDetails, in: database)
    return .recorded(consultation)
  }

  private func move(
    _ id: ConsultationID, _ command: Consultation.Command, for submission: Submission, in database: Database
  ) throws -> Outcome {
    let statement = try database.cachedStatement(sql: "SELECT * FROM consultation WHERE id = ?")
    guard let row = try ConsultationRow.fetchOne(statement, arguments: [id.description]) else {
      return .refused(.unknownConsultation)
    }
    let before = try row.consultation(documents: try DocumentRow.documents(of: row.id, in: database))
    var consultation = before
    do {
      try consultation.apply(command, at: submission.at, under: terms)
    } catch let refusal {
      return .refused(refusal)
    }
    // What follows from an account is not a matter of choice.
    let isWished = if case .account = submission.proposal.origin { false } else { true }
    if isWished, command.isRepeatable, try isFull(id, in: database) { return .refused(.tooManyChanges) }
    try ConsultationRow(consultation).update(database)
    try DocumentRow.write(before.documents, consultation.documents, of: id, in: database)
    let details = command.journalDetails(submission.proposal.origin, consultation)
    try write(submission, about: id, details: details, in: database)
    return .recorded(consultation)
  }

  /// Whether the consultation has as many entries as what can be repeated may make, so that nobody fills the record, nor
  /// makes a bundle too large to be checked.
  private func isFull(_ id: ConsultationID, in database: Database) throws -> Bool {
    let count = try database.cachedStatement(
      sql: "SELECT count(*) FROM journal WHERE consultation = ? AND event <> 'incident'")
    return try Int.fetchOne(count, arguments: [id.description]) ?? 0 >= Self.changesPerConsultation
  }

  /// Writes an incident down while the consultation is not over for good, up to the bounds.
  private func note(
    _ incident: Incident, in id: ConsultationID, for submission: Submission, in database: Database
  ) throws -> Outcome {
    let find = try database.cachedStatement(sql: "SELECT state FROM consultation WHERE id = ?")
    switch try String.fetchOne(find, arguments: [id.description]) {
    case nil: return .refused(.unknownConsultation)
    case "closed": return .refused(.consultationClosed)
    case "cancelled": return .refused(.consultationCancelled)
    default: break
    }
    let isReported = submission.proposal.actor != nil
    let count = try database.cachedStatement(
      sql: "SELECT count(*) FROM journal WHERE consultation = ? AND event = 'incident' AND (actor IS NOT NULL) = ?")
    let earlier = try Int.fetchOne(count, arguments: [id.description, isReported]) ?? 0
    guard earlier < (isReported ? Self.reportsPerConsultation : Self.sightingsPerConsultation) else {
      return .refused(.tooManyIncidents)
    }
    try write(submission, about: id, details: incident.journalDetails(at: submission.at), in: database)
    return .noted
  }

  /// As `Consultation.stepClocks(byMilliseconds:)` does for each of them.
  private static func stepClocks(byMilliseconds step: Int64, in database: Database) throws {
    try database.execute(
      sql: """
        UPDATE consultation SET
          claim_due_at = iif(claim_overdue_at IS NULL, claim_due_at + :step, claim_due_at),
          start_due_at = iif(start_overdue_at IS NULL, start_due_at + :step, start_due_at),
          close_due_at = close_due_at + :step
        WHERE state NOT IN ('closed', 'cancelled')
        """, arguments: ["step": step])
  }

  /// The journal's line, and the key's.
  private func write(
    _ submission: Submission, about id: ConsultationID?, details: String, in database: Database
  ) throws {
    let event = submission.proposal.change.journalName
    let at = submission.at.milliseconds
    try log.append(
      RecordedEvent(
        consultation: id, event: event, actor: submission.proposal.actor, at: submission.at, details: details),
      in: database)
    guard case .request(_, let account, let key) = submission.proposal.origin, let id else { return }
    try database.cachedStatement(sql: "DELETE FROM mutation WHERE at < ?")
      .execute(arguments: [at - Self.keyLifetimeMilliseconds])
    try database.cachedStatement(
      sql: "INSERT INTO mutation (account, key, event, consultation, at) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [account.description, key.description, event, id.description, at])
  }
}

extension Submission {
  /// The consultation that it would begin.
  fileprivate var created: ConsultationID? {
    if case .create(let consultation, _) = proposal.change { consultation.id } else { nil }
  }
}

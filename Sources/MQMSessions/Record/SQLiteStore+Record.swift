public import Foundation
import GRDB
public import Rooms
import Synchronization

/// What the record says of itself: see docs/record.md.
extension SQLiteStore {
  /// 32 bytes: with it anybody can check what the record has signed.
  public var publicKey: Data? { log.key.publicKey }

  /// Signs and keeps a head if there are entries that the last one does not cover.
  ///
  /// - Returns: whether one was kept.
  @discardableResult
  public func keepHead(at: Instant) throws -> Bool {
    let waits = try database.write { try log.seal(at: at.milliseconds, keepingHead: true, in: $0) }
    if waits { exportWaits() }
    return waits
  }

  /// Notes that accounts were erased, so that who restores a backup is told (CU-12.1); each is noted once.
  public func noteErasures(_ erasures: [(account: PersonID, at: Instant)]) throws {
    let waits = try database.write { database in
      let statement = try database.cachedStatement(sql: Self.erasureOnRecord)
      for (account, at) in erasures where try Bool.fetchOne(statement, arguments: [account.description]) == nil {
        try log.append(.erasure(of: account, at: at), in: database)
      }
      return try log.seal(at: erasures.last?.at.milliseconds ?? 0, in: database)
    }
    if waits { exportWaits() }
  }

  /// By an index: at each start it is asked for every account that was ever erased.
  static let erasureOnRecord = """
    SELECT 1 FROM journal WHERE consultation IS NULL AND event = '\(RecordedEvent.accountErased)'
      AND details ->> '$.account' = ?
    """

  // MARK: Reading

  public func pastConsultations(
    of patients: Set<PersonID>, practitioner: PersonID, before: PastPlace?, limit: Int
  ) throws -> [Consultation] {
    try database.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT \(ConsultationRow.columns) FROM consultation
          WHERE over_at IS NOT NULL AND (patient IN (\(databaseQuestionMarks(count: patients.count))) OR practitioner = ?)
            AND (requested_at, id) < (?, ?)
          ORDER BY requested_at DESC, id DESC LIMIT ?
          """,
        arguments: StatementArguments(patients.map(\.description))
          // Below all ids is the empty text.
          + [practitioner.description, before?.requestedAt.milliseconds ?? .max, before?.id?.description ?? "", limit])
      return try rows.map { try ConsultationRow(columns: $0).consultation(documents: []) }
    }
  }

  /// A consultation's entries, oldest first; none if there is no such consultation.
  public func entries(of consultation: ConsultationID) throws -> [RecordEntry] {
    try database.read { try Self.texts(of: consultation, in: $0).map(Self.entry) }
  }

  /// All that proves what happened in a consultation; nil if there is no such consultation.
  public func bundle(of consultation: ConsultationID) throws -> RecordBundle? {
    try database.read { try RecordBundle(of: consultation, in: $0) }
  }

  static func texts(of consultation: ConsultationID, in database: Database) throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT entry FROM journal WHERE consultation = ? ORDER BY seq",
      arguments: [consultation.description])
  }

  private static func entry(_ text: String) throws -> RecordEntry {
    guard let entry = RecordEntry(text) else { throw RecordTampered(why: "an entry cannot be read") }
    return entry
  }

  // MARK: Export

  /// Is told whenever something has come that waits to be exported; from any thread.
  func whenExportWaits(_ tell: @escaping @Sendable () -> Void) { exportWatch.withLock { $0 = tell } }

  func exportWaits() { exportWatch.withLock { $0 }?() }

  /// What a target has not had yet, oldest first: lines without their ends.
  func waitingExports(for target: String, limit: Int) throws -> [ExportRow] {
    try database.read { try ExportRow.waiting(for: target, limit: limit, in: $0) }
  }

  /// The head that was kept under that number.
  func keptHead(_ number: Int) throws -> SignedHead? {
    try database.read { try HeadRow.kept(number, in: $0) }
  }

  func setTimestamp(_ token: Data, of number: Int) throws {
    try database.write { try HeadRow.setTimestamp(token, of: number, in: $0) }
  }

  /// Notes that a target has everything up to there.
  func exported(_ sequence: Int64, to target: String, of targets: [String]) throws {
    try database.write { try ExportRow.done(sequence, target: target, of: targets, in: $0) }
  }
}

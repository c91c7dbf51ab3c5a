import Foundation
internal import GRDB

/// Who was asked to represent whom.
enum InvitationTable {
  private static let select = """
    SELECT id, patient, invited_by, email, relation, state, created_at, expires_at FROM invitation
    """

  static func insert(_ db: Database, _ record: InvitationRecord, token: SessionToken) throws {
    try db.execute(
      sql: """
        INSERT INTO invitation (id, token_digest, patient, invited_by, email, relation, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        record.id, token.digest, record.patient.uuid, record.invitedBy?.uuid, record.email, record.relation.rawValue,
        record.createdAt, record.expiresAt,
      ])
  }

  static func find(_ db: Database, id: UUID) throws -> InvitationRecord? {
    try records(db, "id = ?", [id]).first
  }

  static func find(_ db: Database, token: SessionToken) throws -> InvitationRecord? {
    try records(db, "token_digest = ?", [token.digest]).first
  }

  /// Those that nobody answered for a patient, oldest first.
  static func open(_ db: Database, of patient: AccountID, now: Int64) throws -> [Invitation] {
    try records(
      db, "patient = ? AND state = 'open' AND expires_at > ? ORDER BY created_at, id", [patient.uuid, now]
    ).map(\.invitation)
  }

  /// Those that wait for the answer of an address, oldest first.
  static func open(_ db: Database, for email: String, now: Int64) throws -> [InvitationRecord] {
    try records(db, "email = ? AND state = 'open' AND expires_at > ? ORDER BY created_at, id", [email, now])
  }

  /// Those that an account sent, or that concern it as the patient, oldest first.
  static func about(_ db: Database, _ account: AccountID) throws -> [InvitationRecord] {
    try records(db, "invited_by = ?1 OR patient = ?1 ORDER BY created_at, id", [account.uuid])
  }

  /// All that went to an address, oldest first.
  static func sent(_ db: Database, to email: String) throws -> [InvitationRecord] {
    try records(db, "email = ? ORDER BY created_at, id", [email])
  }

  static func setState(_ db: Database, _ id: UUID, _ state: InvitationRecord.State) throws {
    try db.execute(sql: "UPDATE invitation SET state = ? WHERE id = ?", arguments: [state.rawValue, id])
  }

  /// Takes back the open ones that an account sent, as it may not speak for the patient any more.
  ///
  /// - Parameter patient: nil for all patients.
  static func revoke(
    _ db: Database, sentBy account: AccountID, for patient: AccountID? = nil, by actor: AuditEntry.Actor, now: Int64
  ) throws {
    let statement = try db.cachedStatement(
      sql: """
        UPDATE invitation SET state = 'revoked'
        WHERE state = 'open' AND invited_by = :account AND (:patient IS NULL OR patient = :patient) RETURNING patient
        """)
    let arguments: StatementArguments = ["account": account.uuid, "patient": patient?.uuid]
    for patient in try UUID.fetchAll(statement, arguments: arguments) {
      try AuditTable.append(db, at: now, by: actor, .invitationRevoked, AccountID(patient))
    }
  }

  /// Forgets those that expired by a time, whatever became of them.
  static func deleteExpired(_ db: Database, by time: Int64) throws {
    try db.execute(sql: "DELETE FROM invitation WHERE expires_at <= ?", arguments: [time])
  }

  /// For how many milliseconds an account may not invite anybody, having invited so many; 0 if it may. Counted in the
  /// audit, as invitations go with their patients.
  static func wait(_ db: Database, for account: AccountID, now: Int64) throws -> Int64 {
    let statement = try db.cachedStatement(
      sql: """
        SELECT at FROM audit WHERE actor = ? AND action = 'guardian_invited' AND at > ? ORDER BY at DESC
        LIMIT 1 OFFSET ?
        """)
    let arguments: StatementArguments = [
      account.description, now - InvitationRecord.throttlePeriod, InvitationRecord.maximumSent - 1,
    ]
    guard let first = try Int64.fetchOne(statement, arguments: arguments) else { return 0 }
    return max(1, first + InvitationRecord.throttlePeriod - now)
  }

  private static func records(
    _ db: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [InvitationRecord] {
    let statement = try db.cachedStatement(sql: "\(select) WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map { row in
      let invitedBy: UUID? = row["invited_by"]
      return InvitationRecord(
        id: row["id"], patient: AccountID(row["patient"] as UUID), invitedBy: invitedBy.map { AccountID($0) },
        email: row["email"], relation: try TextTable.stored(row["relation"]),
        state: try TextTable.stored(row["state"]), createdAt: row["created_at"], expiresAt: row["expires_at"])
    }
  }
}

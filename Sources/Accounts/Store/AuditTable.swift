import Foundation
internal import GRDB

/// The append-only record of what was done to accounts.
enum AuditTable {
  static func append(
    _ db: Database, at now: Int64, by actor: AuditEntry.Actor, _ action: AuditEntry.Action, _ subject: AccountID,
    other: AccountID? = nil, ground: Ground? = nil
  ) throws {
    try db.cachedStatement(
      sql: "INSERT INTO audit (at, actor, action, subject, other, ground) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [now, actor.description, action.rawValue, subject.uuid, other?.uuid, ground?.text])
  }

  static func read(_ db: Database, after id: Int64, limit: Int) throws -> [AuditEntry] {
    let statement = try db.cachedStatement(
      sql: "SELECT id, at, actor, action, subject, other, ground FROM audit WHERE id > ? ORDER BY id LIMIT ?")
    return try Row.fetchAll(statement, arguments: [id, limit]).map(entry)
  }

  /// Only entries of certain actions.
  static func read(
    _ db: Database, after id: Int64, only actions: Set<AuditEntry.Action>, limit: Int
  ) throws -> [AuditEntry] {
    let marks = databaseQuestionMarks(count: actions.count)
    var arguments: StatementArguments = [id]
    arguments += StatementArguments(actions.map(\.rawValue).sorted())
    arguments += [limit]
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, at, actor, action, subject, other, ground FROM audit WHERE id > ? AND action IN (\(marks))
        ORDER BY id LIMIT ?
        """)
    return try Row.fetchAll(statement, arguments: arguments).map(entry)
  }

  /// All that was done to an account, or that another's entry names it in.
  static func read(_ db: Database, about account: AccountID) throws -> [AuditEntry] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, at, actor, action, subject, other, ground FROM audit WHERE subject = ?1 OR other = ?1 ORDER BY id
        """)
    return try Row.fetchAll(statement, arguments: [account.uuid]).map(entry)
  }

  private static func entry(_ row: Row) throws -> AuditEntry {
    guard let actor = AuditEntry.Actor(row["actor"] as String),
      let action = AuditEntry.Action(rawValue: row["action"])
    else { throw AccountRefusal.unavailable(why: "the audit holds an entry that this version does not know") }
    let other: UUID? = row["other"]
    return AuditEntry(
      id: row["id"], at: row["at"], actor: actor, action: action, subject: AccountID(row["subject"] as UUID),
      other: other.map { AccountID($0) }, ground: row["ground"])
  }

  /// The id of the last entry; 0 if there is none.
  static func last(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT max(id) FROM audit") ?? 0
  }
}

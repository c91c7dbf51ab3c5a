import Foundation
internal import GRDB

/// What operators see: numbers and accounts, never health data (CU-5.2).
enum OperatorTable {
  static func counts(_ db: Database, now: Int64) throws -> AccountCounts {
    var counts = AccountCounts()
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT (SELECT count(*) FROM account) AS accounts,
          (SELECT count(*) FROM account WHERE suspended_at IS NOT NULL) AS closed,
          (SELECT count(*) FROM registration WHERE expires_at > :now) AS registrations,
          (SELECT count(*) FROM invitation WHERE state = 'open' AND expires_at > :now) AS invitations,
          (SELECT count(*) FROM mail) AS mail,
          (SELECT count(*) FROM role WHERE role = 'patient') AS patients,
          (SELECT count(*) FROM role WHERE role = 'guardian') AS guardians,
          (SELECT count(*) FROM role WHERE role = 'operator') AS operators
        """, arguments: ["now": now])
    guard let row else { return counts }
    counts.accounts = row["accounts"]
    counts.closed = row["closed"]
    counts.registrationsOpen = row["registrations"]
    counts.invitationsOpen = row["invitations"]
    counts.mailWaiting = row["mail"]
    counts.patients = row["patients"]
    counts.guardians = row["guardians"]
    counts.operators = row["operators"]
    counts.practitioners = Dictionary(uniqueKeysWithValues: Verification.allCases.map { ($0, 0) })
    let states = try Row.fetchAll(
      db, sql: "SELECT verification, count(*) AS number FROM practitioner GROUP BY verification")
    for state in states { counts.practitioners[try TextTable.stored(state["verification"])] = state["number"] }
    return counts
  }

  static func account(_ db: Database, email: EmailAddress) throws -> OperatorAccount? {
    guard let profile = try ProfileTable.find(db, email: email) else { return nil }
    let statement = try db.cachedStatement(
      sql: """
        SELECT created_at, suspended_at, suspended_ground,
          EXISTS (SELECT 1 FROM second_factor WHERE account = id AND confirmed_at IS NOT NULL) AS second_factor
        FROM account WHERE id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [profile.id.uuid]) else { return nil }
    var closing: OperatorAccount.Closing?
    if let at: Int64 = row["suspended_at"] { closing = .init(at: at, ground: row["suspended_ground"]) }
    return OperatorAccount(
      profile: profile, createdAt: row["created_at"], closing: closing, hasSecondFactor: row["second_factor"])
  }
}

import Foundation
internal import GRDB

/// Practitioners: who can be chosen, who applied, and what was decided (CU-6.7).
enum PractitionerTable {
  /// Verified ones, in the order of the name that begins like this: the given name with the family name, or the family
  /// name with the given name.
  ///
  /// - Parameter start: folded.
  static func search(_ db: Database, start: String, limit: Int) throws -> [Profile] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT n.account FROM practitioner_name n
        CROSS JOIN practitioner d ON d.account = n.account CROSS JOIN account a ON a.id = n.account
        WHERE n.name >= :start AND n.name < :start || char(0x10FFFF)
          AND d.verification = 'verified' AND a.suspended_at IS NULL
        ORDER BY n.name, n.account
        """)
    let ids = try UUID.fetchCursor(statement, arguments: ["start": start])
    var found: [AccountID] = []
    while found.count < limit, let id = try ids.next().map({ AccountID($0) }) {
      if !found.contains(id) { found.append(id) }
    }
    return try found.map { try ProfileTable.require(db, $0) }
  }

  /// Notes under which names somebody is found, if they are a practitioner: after each change of names.
  static func noteNames(_ db: Database, of account: AccountID) throws {
    try db.cachedStatement(sql: "DELETE FROM practitioner_name WHERE account = ?").execute(arguments: [account.uuid])
    let statement = try db.cachedStatement(
      sql: """
        SELECT given_name, family_name FROM account WHERE id IN (SELECT account FROM practitioner WHERE account = ?)
        """)
    guard let row = try Row.fetchOne(statement, arguments: [account.uuid]) else { return }
    let given = FoldedName(row["given_name"]).text
    let family = FoldedName(row["family_name"]).text
    for name in ["\(given) \(family)", "\(family) \(given)"] {
      try db.cachedStatement(sql: "INSERT INTO practitioner_name (name, account) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .execute(arguments: [name, account.uuid])
    }
  }

  /// Stores an application, or what is corrected of one.
  ///
  /// - Parameter isPending: whether an operator has to decide (again).
  static func store(
    _ db: Database, _ practitioner: NewAccount.Practitioner, of account: AccountID, isPending: Bool, now: Int64
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO practitioner (account, rpps, specialty, sector, verification, verification_at)
        VALUES (:account, :rpps, :specialty, :sector, 'pending', :now)
        ON CONFLICT (account) DO UPDATE SET rpps = :rpps, specialty = :specialty, sector = :sector,
          verification = iif(:pending, 'pending', verification),
          verification_ground = iif(:pending, NULL, verification_ground),
          verification_at = iif(:pending, :now, verification_at)
        """,
      arguments: [
        "account": account.uuid, "rpps": practitioner.rpps.digits, "specialty": practitioner.specialty.text,
        "sector": practitioner.sector.rawValue, "pending": isPending, "now": now,
      ])
    try noteNames(db, of: account)
  }

  /// Has an operator decide anew about somebody who was verified under another name.
  ///
  /// - Returns: false, with nothing changed, if they are not verified.
  static func reopen(_ db: Database, _ account: AccountID, now: Int64) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE practitioner SET verification = 'pending', verification_ground = NULL, verification_at = ?
        WHERE account = ? AND verification = 'verified'
        """
    ).execute(arguments: [now, account.uuid])
    return db.changesCount == 1
  }

  /// One page, in the order of ids.
  static func page(
    _ db: Database, _ verification: Verification?, after: AccountID?, limit: Int
  ) throws -> [PractitionerEntry] {
    try Row.fetchAll(
      db,
      sql: """
        \(entry)
        WHERE (:after IS NULL OR d.account > :after) AND (:verification IS NULL OR d.verification = :verification)
        ORDER BY d.account LIMIT :limit
        """, arguments: ["after": after?.uuid, "verification": verification?.rawValue, "limit": limit]
    ).map { try practitioner(db, $0) }
  }

  static func find(_ db: Database, _ account: AccountID) throws -> PractitionerEntry? {
    let statement = try db.cachedStatement(sql: "\(entry) WHERE d.account = ?")
    return try Row.fetchOne(statement, arguments: [account.uuid]).map { try practitioner(db, $0) }
  }

  /// When somebody applied is in the audit, or when the account was made.
  private static let entry = """
    SELECT d.account, d.verification_ground, d.verification_at, coalesce(
      (SELECT max(at) FROM audit WHERE subject = d.account AND action = 'practitioner_pending'),
      a.created_at) AS applied_at
    FROM practitioner d JOIN account a ON a.id = d.account
    """

  private static func practitioner(_ db: Database, _ row: Row) throws -> PractitionerEntry {
    PractitionerEntry(
      profile: try ProfileTable.require(db, AccountID(row["account"] as UUID)), ground: row["verification_ground"],
      decidedAt: row["verification_at"], appliedAt: row["applied_at"])
  }
}

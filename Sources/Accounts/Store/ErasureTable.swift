internal import GRDB
import Mail

/// Destroying all that is held about a person, but for the pseudonymous ids in the audit (CU-12.1).
enum ErasureTable {
  /// Whether there is no other operator who can sign in, which takes a second factor.
  static func isLastOperator(_ db: Database, _ account: AccountID) throws -> Bool {
    guard try ProfileTable.require(db, account).roles.contains(.operator) else { return false }
    let others = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM role JOIN account a ON a.id = role.account
          JOIN second_factor f ON f.account = a.id AND f.confirmed_at IS NOT NULL
          WHERE role = 'operator' AND role.account <> ? AND a.suspended_at IS NULL)
        """, arguments: [account.uuid])
    return others != true
  }

  /// - Returns: who was erased.
  /// - Throws: ``AccountRefusal/lastOperator``, ``AccountRefusal/unknownAccount``.
  static func eraseWithOrphans(
    _ db: Database, _ account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) throws -> Set<AccountID> {
    guard try !isLastOperator(db, account) else { throw AccountRefusal.lastOperator }
    let erased = try [account] + FamilyTable.orphans(db, of: account)
    for id in erased {
      // Who follows the audit learns from it whose place beside whom is gone.
      for row in try FamilyTable.guardianships(db, by: id) + FamilyTable.guardianships(db, of: id) {
        try AuditTable.append(db, at: now, by: actor, .guardianUnlinked, row.patient, other: row.guardian)
      }
      try InvitationTable.revoke(db, sentBy: id, by: actor, now: now)
      let left = try FamilyTable.guardianships(db, of: id).map(\.guardian).filter { !erased.contains($0) }
      try erase(db, id)
      // Who erased knows. Nothing of the erased, not even the name, waits in the queue.
      for guardian in left where actor != .account(guardian) {
        try MailTable.append(db, to: guardian, .guardianshipEnded(patient: nil), now: now)
      }
      try AuditTable.append(db, at: now, by: actor, .accountErased, id)
    }
    return Set(erased)
  }

  /// Erases those of the accounts that are there, and nobody else, without a letter to anybody: it was all done before.
  ///
  /// - Returns: how many there were.
  static func eraseAgain(_ db: Database, _ accounts: Set<AccountID>, now: Int64) throws -> Int {
    var count = 0
    for account in accounts where try ProfileTable.find(db, account) != nil {
      try erase(db, account)
      try AuditTable.append(db, at: now, by: .system, .accountErased, account)
      count += 1
    }
    return count
  }

  /// Everything that hangs on the account goes with its row; what only knows the e-mail address goes before. A new
  /// address that was not confirmed may be anybody's, and so may be what waits for it.
  private static func erase(_ db: Database, _ account: AccountID) throws {
    let id: StatementArguments = [account.uuid]
    for (table, column) in [
      ("mail", "recipient"), ("registration", "email"), ("invitation", "email"), ("link", "email"),
    ] {
      try db.cachedStatement(
        sql: "DELETE FROM \(table) WHERE \(column) = (SELECT email FROM credential WHERE account = ?)"
      ).execute(arguments: id)
    }
    try db.cachedStatement(sql: "DELETE FROM account WHERE id = ?").execute(arguments: id)
    guard db.changesCount == 1 else { throw AccountRefusal.unknownAccount }
  }
}

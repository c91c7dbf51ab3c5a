internal import GRDB

/// What a person sees and corrects of their account (CU-11).
extension AccountStore {
  /// - Parameter now: an address that waits longer than its link is good for is left out.
  /// - Returns: nil if there is no such account.
  public func details(of account: AccountID, now: Int64 = 0) async throws(AccountRefusal) -> AccountDetails? {
    try await database.read { db in try DetailsTable.details(db, of: account, now: now) }
  }

  /// Corrects one's own account. Protection goes up from none only, and a minor stays a minor.
  ///
  /// - Throws: ``AccountRefusal/forbidden`` for lowering the protection, which only an operator does;
  ///   ``AccountRefusal/hasGuardians``, ``AccountRefusal/invalid(field:why:)``, ``AccountRefusal/unknownAccount``.
  public func correct(_ account: AccountID, _ correction: Correction, now: Int64) async throws(AccountRefusal) {
    let row = CorrectionRow(account: account, correction: correction, actor: account, now: now)
    try await database.write { db in try row.store(db) }
  }
}

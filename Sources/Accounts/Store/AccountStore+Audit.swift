extension AccountStore {
  /// What was done to accounts since an entry, in order. Through it a running broker hears of what an operator did from
  /// the command line, which is another process. It is cheap enough to ask for every half second: when nothing was done,
  /// this reads one page of the database.
  ///
  /// - Parameters:
  ///   - after: the id of the last entry that is known; 0 for all.
  ///   - limit: 1...1000.
  public func audit(after id: Int64 = 0, limit: Int = 1000) async throws(AccountRefusal) -> [AuditEntry] {
    let limit = min(max(limit, 1), 1000)
    return try await database.read { db in try AuditTable.read(db, after: id, limit: limit) }
  }

  /// As ``audit(after:limit:)``, but only entries of certain actions, however many others are in between.
  public func audit(
    after id: Int64, only actions: Set<AuditEntry.Action>, limit: Int = 1000
  ) async throws(AccountRefusal) -> [AuditEntry] {
    let limit = min(max(limit, 1), 1000)
    return try await database.read { db in try AuditTable.read(db, after: id, only: actions, limit: limit) }
  }

  /// The id of the last entry, from which on to listen; 0 if there is none.
  public func lastAuditID() async throws(AccountRefusal) -> Int64 {
    try await database.read { db in try AuditTable.last(db) }
  }
}

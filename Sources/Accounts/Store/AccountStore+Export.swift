internal import GRDB

extension AccountStore {
  /// Everything that the accounts hold about a person (CU-11), as it was at one moment.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount``.
  public func export(of account: AccountID, now: Int64) async throws(AccountRefusal) -> PersonExport {
    try await database.read { [keyring] db in
      try ExportTable(db: db, profile: ProfileTable.require(db, account), keyring: keyring).export(now: now)
    }
  }
}

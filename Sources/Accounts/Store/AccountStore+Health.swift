internal import GRDB

/// What patients chose to say of their health (CU-1).
extension AccountStore {
  /// Reads it as the patient or somebody who represents them on the day; nil if nothing was entered.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` for anybody else.
  public func healthFile(of patient: AccountID, for account: AccountID, now: Int64) async throws(AccountRefusal) -> (
    file: HealthFile, updatedAt: Int64
  )? {
    try await database.read { [keyring] db in
      guard try FamilyTable.maySee(db, patient, account, now: now) else { throw AccountRefusal.unknownAccount }
      return try HealthTable.find(db, of: patient, keyring)
    }
  }

  /// Reads it for the copy that goes with a request, whose right the caller has checked; nil if nothing was entered.
  public func healthFile(of patient: AccountID) async throws(AccountRefusal) -> (file: HealthFile, updatedAt: Int64)? {
    try await database.read { [keyring] db in try HealthTable.find(db, of: patient, keyring) }
  }

  /// Replaces it, as the patient or somebody who represents them on the day.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` for anybody else.
  public func setHealthFile(
    _ file: HealthFile, of patient: AccountID, by account: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { [keyring] db in
      guard try FamilyTable.maySee(db, patient, account, now: now) else { throw AccountRefusal.unknownAccount }
      try HealthTable.set(db, file, of: patient, keyring, now: now)
      try AuditTable.append(db, at: now, by: .account(account), .healthFileChanged, patient)
    }
  }
}

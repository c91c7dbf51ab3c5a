internal import GRDB

/// Erasing accounts (CU-12.1).
extension AccountStore {
  /// What would become of the patients whom an account represents.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount``.
  public func erasurePreview(of account: AccountID) async throws(AccountRefusal) -> ErasurePreview {
    try await database.read { db in
      _ = try ProfileTable.require(db, account)
      let erased = try FamilyTable.orphans(db, of: account)
      let left = try FamilyTable.guardianships(db, by: account).map(\.patient).filter { !erased.contains($0) }
      return ErasurePreview(
        patientsErased: try erased.map { try ProfileTable.require(db, $0) },
        patientsLeft: try left.map { try ProfileTable.require(db, $0) })
    }
  }

  /// Destroys all that is held about a person: keys, health file, sessions, second factor, consents, guardianships, what
  /// waits for or went to the e-mail address, and letters that name them; and all of the patients without a sign-in of
  /// their own whom nobody else represents. Their ids stay in the audit. ``scrub()`` takes the remains out of the file.
  ///
  /// - Returns: who was erased.
  /// - Throws: ``AccountRefusal/lastOperator``, ``AccountRefusal/unknownAccount``.
  public func erase(
    _ account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> Set<AccountID> {
    try await database.write { db in try ErasureTable.eraseWithOrphans(db, account, by: actor, now: now) }
  }

  /// Takes what was erased out of the files: out of the corners of pages, where SQLite leaves copies of rows that it
  /// moved, by writing the whole database anew if anybody was erased since the last time, and out of the write-ahead
  /// log. To be called soon after an erasure, and once after the start.
  ///
  /// - Returns: false if somebody is reading; to be tried again in a second or so.
  public func scrub() async throws(AccountRefusal) -> Bool {
    try await database.scrub()
  }
}

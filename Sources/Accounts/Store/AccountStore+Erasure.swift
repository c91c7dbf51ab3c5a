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
  /// - Parameters:
  ///   - person: whose session it is, or a patient for whom they act as for themself.
  ///   - password: of whose session it is.
  ///   - code: needed where a second factor is in force.
  /// - Returns: who was erased.
  /// - Throws: ``AccountRefusal/wrongCredentials`` (also if the session ended, or the password changed, meanwhile),
  ///   ``AccountRefusal/secondFactorRequired``, ``AccountRefusal/wrongCode``,
  ///   ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/busy(afterMilliseconds:)``,
  ///   ``AccountRefusal/unknownAccount`` for a patient whom they do not represent, ``AccountRefusal/forbidden`` for one
  ///   with a sign-in of their own, ``AccountRefusal/lastOperator``.
  public func erase(
    _ person: AccountID, by session: Session, password: String, code: String?, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> Set<AccountID> {
    let account = session.account
    return try await verify(session, password: password, code: code, address: address, now: now) { db in
      if try person != account && !FamilyTable.mayErase(db, person, account) {
        let isKnown = try FamilyTable.maySee(db, person, account, now: now)
        throw isKnown ? AccountRefusal.forbidden : AccountRefusal.unknownAccount
      }
      return try ErasureTable.eraseWithOrphans(db, person, by: .account(account), now: now)
    }
  }

  /// Erases those who were erased after a backup was made, when it is restored. ``scrub()`` takes the remains out.
  ///
  /// - Returns: how many of them were there.
  public func eraseAgain(_ accounts: Set<AccountID>, now: Int64) async throws(AccountRefusal) -> Int {
    try await database.write { db in try ErasureTable.eraseAgain(db, accounts, now: now) }
  }

  /// Takes what was erased out of the files: out of the corners of pages, where SQLite leaves copies of rows that it
  /// moved, by writing the whole database anew if anybody was erased since the last time, and out of the write-ahead
  /// log. To be called soon after an erasure, and once after the start.
  ///
  /// - Parameter instant: the database is written anew 20 seconds after the last time at the earliest.
  /// - Returns: false if it is too early for that, or somebody is reading; to be tried again in a second or so.
  public func scrub(at instant: ContinuousClock.Instant = .now) async throws(AccountRefusal) -> Bool {
    try await database.scrub(at: instant)
  }
}

import Mail

/// What goes by itself when its time is over.
extension AccountStore {
  /// Erases accounts that were not used for 24 months, and writes to their owners and those who represent them 30 days
  /// before (CU-4.4). Who was not written to 30 days ago or earlier is not erased, however long the broker was off: the
  /// letter counts once it is delivered, or given up after all tries. To be called once an hour or so.
  ///
  /// A patient is used when a guardian is; one without a sign-in of their own goes with the last of them. The last
  /// operator's account stays, and so do accounts that an operator closed (CU-12.2).
  ///
  /// - Parameter busy: who has a consultation that is not over: they stay, and so does who would take them along.
  /// - Returns: how many accounts were erased.
  public func closeUnusedAccounts(
    except busy: Set<AccountID> = [], now: Int64
  ) async throws(AccountRefusal) -> Int {
    let today = CivilDate(inParisAt: now)
    let unused = try await tellUnused(except: busy, today: today, now: now)
    var erased = 0
    for account in unused where account.isToBeErased(on: today) {
      erased += try await database.write { db in
        // It may have been used a moment ago.
        guard try UseTable.find(db, account.id)?.isToBeErased(on: today) == true,
          try !ErasureTable.isLastOperator(db, account.id)
        else { return 0 }
        let leaving = try [account.id] + FamilyTable.orphans(db, of: account.id)
        guard try leaving.allSatisfy({ try !busy.contains($0) && !UseTable.isClosed(db, $0) }) else { return 0 }
        return try ErasureTable.eraseWithOrphans(db, account.id, by: .system, now: now).count
      }
    }
    return erased
  }

  /// Forgets sign-ups and links that have expired, invitations that did so 30 days ago, and old occasions of letters.
  public func sweepExpired(now: Int64) async throws(AccountRefusal) {
    try await database.write { db in
      try RegistrationTable.deleteExpired(db, now: now)
      try LinkTable.deleteExpired(db, now: now)
      try DecoyTable.deleteAll(db)
      try NoticeTable.delete(db, by: now - Self.noticeMilliseconds)
      try InvitationTable.deleteExpired(db, by: now - 30 * 86_400_000)
    }
  }

  /// Queues the letters that are due.
  ///
  /// - Returns: all accounts that were unused for nearly 24 months.
  private func tellUnused(
    except busy: Set<AccountID>, today: CivilDate, now: Int64
  ) async throws(AccountRefusal) -> [UnusedAccount] {
    // 24 months are 730 days at least; a day more for the clock change.
    let since = now - Int64(730 - UnusedAccount.notice - 1) * 86_400_000
    let unused = try await database.read { db in try UseTable.unused(db, since: since) }
    guard unused.contains(where: { $0.isToBeTold(on: today) }) else { return unused }
    return try await database.write { db in
      let unused = try UseTable.unused(db, since: since)
      for account in unused where account.isToBeTold(on: today) && !busy.contains(account.id) {
        let closesOn = account.closes(toldOn: today).description
        try MailTable.append(db, to: account.id, .unusedAccount(closesOn: closesOn), now: now)
        let name = try ProfileTable.require(db, account.id).fullName
        for guardian in try FamilyTable.guardianships(db, of: account.id).map(\.guardian)
        where try FamilyTable.represents(db, account.id, guardian, now: now) {
          try MailTable.append(
            db, to: guardian, .unusedAccompanied(person: name, closesOn: closesOn), about: account.id, now: now)
        }
      }
      return unused
    }
  }
}

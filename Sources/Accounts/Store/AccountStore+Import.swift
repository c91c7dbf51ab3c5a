internal import GRDB
import Mail

extension AccountStore {
  /// What an import made of a line.
  public struct Imported: Sendable {
    public let id: AccountID
    public let email: String?
    /// If tokens were asked for, and the account has not been suspended.
    public let token: SessionToken?
  }

  /// Creates many accounts and their links, all of them or none, in one transaction. Links may go to accounts that come
  /// later in the list, or that were there before.
  ///
  /// - Parameters:
  ///   - accounts: 100,000 at most.
  ///   - withTokens: makes a bearer token for each.
  ///   - progress: called with how many passwords are hashed, which takes nearly all of the time, and with the number
  ///     of accounts at the end.
  /// - Returns: one for each, in the same order.
  /// - Throws: ``AccountRefusal/line(_:_:)`` with what is wrong.
  public func importAccounts(
    _ accounts: [ImportedAccount], withTokens: Bool = false, by actor: AuditEntry.Actor, now: Int64,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws(AccountRefusal) -> [Imported] {
    try await importAccounts(
      accounts, withTokens: withTokens, cost: settings.cost, by: actor, now: now, progress: progress)
  }

  func importAccounts(
    _ accounts: [ImportedAccount], withTokens: Bool, cost: ScryptCost, by actor: AuditEntry.Actor, now: Int64,
    progress: @escaping @Sendable (Int) -> Void
  ) async throws(AccountRefusal) -> [Imported] {
    guard accounts.count <= 100_000 else {
      throw .invalid(field: .json, why: "one import has 100,000 accounts at most; split the file")
    }
    let hashes = try await hashPasswords(of: accounts, cost: cost, progress: progress)
    let rows = accounts.enumerated().map { index, account in
      let id = AccountID(entropy.uuid())
      let token = withTokens ? prepare(.bearer, for: id, isStrong: true, now: now) : nil
      return ImportRow(id: id, source: account, hash: hashes[index], token: token)
    }
    return try await database.write { db in
      for row in rows { try row.atItsLine { try row.insert(db, by: actor, now: now) } }
      for row in rows { try row.atItsLine { try row.link(db, by: actor, now: now) } }
      progress(rows.count)
      return rows.map { Imported(id: $0.id, email: $0.source.account.email?.text, token: $0.token?.token) }
    }
  }

  /// As many at a time as there are workers, so that the queue stays free for those who sign in.
  ///
  /// - Returns: by the index of the account.
  private func hashPasswords(
    of accounts: [ImportedAccount], cost: ScryptCost, progress: @escaping @Sendable (Int) -> Void
  ) async throws(AccountRefusal) -> [Int: PasswordHash] {
    var passwords = accounts.enumerated().lazy.compactMap { index, account in
      account.account.password.map { (index: index, password: $0) }
    }.makeIterator()
    do {
      return try await withThrowingTaskGroup(of: (index: Int, hash: PasswordHash).self) { group in
        func startNext() {
          guard let next = passwords.next() else { return }
          group.addTask { (next.index, try await self.hash(next.password, cost: cost)) }
        }
        for _ in 0..<settings.hashingWorkers { startNext() }
        var hashes: [Int: PasswordHash] = [:]
        while let done = try await group.next() {
          hashes[done.index] = done.hash
          progress(hashes.count)
          startNext()
        }
        return hashes
      }
    } catch {
      throw AccountRefusal(storage: error)
    }
  }
}

/// An account of an import that is ready to be stored.
private struct ImportRow: Sendable {
  let id: AccountID
  let source: ImportedAccount
  let hash: PasswordHash?
  let token: SessionStart?

  func insert(_ db: Database, by actor: AuditEntry.Actor, now: Int64) throws {
    try AccountTable.insert(db, id, source.account, hash: hash, now: now)
    try AuditTable.append(db, at: now, by: actor, .accountCreated, id)
    if source.verification != .pending {
      let ground = try Ground("import")
      try AccountTable.setVerification(db, id, source.verification, ground, now: now)
      try AuditTable.append(db, at: now, by: actor, AuditEntry.Action(source.verification), id, ground: ground)
    }
    if let address = source.postalAddress { try DetailsTable.setPostalAddress(db, of: id, to: address) }
    if source.consented { try consent(db, by: actor, now: now) }
    if let token {
      _ = try token.insert(db)
      try AuditTable.append(db, at: now, by: actor, .tokenIssued, id)
    }
  }

  /// To the French texts, which are the ones that count.
  private func consent(_ db: Database, by actor: AuditEntry.Actor, now: Int64) throws {
    for document in LegalDocument.allCases {
      guard let text = try TextTable.current(db, of: document).first(where: { $0.language == .fr }) else {
        throw AccountRefusal.invalid(
          field: .consented, why: "no texts were published to agree to; run mqm-broker texts publish first")
      }
      try ConsentTable.give(db, of: id, to: text, source: .import, by: nil, actor: actor, now: now)
    }
  }

  func link(_ db: Database, by actor: AuditEntry.Actor, now: Int64) throws {
    if let email = source.attending {
      let physician = try account(db, email, field: .attending)
      try AccountTable.setAttending(db, of: id, to: physician)
      try AuditTable.append(db, at: now, by: actor, .attendingSet, id, other: physician)
    }
    for link in source.guardians {
      let guardian = try account(db, link.email, field: .guardians)
      try AccountTable.link(db, Guardianship(patient: id, guardian: guardian, relation: link.relation, since: now))
      try AuditTable.append(db, at: now, by: actor, .guardianLinked, id, other: guardian)
    }
  }

  /// Adds the line's number to what is refused.
  func atItsLine(_ work: () throws -> Void) throws {
    do { try work() } catch { throw AccountRefusal.line(source.line, AccountRefusal(storage: error)) }
  }

  private func account(_ db: Database, _ email: EmailAddress, field: AccountField) throws -> AccountID {
    guard let found = try AccountTable.credential(db, email: email)?.account else {
      throw AccountRefusal.invalid(field: field, why: "nobody has the address \(email), in this file or before")
    }
    return found
  }
}

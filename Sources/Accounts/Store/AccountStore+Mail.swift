public import Mail

/// The queue of letters is in the account database, so that a letter waits exactly if what it tells of was done.
extension AccountStore: LetterQueue {
  /// - Parameter limit: 1...1000.
  public func dueLetters(limit: Int, now: Int64) async throws(AccountRefusal) -> [QueuedLetter] {
    let limit = min(max(limit, 1), 1000)
    return try await database.read { db in try MailTable.due(db, limit: limit, now: now) }
  }

  /// How many letters wait to be sent.
  public func lettersWaiting() async throws(AccountRefusal) -> Int {
    try await database.read { db in try MailTable.count(db) }
  }

  /// An element whenever this process changed what waits to be sent.
  public func letterChanges() -> AsyncStream<Void> { database.changes(of: "mail") }

  /// Forgets a letter that was sent, with the token in it.
  public func letterDelivered(_ id: Int64, now: Int64) async throws(AccountRefusal) {
    try await database.write { db in
      try UseTable.noteTold(db, byLetter: id, now: now)
      try MailTable.delete(db, id: id)
    }
  }

  public func letterFailed(_ id: Int64, nextTry: Int64?, now: Int64) async throws(AccountRefusal) {
    try await database.write { db in
      if let nextTry { return try MailTable.postpone(db, id: id, to: nextTry) }
      try UseTable.noteTold(db, byLetter: id, now: now)
      try MailTable.delete(db, id: id)
    }
  }
}

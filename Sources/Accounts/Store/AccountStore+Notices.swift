public import Mail

/// Letters about something that the accounts do not hold.
extension AccountStore {
  /// How long an occasion is remembered: longer than a consultation can be under way.
  static let noticeMilliseconds: Int64 = 800 * 86_400_000

  /// Queues a letter to each of these people, once for each occasion, however often it is called: also by who does not know
  /// whether it was called before they were killed.
  ///
  /// - Parameters:
  ///   - readers: those without an account, or without an e-mail address, get none.
  ///   - occasion: 1 to 200 characters that name nobody.
  public func write(
    _ letter: Letter, to readers: [AccountID], onceFor occasion: String, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      guard try NoticeTable.note(db, occasion, now: now) else { return }
      for reader in readers { try MailTable.append(db, to: reader, letter, now: now) }
    }
  }
}

public import Foundation
internal import GRDB

/// Where somebody is signed in, and when they were here last.
extension AccountStore {
  /// Sessions of an account that are not over, newest first.
  public func sessions(of account: AccountID, now: Int64) async throws(AccountRefusal) -> [Session] {
    try await database.read { db in try SessionTable.all(db, of: account, now: now) }
  }

  /// Ends one session of an account.
  ///
  /// - Returns: the session that ended, so that its sockets can be closed; nil if the account has no such session.
  public func endSession(_ id: UUID, of account: AccountID) async throws(AccountRefusal) -> Session? {
    try await database.write { db in try SessionTable.delete(db, id: id, of: account) }
  }

  /// Notes that a session is used, and with it its account and the patients without a sign-in of their own whom it
  /// represents (CU-4.4). Cheap: it writes at most once an hour.
  ///
  /// - Parameter session: as it was found just now.
  public func noteUse(of session: Session, now: Int64) async throws(AccountRefusal) {
    guard now - session.lastUsedAt >= AccountStore.useInterval else { return }
    try await database.write { db in
      guard try SessionTable.noteUse(db, of: session.id, now: now, every: AccountStore.useInterval) else { return }
      try UseTable.note(db, session.account, now: now)
    }
  }

  private static let useInterval: Int64 = 3_600_000
}

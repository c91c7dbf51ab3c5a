import Foundation
import GRDB

@testable import Accounts

extension Fixture {
  /// A new session of somebody, whether or not they have a password.
  func session(of account: AccountID, now: Int64 = Fixture.now) async throws(AccountRefusal) -> Session {
    let start = store.prepare(.cookie, for: account, now: now)
    return try await store.database.write { db in try start.insert(db).session }
  }

  /// Checks a password and a code as before what cannot be taken back.
  func verify(
    _ account: AccountID, password: String, code: String?, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) {
    try await store.verify(session(of: account), password: password, code: code, address: address, now: now) { _ in }
  }

  /// Runs SQL while a password is being hashed for some work.
  func change(_ sql: String, during work: @escaping @Sendable () async throws -> Void) async throws -> AccountRefusal? {
    let gate = DispatchSemaphore(value: 0)
    let before = hashing.count
    hashing.close(with: gate)
    async let refused = refusal { try await work() }
    while hashing.count == before { await Task.yield() }
    try await raw(sql)
    for _ in 0..<4 { gate.signal() }
    let result = await refused
    hashing.close(with: nil)
    return result
  }
}

extension AccountStore {
  /// Erases somebody without asking anybody for a password.
  func erase(
    _ account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> Set<AccountID> {
    try await database.write { db in try ErasureTable.eraseWithOrphans(db, account, by: actor, now: now) }
  }
}

import GRDB

@testable import Accounts

extension Fixture {
  /// Runs SQL as somebody who goes round the store's methods would.
  func raw(_ sql: String) async throws(AccountRefusal) {
    try await store.database.write { db in try db.execute(sql: sql) }
  }
}

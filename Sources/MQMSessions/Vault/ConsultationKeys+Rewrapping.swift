public import Foundation
import GRDB
import Rooms
import Vault

/// Wrapping the keys under another master key, while brokers use them (CU-12.5).
extension ConsultationKeys {
  /// How many keys one transaction wraps anew; others write in between.
  static let rewrappedAtOnce = 500

  /// Wraps all keys under the keyring's current master key. From its beginning on, what any process that has that key
  /// makes is wrapped under it, too.
  ///
  /// - Parameter progress: told how many were looked at, after each transaction.
  /// - Throws: `VaultFailure.wrongKey` if a key is wrapped under a master key that is not at hand.
  public func rewrapAll(progress: (Int) async throws -> Void) async throws {
    let check = try keyring.sealCheck()
    try await database.write { database in try KeyTable.setCheck(database, check) }
    var (seen, last) = (0, "")
    while true {
      let batch = try await database.write { [keyring, last] database in
        let rows = try KeyTable.wrapped(database, after: last, limit: Self.rewrappedAtOnce)
        for (id, wrapped) in rows where try !keyring.isUnderCurrentKey(wrapped) {
          try KeyTable.update(database, id, try keyring.rewrap(wrapped, of: id.owner))
        }
        return rows.map(\.id.description)
      }
      seen += batch.count
      try await progress(seen)
      // What is made behind the last one meanwhile is under the right key already.
      guard batch.count == Self.rewrappedAtOnce, let end = batch.last else { break }
      last = end
    }
    markForScrub()
  }

  /// How many keys are wrapped under each master key, by its name.
  public func census() async throws -> [Data: Int] {
    try await database.read { database in try KeyTable.census(database) }
  }
}

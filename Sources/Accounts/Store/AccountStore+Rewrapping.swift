public import Foundation
internal import GRDB
import Vault

/// Wrapping the accounts' data keys under another master key, while brokers use them (CU-12.5).
extension AccountStore {
  /// How many keys one transaction wraps anew; others write in between.
  static let rewrappedAtOnce = 500

  /// Wraps all data keys under the keyring's current master key. From its beginning on, what any process that has that key
  /// makes is wrapped under it, too.
  ///
  /// - Parameter progress: told how many were looked at, after each transaction.
  /// - Throws: ``AccountRefusal/unavailable(why:)``, also if a key is wrapped under a master key that is not at hand.
  public func rewrapDataKeys(progress: (Int) async -> Void) async throws(AccountRefusal) {
    try await database.write { [keyring] db in try VaultTable.setCheck(db, try keyring.sealCheck()) }
    var seen = 0
    var last = Data()
    while true {
      let batch = try await database.write { [keyring, last] db in
        try DataKeyTable.rewrap(db, after: last, limit: Self.rewrappedAtOnce, keyring: keyring)
      }
      seen += batch.count
      await progress(seen)
      // What is made behind the last one meanwhile is under the right key already.
      guard batch.count == Self.rewrappedAtOnce, let end = batch.last else { break }
      last = end
    }
    // The old bytes are still in the write-ahead log; somebody may be reading, and then the running broker empties it.
    _ = try await scrub()
  }

  /// How many data keys are wrapped under each master key, by its name; by no name for those of before there were names.
  public func dataKeyCensus() async throws(AccountRefusal) -> [Data: Int] {
    try await database.read { db in try DataKeyTable.census(db) }
  }
}

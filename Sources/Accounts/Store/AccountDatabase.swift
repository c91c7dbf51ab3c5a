import Foundation
internal import GRDB
import Synchronization
import Vault

/// The SQLite file: one writer and a few readers on threads of their own, in WAL mode, durable at each commit.
final class AccountDatabase: Sendable {
  /// Between two times that the whole file is written anew: it takes time and memory, and people erase in a row.
  static let scrubInterval = Duration.seconds(20)

  private let pool: DatabasePool
  private let lastScrub = Mutex<ContinuousClock.Instant?>(nil)

  /// Opens or creates the file, readable and writable by its owner only, and brings its tables up to date.
  ///
  /// - Throws: ``AccountRefusal/unavailable(why:)``.
  init(path: String) throws(AccountRefusal) {
    try AccountDatabase.prepareFile(path)
    do {
      pool = try DatabasePool(path: path, configuration: AccountDatabase.configuration)
      // GRDB lowers it to NORMAL for WAL; FULL is what makes a commit survive a power cut.
      try pool.barrierWriteWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      let isNewer = try pool.read { db in try Schema.migrator.hasBeenSuperseded(db) }
      guard !isNewer else {
        throw AccountRefusal.unavailable(why: "\(path) was written by a newer version of this program; update it")
      }
      try Schema.migrator.migrate(pool)
    } catch {
      throw AccountRefusal(storage: error)
    }
  }

  /// Reads the master keys, or makes one if nothing was sealed yet, and sees that they are those of this database.
  ///
  /// - Throws: ``AccountRefusal/unavailable(why:)``.
  func unlock(with keyring: MasterKeyring) throws(AccountRefusal) {
    do {
      try pool.write { db in
        if try VaultTable.isSealed(db) { try keyring.load() } else { try keyring.loadOrMake() }
        guard try VaultTable.accepts(db, keyring) else {
          throw AccountRefusal.unavailable(
            why: """
              \(keyring.source) is not the master key that this database's data is sealed under; put the right one back, or name \
              its file (--master-key, or the setting 'master-key')
              """)
        }
      }
    } catch {
      throw AccountRefusal(storage: error)
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(AccountRefusal) -> Value {
    do { return try await pool.read(body) } catch { throw AccountRefusal(storage: error) }
  }

  /// In one transaction, which is on disk when this returns, and which leaves no trace when it throws.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(AccountRefusal) -> Value {
    do { return try await pool.write(body) } catch { throw AccountRefusal(storage: error) }
  }

  /// An element after each commit of this process that changed a table, those that come while nobody looks as one.
  func changes(of table: String) -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let observation = DatabaseRegionObservation(tracking: Table(table)).start(
        in: pool, onError: { _ in continuation.finish() }, onChange: { _ in continuation.yield() })
      continuation.onTermination = { _ in observation.cancel() }
    }
  }

  /// Writes the database anew if an account was erased since the last time, and empties the write-ahead log.
  ///
  /// `secure_delete` alone does not do: when SQLite moves rows between pages it leaves copies in the unused parts of
  /// pages, and those are not found again when the row is deleted. The header's `user_version` is the last erasure that
  /// was seen to.
  ///
  /// - Parameter instant: not before ``scrubInterval`` is over is the file written anew again; the log is emptied at once.
  /// - Returns: false if it is too early, or a reader keeps the log from being emptied.
  func scrub(at instant: ContinuousClock.Instant) async throws(AccountRefusal) -> Bool {
    do {
      return try await pool.barrierWriteWithoutTransaction { [self] db in
        let seen = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let last = try Int64.fetchOne(
          db, sql: "SELECT max(id) FROM audit WHERE id > ? AND action = 'account_erased'", arguments: [seen])
        let isEarly = lastScrub.withLock { $0.map { instant < $0 + Self.scrubInterval } ?? false }
        if let last, !isEarly {
          try db.execute(sql: "VACUUM")
          try db.execute(sql: "PRAGMA user_version = \(last)")
          lastScrub.withLock { $0 = instant }
        }
        let isEmpty = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")?["busy"] == 0
        return isEmpty && (last == nil || !isEarly)
      }
    } catch {
      throw AccountRefusal(storage: error)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "mqm.accounts"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 3
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA secure_delete = ON")
      // No personal data in temporary files, which nobody scrubs.
      try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    return configuration
  }

  /// SQLite gives its side files the mode of the main one, so the main one must have it first.
  private static func prepareFile(_ path: String) throws(AccountRefusal) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw .unavailable(
        why: "\(path) cannot be opened (\(String(cString: strerror(errno)))); check the folder and its permissions")
    }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else {
      throw .unavailable(why: "\(path) belongs to another user; run this as its owner")
    }
  }
}

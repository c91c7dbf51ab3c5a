public import Foundation
import GRDB
public import Rooms
import Synchronization
public import Vault

/// The data keys of the consultations that are not over, in a file of their own apart from the record (CU-5.2, CU-12.5):
/// whoever has the record alone, such as a backup of it, reads no health data, and a key that was destroyed takes with it
/// what it sealed, wherever there is a copy.
///
/// From any thread. Several processes may have the file open.
public final class ConsultationKeys: Sendable {
  /// Between two times that the file is written anew.
  static let scrubInterval = Duration.seconds(20)

  let database: DatabasePool
  let keyring: MasterKeyring
  private let scrubbed = Mutex<(at: ContinuousClock.Instant?, isDue: Bool)>((nil, true))

  /// Opens the file, or makes it, readable by its owner only.
  ///
  /// - Throws: ``VaultFailure`` if the master key is not at hand, and what SQLite says.
  public init(file: URL, keyring: MasterKeyring) throws {
    self.keyring = keyring
    var configuration = Configuration()
    configuration.label = "mqm.keys"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 3
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
    }
    if !FileManager.default.fileExists(atPath: file.path) {
      // Made before SQLite would, so that it is never readable by others; if this fails SQLite says why.
      _ = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    database = try DatabasePool(path: file.path, configuration: configuration)
    // GRDB lowers it to NORMAL for a write-ahead log; with FULL a commit survives a power cut.
    try database.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    try KeySchema.migrator.migrate(database)
    try database.write { database in
      guard let check = try KeyTable.check(database) else {
        try keyring.loadOrMake()
        return try KeyTable.setCheck(database, try keyring.sealCheck())
      }
      try keyring.load()
      guard keyring.opensCheck(check) else {
        throw VaultFailure.noKey(
          why: """
            \(keyring.source) is not the master key that the data keys in \(file.path) are wrapped under; put the right \
            one back, or name its file (--master-key, or the setting 'master-key')
            """)
      }
    }
  }

  /// Makes a key for each, all of them with one commit; who has one keeps it.
  ///
  /// - Parameter doomed: whose keys are destroyed with the same commit.
  public func make(
    _ ids: some Sequence<ConsultationID> & Sendable, destroying doomed: Set<ConsultationID> = []
  ) throws -> [ConsultationID: DataKey] {
    if !doomed.isEmpty { markForScrub() }
    return try database.write { database in
      for id in doomed { _ = try KeyTable.delete(database, id) }
      let check = try KeyTable.check(database)
      return try ids.reduce(into: [:]) { keys, id in
        if let wrapped = try KeyTable.find(database, id) {
          keys[id] = try keyring.openDataKey(wrapped, of: id.owner)
        } else {
          let made = try keyring.makeDataKey(of: id.owner, following: check)
          try KeyTable.insert(database, id, made.wrapped)
          keys[id] = made.key
        }
      }
    }
  }

  /// nil if there is none, or none any more.
  public func key(of id: ConsultationID) throws -> DataKey? {
    try database.read { database in
      try KeyTable.find(database, id).map { try keyring.openDataKey($0, of: id.owner) }
    }
  }

  /// Of those that have one that can be opened.
  ///
  /// - Throws: why the master keys cannot be had, and what SQLite says.
  public func keys(of ids: [ConsultationID]) throws -> [ConsultationID: DataKey] {
    try database.read { database in
      try ids.reduce(into: [:]) { keys, id in
        guard let wrapped = try KeyTable.find(database, id) else { return }
        keys[id] = try ifReadable { try keyring.openDataKey(wrapped, of: id.owner) }
      }
    }
  }

  /// Destroys keys, all of them with one commit. ``scrub()`` takes their remains out of the file.
  public func destroy(_ ids: some Sequence<ConsultationID> & Sendable) throws {
    let destroyed = try database.write { database in try ids.reduce(0) { $0 + (try KeyTable.delete(database, $1)) } }
    if destroyed > 0 { markForScrub() }
  }

  func markForScrub() { scrubbed.withLock { $0.isDue = true } }

  /// Those that have a key.
  public func allIDs() throws -> Set<ConsultationID> {
    try database.read { database in try KeyTable.ids(database) }
  }

  /// Takes what was destroyed out of the files: writes the file anew if a key was destroyed since the last time, as
  /// SQLite leaves copies of rows in the corners of pages, and empties the write-ahead log.
  ///
  /// - Parameter instant: the file is written anew 20 seconds after the last time at the earliest.
  /// - Returns: false if it is too early for that, or somebody is reading; to be tried again in a second or so.
  public func scrub(at instant: ContinuousClock.Instant = .now) -> Bool {
    let (isDue, isEarly) = scrubbed.withLock { ($0.isDue, $0.at.map { instant < $0 + Self.scrubInterval } ?? false) }
    guard isDue else { return true }
    if isEarly { return false }
    let done: Void? = try? database.barrierWriteWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
      try database.execute(sql: "VACUUM")
      try database.checkpoint(.truncate)
    }
    if done != nil { scrubbed.withLock { $0 = (instant, false) } }
    return done != nil
  }
}

extension ConsultationID {
  /// What its data key is bound to.
  var owner: String { "consultation \(self)" }
}

public import Foundation
import GRDB

/// A consistent copy of one of the databases, made while others write to it (CU-12.5).
public enum DatabaseCopy {
  /// Writes what the database holds at one moment into a new file, readable by its owner only. Nobody waits for it; only
  /// the write-ahead log is not emptied meanwhile. What was deleted is in no corner of the copy.
  ///
  /// - Throws: what SQLite says.
  public static func write(_ source: URL, to target: URL) throws {
    guard FileManager.default.createFile(atPath: target.path, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown) }
    let database = try queue(source)
    try database.writeWithoutTransaction { database in
      try database.execute(sql: "VACUUM INTO ?", arguments: [target.path])
    }
    try database.close()
    let file = try FileHandle(forUpdating: target)
    try file.synchronize()
    try file.close()
  }

  /// The migrations that the database has gone through, in their order; of a file that SQLite finds whole.
  ///
  /// - Throws: ``DatabaseDamaged``, and what SQLite says.
  public static func schema(of file: URL) throws -> [String] {
    let database = try queue(file)
    let (found, schema) = try database.read { database in
      (
        try String.fetchAll(database, sql: "PRAGMA quick_check(1)"),
        try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
      )
    }
    try database.close()
    guard found == ["ok"] else { throw DatabaseDamaged(file: file.lastPathComponent) }
    return schema
  }

  private static func queue(_ file: URL) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "mqm.copy"
    configuration.busyMode = .timeout(5)
    return try DatabaseQueue(path: file.path, configuration: configuration)
  }
}

/// A database that SQLite finds damaged.
public struct DatabaseDamaged: Error, CustomStringConvertible {
  public let file: String

  public var description: String { "\(file) is damaged; take another backup" }
}

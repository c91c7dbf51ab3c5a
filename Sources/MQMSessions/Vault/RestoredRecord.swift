public import Foundation
import GRDB
public import Rooms

/// The record of a backup, before a broker runs on it: what must not come back is taken out (CU-5.2).
public struct RestoredRecord {
  private let database: DatabaseQueue

  public init(file: URL) throws {
    var configuration = Configuration()
    configuration.label = "mqm.restored"
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
    }
    database = try DatabaseQueue(path: file.path, configuration: configuration)
    try RecordSchema.migrator.migrate(database)
  }

  /// Destroys the sealed health data of consultations that were closed or cancelled since, and of those that have no key
  /// any more, and the keys of the former and of those that the record does not have. The files are written anew.
  ///
  /// - Returns: the consultations that lost their data.
  @discardableResult
  public func destroyHealthData(of closed: Set<ConsultationID>, keys: ConsultationKeys) throws -> Set<ConsultationID> {
    let living = try database.read { try HealthDataTable.living($0) }
    try keys.destroy(closed.union(try keys.allIDs().subtracting(living)))
    let kept = try keys.allIDs()
    let before = try database.read { try HealthDataTable.all($0) }
    try database.write { database in
      try HealthDataTable.deleteAll(database, but: kept)
      try HealthDataTable.deletePlainReasons(database, of: closed)
    }
    try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
    try database.close()
    _ = keys.scrub()
    return before.subtracting(kept)
  }
}

import Foundation
import GRDB
public import Rooms
import Vault

/// Health data in the record: sealed under keys that are elsewhere, and gone with them.
extension SQLiteStore {
  /// `user_version` of a file in which nothing was left in the clear.
  private static let allSealed = 1

  public func healthNotes(of id: ConsultationID) throws -> HealthNotes? {
    guard let sealed = try database.read({ try HealthDataTable.find($0, id) }), let key = try keys.key(of: id) else {
      return nil
    }
    return try sealed.open(with: key)
  }

  public func replaceHealthFile(
    of patient: PersonID, history: String?, socialSecurityNumber: String?, at instant: Instant
  ) throws {
    try database.write { database in
      for (id, sealed) in try HealthDataTable.notOver(database, of: patient) {
        guard let key = try keys.key(of: id) else { continue }
        let reason = try sealed.open(with: key).reason
        let notes = HealthNotes(
          reason: reason, history: history, socialSecurityNumber: socialSecurityNumber, updatedAt: instant)
        try HealthDataTable.replace(database, id, try SealedNotes(notes, under: key))
      }
    }
  }

  /// Opens what belongs to rows of consultations; nil for those whose data is gone.
  func reason(in row: Row, keys: [ConsultationID: DataKey]) throws -> String? {
    guard let sealed = row["sealed"] as Data?, let id = ConsultationID(row["id"] as String), let key = keys[id] else {
      return nil
    }
    return try SealedNotes(sealed).open(with: key).reason
  }

  // MARK: When the file is opened

  /// Seals the reasons that were kept in the clear, and writes the file anew so that nothing of them is left in it.
  func sealPlainReasons() throws {
    if let reasons = try database.read({ try HealthDataTable.plainReasons($0) }) {
      let made = try keys.make(reasons.keys)
      try database.write { database in
        for (id, reason) in reasons {
          guard let key = made[id] else { continue }
          try HealthDataTable.insert(database, id, try SealedNotes(HealthNotes(reason: reason), under: key))
        }
        try HealthDataTable.dropPlainReasons(database)
      }
    }
    try database.barrierWriteWithoutTransaction { database in
      guard try Int.fetchOne(database, sql: "PRAGMA user_version") != Self.allSealed else { return }
      try database.execute(sql: "VACUUM")
      try database.execute(sql: "PRAGMA user_version = \(Self.allSealed)")
    }
  }

  /// Destroys keys of consultations that are closed, cancelled or unknown, and what was sealed under keys that are gone:
  /// after a crash between the two files, and when a backup is restored.
  func reconcileKeys() throws {
    let living = try database.read { try HealthDataTable.living($0) }
    let known = try keys.allIDs()
    try keys.destroy(known.subtracting(living))
    try database.write { try HealthDataTable.deleteAll($0, but: known.intersection(living)) }
  }
}

import Foundation
import GRDB
public import Rooms
import Vault

/// Health data in the record: sealed under keys that are elsewhere, and gone with them.
extension SQLiteStore {
  /// `user_version` of a file in which nothing was left in the clear.
  private static let allSealed = 1

  public func healthNotes(of id: ConsultationID) throws -> HealthNotes? {
    guard let sealed = try database.read({ try HealthDataTable.find($0, id) }), let key = try keys.keys(of: [id])[id]
    else { return nil }
    return try ifReadable { try sealed.open(with: key) }
  }

  public func replaceHealthFile(
    of patient: PersonID, history: String?, socialSecurityNumber: String?, at instant: Instant
  ) throws {
    try database.write { database in
      for (id, sealed) in try HealthDataTable.notOver(database, of: patient) {
        // Of one that cannot be opened nothing is replaced, as its reason would be lost with it.
        guard let key = try keys.keys(of: [id])[id], let reason = try ifReadable({ try sealed.open(with: key).reason })
        else { continue }
        let notes = HealthNotes(
          reason: reason, history: history, socialSecurityNumber: socialSecurityNumber, updatedAt: instant)
        try HealthDataTable.replace(database, id, try SealedNotes(notes, under: key))
      }
    }
  }

  /// A consultation's row with what belongs to it. One row whose data cannot be opened takes nothing from the others.
  func stored(_ row: Row, keys: [ConsultationID: DataKey], in database: Database) throws -> StoredConsultation {
    let documents = try DocumentRow.documents(of: row["id"], in: database)
    let consultation = try ConsultationRow(row: row).consultation(documents: documents)
    guard let sealed = row["sealed"] as Data? else { return StoredConsultation(consultation, reason: nil) }
    let reason = try keys[consultation.id].flatMap { key in
      try ifReadable { try SealedNotes(sealed).open(with: key).reason }
    }
    return StoredConsultation(consultation, reason: reason, isUnreadable: reason == nil)
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

/// What `open` makes of something sealed; nil if it was changed, is not what this program seals, or is sealed under a key
/// that is not at hand.
func ifReadable<Value>(_ open: () throws -> Value) throws -> Value? {
  do {
    return try open()
  } catch VaultFailure.wrongKey {
    return nil
  } catch is DecodingError {
    return nil
  }
}

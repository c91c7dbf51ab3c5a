import Foundation
internal import GRDB
import Vault

/// Health files, sealed under their patients' data keys (CU-1, CU-12.5).
enum HealthTable {
  private static let purpose = "health file"

  static func find(_ db: Database, of patient: AccountID, _ keyring: MasterKeyring) throws -> (
    file: HealthFile, updatedAt: Int64
  )? {
    let statement = try db.cachedStatement(sql: "SELECT sealed, updated_at FROM health_file WHERE patient = ?")
    guard let row = try Row.fetchOne(statement, arguments: [patient.uuid]) else { return nil }
    guard let key = try DataKeyTable.key(db, of: patient, keyring: keyring, creating: false) else {
      throw AccountRefusal.unavailable(why: "a health file has no key any more")
    }
    let plain = try key.open(row["sealed"], purpose: purpose)
    return (try JSONDecoder().decode(HealthFile.self, from: plain), row["updated_at"])
  }

  /// An empty file is no file.
  static func set(_ db: Database, _ file: HealthFile, of patient: AccountID, _ keyring: MasterKeyring, now: Int64)
    throws
  {
    guard !file.isEmpty else {
      return try db.execute(sql: "DELETE FROM health_file WHERE patient = ?", arguments: [patient.uuid])
    }
    guard let key = try DataKeyTable.key(db, of: patient, keyring: keyring, creating: true) else { return }
    let sealed = try key.seal(JSONEncoder().encode(file), purpose: purpose)
    try db.execute(
      sql: """
        INSERT INTO health_file (patient, sealed, updated_at) VALUES (:patient, :sealed, :now)
        ON CONFLICT (patient) DO UPDATE SET sealed = :sealed, updated_at = :now
        """, arguments: ["patient": patient.uuid, "sealed": sealed, "now": now])
  }
}

import Foundation
internal import GRDB

/// Health files, sealed under their patients' data keys (CU-1, CU-12.5).
enum HealthTable {
  private static let purpose = "health file"

  static func find(_ db: Database, of patient: AccountID, _ vault: Vault) throws -> (
    file: HealthFile, updatedAt: Int64
  )? {
    let statement = try db.cachedStatement(sql: "SELECT sealed, updated_at FROM health_file WHERE patient = ?")
    guard let row = try Row.fetchOne(statement, arguments: [patient.uuid]) else { return nil }
    guard let key = try DataKeyTable.key(db, of: patient, vault: vault, creating: false) else {
      throw AccountRefusal.unavailable(why: "a health file has no key any more")
    }
    let plain = try vault.open(row["sealed"], with: key, of: patient, purpose: purpose)
    return (try JSONDecoder().decode(HealthFile.self, from: plain), row["updated_at"])
  }

  /// An empty file is no file.
  static func set(_ db: Database, _ file: HealthFile, of patient: AccountID, _ vault: Vault, now: Int64) throws {
    guard !file.isEmpty else {
      return try db.execute(sql: "DELETE FROM health_file WHERE patient = ?", arguments: [patient.uuid])
    }
    guard let key = try DataKeyTable.key(db, of: patient, vault: vault, creating: true) else { return }
    let sealed = try vault.seal(JSONEncoder().encode(file), with: key, for: patient, purpose: purpose)
    try db.execute(
      sql: """
        INSERT INTO health_file (patient, sealed, updated_at) VALUES (:patient, :sealed, :now)
        ON CONFLICT (patient) DO UPDATE SET sealed = :sealed, updated_at = :now
        """, arguments: ["patient": patient.uuid, "sealed": sealed, "now": now])
  }
}

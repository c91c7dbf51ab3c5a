import Foundation
import GRDB
import Rooms
import Vault

/// The record's table of sealed health data. A row goes with its consultation's closure or cancellation, by a trigger.
enum HealthDataTable {
  /// Reasons used to be kept in the clear; they wait in a table of their own until the store, which has the keys, seals
  /// them.
  static let migration = """
    DROP TRIGGER health_data_gone;
    ALTER TABLE health_data RENAME TO health_data_plain;
    CREATE TABLE health_data (
      consultation TEXT NOT NULL PRIMARY KEY REFERENCES consultation (id),
      sealed       BLOB NOT NULL CHECK (length(sealed) BETWEEN 29 AND 65536)
    ) STRICT;
    CREATE TRIGGER health_data_gone AFTER UPDATE OF state ON consultation WHEN NEW.state IN ('closed', 'cancelled')
    BEGIN DELETE FROM health_data WHERE consultation = NEW.id; END;
    """

  static func insert(_ database: Database, _ id: ConsultationID, _ notes: SealedNotes) throws {
    try database.cachedStatement(sql: "INSERT INTO health_data (consultation, sealed) VALUES (?, ?)")
      .execute(arguments: [id.description, notes.bytes])
  }

  static func find(_ database: Database, _ id: ConsultationID) throws -> SealedNotes? {
    let statement = try database.cachedStatement(sql: "SELECT sealed FROM health_data WHERE consultation = ?")
    return try Data.fetchOne(statement, arguments: [id.description]).map { SealedNotes($0) }
  }

  /// Of somebody's consultations that are not over.
  static func notOver(_ database: Database, of patient: PersonID) throws -> [(ConsultationID, SealedNotes)] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT consultation, sealed FROM consultation JOIN health_data ON consultation = id
        WHERE patient = ? AND over_at IS NULL
        """)
    return try Row.fetchAll(statement, arguments: [patient.description]).compactMap { row in
      ConsultationID(row["consultation"] as String).map { ($0, SealedNotes(row["sealed"])) }
    }
  }

  static func replace(_ database: Database, _ id: ConsultationID, _ notes: SealedNotes) throws {
    try database.cachedStatement(sql: "UPDATE health_data SET sealed = ? WHERE consultation = ?")
      .execute(arguments: [notes.bytes, id.description])
  }

  /// Consultations that are neither closed nor cancelled: those that have a key, or should.
  static func living(_ database: Database) throws -> Set<ConsultationID> {
    Set(
      try String.fetchAll(database, sql: "SELECT id FROM consultation WHERE state NOT IN ('closed', 'cancelled')")
        .compactMap { ConsultationID($0) })
  }

  /// Consultations that have something sealed.
  static func all(_ database: Database) throws -> Set<ConsultationID> {
    Set(try String.fetchAll(database, sql: "SELECT consultation FROM health_data").compactMap { ConsultationID($0) })
  }

  /// Deletes what nobody can open any more.
  static func deleteAll(_ database: Database, but kept: Set<ConsultationID>) throws {
    for id in try all(database).subtracting(kept) {
      try database.cachedStatement(sql: "DELETE FROM health_data WHERE consultation = ?")
        .execute(arguments: [id.description])
    }
  }

  // MARK: Reasons of before

  /// nil once they are sealed.
  static func plainReasons(_ database: Database) throws -> [ConsultationID: String]? {
    guard try database.tableExists("health_data_plain") else { return nil }
    let rows = try Row.fetchAll(database, sql: "SELECT consultation, reason FROM health_data_plain")
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in
        ConsultationID(row["consultation"] as String).map { ($0, row["reason"]) }
      })
  }

  static func deletePlainReasons(_ database: Database, of closed: Set<ConsultationID>) throws {
    guard try database.tableExists("health_data_plain") else { return }
    for id in closed {
      try database.execute(
        sql: "DELETE FROM health_data_plain WHERE consultation = ?", arguments: [id.description])
    }
  }

  static func dropPlainReasons(_ database: Database) throws {
    try database.execute(sql: "DROP TABLE health_data_plain")
  }
}

import Foundation
import GRDB
import Rooms

/// The tables of the file of keys.
enum KeySchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: data keys") { database in
      try database.execute(
        sql: """
          CREATE TABLE vault (
            id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            sealed BLOB NOT NULL
          ) STRICT;
          CREATE TABLE data_key (
            consultation TEXT NOT NULL PRIMARY KEY CHECK (length(consultation) = 36),
            wrapped      BLOB NOT NULL CHECK (length(wrapped) = 68)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    return migrator
  }
}

/// Wrapped data keys by consultation, and the check that says under which master key new ones are wrapped.
enum KeyTable {
  static func check(_ database: Database) throws -> Data? {
    try Data.fetchOne(database, sql: "SELECT sealed FROM vault")
  }

  static func setCheck(_ database: Database, _ sealed: Data) throws {
    try database.execute(sql: "INSERT OR REPLACE INTO vault (id, sealed) VALUES (1, ?)", arguments: [sealed])
  }

  static func find(_ database: Database, _ id: ConsultationID) throws -> Data? {
    let statement = try database.cachedStatement(sql: "SELECT wrapped FROM data_key WHERE consultation = ?")
    return try Data.fetchOne(statement, arguments: [id.description])
  }

  static func insert(_ database: Database, _ id: ConsultationID, _ wrapped: Data) throws {
    try database.cachedStatement(sql: "INSERT INTO data_key (consultation, wrapped) VALUES (?, ?)")
      .execute(arguments: [id.description, wrapped])
  }

  /// - Returns: how many there were, 0 or 1.
  static func delete(_ database: Database, _ id: ConsultationID) throws -> Int {
    try database.cachedStatement(sql: "DELETE FROM data_key WHERE consultation = ?")
      .execute(arguments: [id.description])
    return database.changesCount
  }

  /// In the order of their ids.
  static func wrapped(
    _ database: Database, after last: String, limit: Int
  ) throws -> [(id: ConsultationID, wrapped: Data)] {
    let statement = try database.cachedStatement(
      sql: "SELECT consultation, wrapped FROM data_key WHERE consultation > ? ORDER BY consultation LIMIT ?")
    return try Row.fetchAll(statement, arguments: [last, limit]).map { row in
      guard let id = ConsultationID(row["consultation"] as String) else {
        throw RecordDamaged(consultation: row["consultation"])
      }
      return (id, row["wrapped"])
    }
  }

  static func update(_ database: Database, _ id: ConsultationID, _ wrapped: Data) throws {
    try database.cachedStatement(sql: "UPDATE data_key SET wrapped = ? WHERE consultation = ?")
      .execute(arguments: [wrapped, id.description])
  }

  /// Counts by the name of the master key.
  static func census(_ database: Database) throws -> [Data: Int] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT substr(wrapped, 1, 8) AS name, count(*) AS keys FROM data_key GROUP BY name")
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["keys"]) })
  }

  static func ids(_ database: Database) throws -> Set<ConsultationID> {
    Set(try String.fetchAll(database, sql: "SELECT consultation FROM data_key").compactMap { ConsultationID($0) })
  }
}

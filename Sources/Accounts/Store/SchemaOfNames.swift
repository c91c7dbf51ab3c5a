import Foundation
internal import GRDB

/// The names under which practitioners are found, folded and in both orders, so that a search reads what it finds and no
/// more.
enum SchemaOfNames {
  static func migrate(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE practitioner_name (
          name TEXT NOT NULL,
          account BLOB NOT NULL REFERENCES practitioner (account) ON DELETE CASCADE,
          PRIMARY KEY (name, account)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX practitioner_name_account ON practitioner_name (account);
        """)
    for id in try UUID.fetchAll(db, sql: "SELECT account FROM practitioner") {
      try PractitionerTable.noteNames(db, of: AccountID(id))
    }
  }
}

import GRDB

/// The tables of documents.sqlite. All that is health data in them is sealed.
enum DocumentSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: documents, chunks") { database in
      try database.execute(
        sql: """
          CREATE TABLE document (
            id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
            consultation TEXT NOT NULL CHECK (length(consultation) = 36),
            author       TEXT NOT NULL CHECK (length(author) = 36),
            key          TEXT NOT NULL CHECK (length(key) = 36),
            kind         TEXT NOT NULL CHECK (kind IN ('prescription', 'sick_note', 'letter', 'other')),
            type         TEXT NOT NULL CHECK (type IN ('application/pdf', 'image/jpeg', 'image/png')),
            size         INTEGER NOT NULL CHECK (size > 0),
            received     INTEGER NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND size),
            touched_at   INTEGER NOT NULL,
            handed_over  INTEGER NOT NULL DEFAULT FALSE CHECK (handed_over IN (FALSE, TRUE)),
            details      BLOB NOT NULL,
            UNIQUE (author, key)
          ) STRICT;
          CREATE INDEX document_by_consultation ON document (consultation);

          CREATE TABLE chunk (
            id       INTEGER NOT NULL PRIMARY KEY,
            document TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            number   INTEGER NOT NULL CHECK (number >= 0),
            start    INTEGER NOT NULL CHECK (start >= 0),
            count    INTEGER NOT NULL CHECK (count > 0),
            sealed   BLOB NOT NULL,
            UNIQUE (document, number)
          ) STRICT;
          """)
    }
    return migrator
  }
}

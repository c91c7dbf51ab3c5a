internal import GRDB

/// The tables, and the rules that hold whoever writes to them. See docs/accounts.md.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 people, guardians, sessions, audit") { db in
      try db.execute(sql: people)
      try db.execute(sql: guardians)
      try db.execute(sql: sessions)
      try db.execute(sql: audit)
    }
    migrator.registerMigration("2 sign-up, consents, invitations, health files, second factors, mail") { db in
      for sql in SchemaOfPeople.all { try db.execute(sql: sql) }
    }
    migrator.registerMigration("3 the master key's check") { db in
      try db.execute(sql: vault)
    }
    migrator.registerMigration("4 decoys, invitations by day, numbers of refused practitioners") { db in
      for sql in SchemaOfAbuse.all { try db.execute(sql: sql) }
    }
    migrator.registerMigration("5 letters in the order of who waits for them") { db in
      try db.execute(sql: SchemaOfLetters.priority)
    }
    migrator.registerMigration("6 names under which practitioners are found") { db in
      try SchemaOfNames.migrate(db)
    }
    migrator.registerMigration("7 what was written about") { db in
      try db.execute(sql: NoticeTable.schema)
    }
    return migrator
  }

  /// One row: a text that everybody knows, sealed under the master key.
  private static let vault = """
    CREATE TABLE vault (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      sealed BLOB NOT NULL CHECK (length(sealed) BETWEEN 28 AND 200)
    ) STRICT;
    """

  /// What a role needs hangs on the role's row: whoever loses the role loses it too, and guardians lose whom they
  /// represent.
  private static let people = """
    CREATE TABLE account (
      id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
      given_name TEXT NOT NULL CHECK (length(given_name) BETWEEN 1 AND 100),
      family_name TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
      created_at INTEGER NOT NULL,
      suspended_at INTEGER,
      suspended_ground TEXT CHECK (length(suspended_ground) BETWEEN 1 AND 200),
      CHECK ((suspended_at IS NULL) = (suspended_ground IS NULL))
    ) STRICT;

    CREATE TABLE credential (
      account BLOB NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
      email TEXT NOT NULL UNIQUE
        CHECK (email = lower(trim(email)) AND email LIKE '%_@_%._%' AND length(CAST(email AS BLOB)) <= 254),
      salt BLOB CHECK (length(salt) = 16),
      hash BLOB CHECK (length(hash) = 32),
      rounds INTEGER CHECK (rounds BETWEEN 2 AND 1048576 AND rounds & (rounds - 1) = 0),
      block_size INTEGER CHECK (block_size BETWEEN 1 AND 32),
      parallelism INTEGER CHECK (parallelism BETWEEN 1 AND 16),
      password_set_at INTEGER,
      CONSTRAINT password_is_whole CHECK (
        (hash IS NULL) = (salt IS NULL) AND (hash IS NULL) = (rounds IS NULL) AND (hash IS NULL) = (block_size IS NULL)
        AND (hash IS NULL) = (parallelism IS NULL) AND (hash IS NULL) = (password_set_at IS NULL))
    ) STRICT;

    CREATE TABLE role (
      account BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('patient', 'guardian', 'practitioner', 'operator')),
      PRIMARY KEY (account, role)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER role_is_fixed BEFORE UPDATE ON role
    BEGIN SELECT RAISE(ABORT, 'role_is_fixed'); END;

    CREATE TABLE practitioner (
      account BLOB NOT NULL PRIMARY KEY,
      role TEXT NOT NULL DEFAULT 'practitioner' CHECK (role = 'practitioner'),
      rpps TEXT NOT NULL UNIQUE CHECK (length(rpps) = 11 AND rpps NOT GLOB '*[^0-9]*'),
      specialty TEXT NOT NULL CHECK (length(specialty) BETWEEN 1 AND 100),
      sector INTEGER NOT NULL CHECK (sector IN (1, 2, 3)),
      verification TEXT NOT NULL CHECK (verification IN ('pending', 'verified', 'refused', 'suspended')),
      verification_ground TEXT CHECK (length(verification_ground) BETWEEN 1 AND 200),
      verification_at INTEGER NOT NULL,
      FOREIGN KEY (account, role) REFERENCES role (account, role) ON DELETE CASCADE,
      CONSTRAINT rpps_key CHECK ((
        substr(rpps, 1, 1) + substr(rpps, 3, 1) + substr(rpps, 5, 1) + substr(rpps, 7, 1) + substr(rpps, 9, 1)
        + substr(rpps, 11, 1)
        + substr('0246813579', substr(rpps, 2, 1) + 1, 1) + substr('0246813579', substr(rpps, 4, 1) + 1, 1)
        + substr('0246813579', substr(rpps, 6, 1) + 1, 1) + substr('0246813579', substr(rpps, 8, 1) + 1, 1)
        + substr('0246813579', substr(rpps, 10, 1) + 1, 1)) % 10 = 0),
      CONSTRAINT decision_has_ground CHECK (verification = 'pending' OR verification_ground IS NOT NULL)
    ) STRICT;

    CREATE TABLE patient (
      account BLOB NOT NULL PRIMARY KEY,
      role TEXT NOT NULL DEFAULT 'patient' CHECK (role = 'patient'),
      birth_date TEXT NOT NULL
        CHECK (date(birth_date, '+0 days') IS birth_date AND birth_date BETWEEN '1850-01-01' AND '2200-12-31'),
      protection TEXT NOT NULL CHECK (protection IN ('none', 'tutelle', 'curatelle')),
      attending BLOB REFERENCES practitioner (account) ON DELETE SET NULL,
      FOREIGN KEY (account, role) REFERENCES role (account, role) ON DELETE CASCADE,
      CONSTRAINT own_physician CHECK (attending IS NOT account)
    ) STRICT;
    CREATE INDEX patient_attending ON patient (attending) WHERE attending IS NOT NULL;
    """

  private static let guardians = """
    CREATE TABLE guardianship (
      patient BLOB NOT NULL REFERENCES patient (account) ON DELETE CASCADE,
      guardian BLOB NOT NULL,
      guardian_role TEXT NOT NULL DEFAULT 'guardian' CHECK (guardian_role = 'guardian'),
      relation TEXT NOT NULL CHECK (relation IN ('parent', 'tutor', 'curator')),
      since INTEGER NOT NULL,
      PRIMARY KEY (patient, guardian),
      FOREIGN KEY (guardian, guardian_role) REFERENCES role (account, role) ON DELETE CASCADE,
      CONSTRAINT own_guardian CHECK (patient <> guardian)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX guardianship_guardian ON guardianship (guardian, guardian_role);

    CREATE TRIGGER guardianship_is_fixed BEFORE UPDATE ON guardianship
    BEGIN SELECT RAISE(ABORT, 'guardianship_is_fixed'); END;

    CREATE TRIGGER guardian_role_missing BEFORE INSERT ON guardianship
    WHEN NOT EXISTS (SELECT 1 FROM role WHERE account = NEW.guardian AND role = 'guardian')
    BEGIN SELECT RAISE(ABORT, 'guardian_role_missing'); END;

    CREATE TRIGGER too_many_guardians BEFORE INSERT ON guardianship
    WHEN (SELECT count(*) FROM guardianship WHERE patient = NEW.patient AND guardian <> NEW.guardian) >= 2
    BEGIN SELECT RAISE(ABORT, 'too_many_guardians'); END;

    CREATE TRIGGER too_many_patients BEFORE INSERT ON guardianship
    WHEN (SELECT count(*) FROM guardianship WHERE guardian = NEW.guardian AND patient <> NEW.patient) >= 100
    BEGIN SELECT RAISE(ABORT, 'too_many_patients'); END;

    CREATE TRIGGER relation_mismatch BEFORE INSERT ON guardianship
    WHEN EXISTS (SELECT 1 FROM patient WHERE account = NEW.patient AND protection <>
      CASE NEW.relation WHEN 'parent' THEN 'none' WHEN 'tutor' THEN 'tutelle' WHEN 'curator' THEN 'curatelle' END)
    BEGIN SELECT RAISE(ABORT, 'relation_mismatch'); END;

    CREATE TRIGGER protection_mismatch BEFORE UPDATE OF protection ON patient
    WHEN NEW.protection <> OLD.protection AND EXISTS (SELECT 1 FROM guardianship WHERE patient = NEW.account)
    BEGIN SELECT RAISE(ABORT, 'relation_mismatch'); END;
    """

  private static let sessions = """
    CREATE TABLE session (
      id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
      account BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      token_digest BLOB NOT NULL UNIQUE CHECK (length(token_digest) = 32),
      kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer', 'companion')),
      room BLOB CHECK (length(room) = 16),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT companion_has_room CHECK ((kind = 'companion') = (room IS NOT NULL)),
      CONSTRAINT session_has_life CHECK (expires_at > created_at)
    ) STRICT;
    CREATE INDEX session_account ON session (account, created_at);
    CREATE INDEX session_expiry ON session (expires_at);
    """

  /// No foreign keys: an entry outlives the accounts it names by id.
  private static let audit = """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL CHECK (actor = 'cli' OR length(actor) = 36),
      action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 40),
      subject BLOB NOT NULL CHECK (length(subject) = 16),
      other BLOB CHECK (length(other) = 16),
      ground TEXT CHECK (length(ground) BETWEEN 1 AND 200)
    ) STRICT;

    CREATE TRIGGER audit_keeps_what_it_says BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER audit_keeps_everything BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER audit_replaces_nothing BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    """
}

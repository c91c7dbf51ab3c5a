import GRDB

/// The tables of the lifecycle record. What the schema can enforce it enforces: whoever writes to the file past this
/// program is bound by the same rules.
enum RecordSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: consultations, journal, mutation keys") { database in
      try database.execute(sql: consultation + transitions + journal + mutation + healthData)
    }
    migrator.registerMigration("2: consultations by practitioner and requester") { database in
      try database.execute(
        sql: """
          CREATE INDEX consultation_by_practitioner ON consultation (practitioner) WHERE practitioner IS NOT NULL;
          CREATE INDEX consultation_by_requester ON consultation (requester);
          """)
    }
    migrator.registerMigration("3: deadlines, refusals, documents, closure") { database in
      try database.execute(sql: SchemaOfLifecycle.sql)
    }
    migrator.registerMigration("4: the journal as a tamper-evident log") { database in
      try SchemaOfRecord.migrate(database)
    }
    migrator.registerMigration("5: health data sealed") { database in
      try database.execute(sql: HealthDataTable.migration)
    }
    migrator.registerMigration("6: erasures by account") { database in
      try database.execute(
        sql: "CREATE INDEX journal_by_erasure ON journal (details ->> '$.account') WHERE event = 'account_erased'")
    }
    return migrator
  }

  /// Where each consultation stands. Ids are pseudonymous; names are in the accounts, health data is in a table of its own.
  private static let consultation = """
    CREATE TABLE consultation (
      id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      patient      TEXT NOT NULL CHECK (length(patient) = 36),
      requester    TEXT NOT NULL CHECK (length(requester) = 36),
      assigned     TEXT CHECK (length(assigned) = 36),
      payment      TEXT NOT NULL CHECK (payment IN ('tiers_payant_integral', 'tiers_payant_amo', 'carte_bancaire')),
      state        TEXT NOT NULL CHECK (state IN
                     ('requested', 'claimed', 'open', 'in_progress', 'suspended', 'ended', 'cancelled')),
      requested_at INTEGER NOT NULL,
      practitioner TEXT CHECK (length(practitioner) = 36),
      claimed_at   INTEGER,
      opened_at    INTEGER,
      status       TEXT CHECK (status IN ('adult', 'minor', 'protected_adult')),
      started_at   INTEGER,
      attested     TEXT CHECK (attested IS NULL OR json_valid(attested)),
      over_at      INTEGER,
      end_reason   TEXT CHECK (end_reason IN ('completed', 'conditions_not_met', 'technical', 'emergency', 'other')),
      CHECK ((practitioner IS NULL) = (claimed_at IS NULL)),
      CHECK ((opened_at IS NULL) = (status IS NULL)),
      CHECK ((started_at IS NULL) = (attested IS NULL)),
      CHECK (opened_at IS NULL OR claimed_at IS NOT NULL),
      CHECK (started_at IS NULL OR opened_at IS NOT NULL),
      CHECK (state <> 'requested' OR practitioner IS NULL),
      CHECK (state NOT IN ('claimed', 'open', 'in_progress', 'suspended', 'ended') OR practitioner IS NOT NULL),
      CHECK (state NOT IN ('open', 'in_progress', 'suspended') OR opened_at IS NOT NULL),
      CHECK (state NOT IN ('in_progress', 'suspended') OR started_at IS NOT NULL),
      CHECK ((state IN ('ended', 'cancelled')) = (over_at IS NOT NULL)),
      CHECK ((state = 'ended') = (end_reason IS NOT NULL)),
      CHECK (assigned IS NULL OR practitioner IS NULL OR assigned = practitioner)
    ) STRICT;
    CREATE INDEX consultation_by_over_at ON consultation (over_at);
    CREATE INDEX consultation_under_way ON consultation (patient) WHERE over_at IS NULL;
    CREATE INDEX consultation_by_patient ON consultation (patient, requested_at);

    """

  /// The table of the domain document's "life of a consultation": a state changes along these arrows or not at all, and
  /// what was once written, a claim before all, stays as it was.
  private static let transitions = """
    CREATE TRIGGER consultation_begins BEFORE INSERT ON consultation
    WHEN NEW.state <> 'requested'
    BEGIN SELECT RAISE(ABORT, 'a consultation begins as requested'); END;
    CREATE TRIGGER consultation_no_replace BEFORE INSERT ON consultation
    WHEN EXISTS (SELECT 1 FROM consultation WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    CREATE TRIGGER consultation_moves BEFORE UPDATE OF state ON consultation
    WHEN NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES
      ('requested', 'claimed'), ('requested', 'cancelled'),
      ('claimed', 'open'), ('claimed', 'cancelled'), ('claimed', 'ended'),
      ('open', 'in_progress'), ('open', 'cancelled'), ('open', 'ended'),
      ('in_progress', 'suspended'), ('in_progress', 'ended'),
      ('suspended', 'in_progress'), ('suspended', 'ended'))
    BEGIN SELECT RAISE(ABORT, 'no such transition'); END;

    CREATE TRIGGER consultation_keeps BEFORE UPDATE ON consultation
    WHEN OLD.over_at IS NOT NULL
      OR NEW.id <> OLD.id OR NEW.patient <> OLD.patient OR NEW.requester <> OLD.requester
      OR NEW.payment <> OLD.payment OR NEW.requested_at <> OLD.requested_at
      OR (OLD.claimed_at IS NOT NULL
        AND (NEW.practitioner IS NOT OLD.practitioner OR NEW.claimed_at IS NOT OLD.claimed_at))
      OR (OLD.opened_at IS NOT NULL AND (NEW.opened_at IS NOT OLD.opened_at OR NEW.status IS NOT OLD.status))
      OR (OLD.started_at IS NOT NULL AND (NEW.started_at IS NOT OLD.started_at OR NEW.attested IS NOT OLD.attested))
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    CREATE TRIGGER consultation_stays BEFORE DELETE ON consultation
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    """

  /// Every transition, in the order in which it was decided. Append-only.
  private static let journal = """
    CREATE TABLE journal (
      seq          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
      consultation TEXT NOT NULL REFERENCES consultation (id),
      event        TEXT NOT NULL CHECK (event IN
                     ('requested', 'claimed', 'cancelled', 'opened', 'started', 'suspended', 'resumed', 'ended')),
      actor        TEXT CHECK (length(actor) = 36),
      at           INTEGER NOT NULL,
      details      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details))
    ) STRICT;
    CREATE INDEX journal_by_consultation ON journal (consultation);

    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

    """

  /// Mutations that were carried out, so that one sent again happens once.
  private static let mutation = """
    CREATE TABLE mutation (
      account      TEXT NOT NULL,
      key          TEXT NOT NULL,
      event        TEXT NOT NULL,
      consultation TEXT NOT NULL REFERENCES consultation (id),
      at           INTEGER NOT NULL,
      PRIMARY KEY (account, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX mutation_by_at ON mutation (at);

    """

  /// What must be gone once the consultation is over (CU-5.2).
  private static let healthData = """
    CREATE TABLE health_data (
      consultation TEXT NOT NULL PRIMARY KEY REFERENCES consultation (id),
      reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER health_data_gone AFTER UPDATE OF over_at ON consultation WHEN NEW.over_at IS NOT NULL
    BEGIN DELETE FROM health_data WHERE consultation = NEW.id; END;

    """
}

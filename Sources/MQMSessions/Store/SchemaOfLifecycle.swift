/// The life of a consultation in full: both clocks, refusal, change of practitioner, documents, closure. SQLite cannot change
/// a table's constraints, so the tables are made anew and what is on record is carried over.
enum SchemaOfLifecycle {
  static let sql =
    """
    DROP TRIGGER health_data_gone;
    CREATE TABLE consultation_new (\(columns)) STRICT;
    INSERT INTO consultation_new
      SELECT id, patient, requester, assigned, payment, state, requested_at, practitioner, claimed_at, opened_at, status,
        started_at, attested, over_at, end_reason,
        requested_at + 86400000, NULL,
        claimed_at + 86400000, NULL,
        CASE WHEN state = 'ended' THEN over_at + 604800000 END, NULL, NULL,
        NULL, NULL, NULL
      FROM consultation;
    DROP TABLE consultation;
    ALTER TABLE consultation_new RENAME TO consultation;
    \(indexes)
    \(transitions)
    \(document)
    \(journal)
    """

  private static let columns = """
      id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      patient      TEXT NOT NULL CHECK (length(patient) = 36),
      requester    TEXT NOT NULL CHECK (length(requester) = 36),
      assigned     TEXT CHECK (length(assigned) = 36),
      payment      TEXT NOT NULL CHECK (payment IN ('tiers_payant_integral', 'tiers_payant_amo', 'carte_bancaire')),
      state        TEXT NOT NULL CHECK (state IN
                     ('requested', 'refused', 'claimed', 'open', 'in_progress', 'suspended', 'ended', 'closed', 'cancelled')),
      requested_at INTEGER NOT NULL,
      practitioner TEXT CHECK (length(practitioner) = 36),
      claimed_at   INTEGER,
      opened_at    INTEGER,
      status       TEXT CHECK (status IN ('adult', 'minor', 'protected_adult')),
      started_at   INTEGER,
      attested     TEXT CHECK (attested IS NULL OR json_valid(attested)),
      over_at      INTEGER,
      end_reason   TEXT CHECK (end_reason IN ('completed', 'conditions_not_met', 'technical', 'emergency', 'other')),
      claim_due_at     INTEGER NOT NULL,
      claim_overdue_at INTEGER,
      start_due_at     INTEGER,
      start_overdue_at INTEGER,
      close_due_at     INTEGER,
      closed_at        INTEGER,
      closed_why       TEXT CHECK (closed_why IN ('confirmed', 'practitioner', 'retention', 'account')),
      refused_by       TEXT CHECK (length(refused_by) = 36),
      refused_grounds  TEXT CHECK (refused_grounds IN ('professional', 'personal', 'unavailable')),
      refused_at       INTEGER,
      CHECK ((practitioner IS NULL) = (claimed_at IS NULL)),
      CHECK ((opened_at IS NULL) = (status IS NULL)),
      CHECK ((started_at IS NULL) = (attested IS NULL)),
      CHECK (opened_at IS NULL OR claimed_at IS NOT NULL),
      CHECK (started_at IS NULL OR opened_at IS NOT NULL),
      CHECK (state NOT IN ('requested', 'refused') OR practitioner IS NULL),
      CHECK (state NOT IN ('claimed', 'open', 'in_progress', 'suspended', 'ended', 'closed') OR practitioner IS NOT NULL),
      CHECK (state NOT IN ('open', 'in_progress', 'suspended') OR opened_at IS NOT NULL),
      CHECK (state NOT IN ('in_progress', 'suspended') OR started_at IS NOT NULL),
      CHECK ((state IN ('ended', 'closed', 'cancelled')) = (over_at IS NOT NULL)),
      CHECK ((state IN ('ended', 'closed')) = (end_reason IS NOT NULL)),
      CHECK ((state IN ('ended', 'closed')) = (close_due_at IS NOT NULL)),
      CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
      CHECK ((closed_at IS NULL) = (closed_why IS NULL)),
      CHECK ((state = 'refused') = (refused_at IS NOT NULL)),
      CHECK ((refused_at IS NULL) = (refused_by IS NULL)),
      CHECK ((refused_at IS NULL) = (refused_grounds IS NULL)),
      CHECK ((practitioner IS NULL) = (start_due_at IS NULL)),
      CHECK (start_overdue_at IS NULL OR start_due_at IS NOT NULL),
      CHECK (assigned IS NULL OR practitioner IS NULL OR assigned = practitioner)
    """

  private static let indexes = """
    CREATE INDEX consultation_by_over_at ON consultation (over_at);
    CREATE INDEX consultation_under_way ON consultation (patient) WHERE over_at IS NULL;
    CREATE INDEX consultation_not_final ON consultation (requested_at) WHERE state NOT IN ('closed', 'cancelled');
    CREATE INDEX consultation_by_patient ON consultation (patient, requested_at);
    CREATE INDEX consultation_by_practitioner ON consultation (practitioner) WHERE practitioner IS NOT NULL;
    CREATE INDEX consultation_by_requester ON consultation (requester);
    """

  /// The table of the domain document's "life of a consultation": a state changes along these arrows or not at all, and
  /// what was once written stays as it was, but for a claim that was given back or taken away before the start.
  private static let transitions = """
    CREATE TRIGGER consultation_begins BEFORE INSERT ON consultation
    WHEN NEW.state <> 'requested'
    BEGIN SELECT RAISE(ABORT, 'a consultation begins as requested'); END;
    CREATE TRIGGER consultation_no_replace BEFORE INSERT ON consultation
    WHEN EXISTS (SELECT 1 FROM consultation WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    CREATE TRIGGER consultation_moves BEFORE UPDATE OF state ON consultation
    WHEN NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES
      ('requested', 'claimed'), ('requested', 'refused'), ('requested', 'cancelled'),
      ('refused', 'requested'), ('refused', 'cancelled'),
      ('claimed', 'requested'), ('claimed', 'open'), ('claimed', 'cancelled'), ('claimed', 'ended'),
      ('open', 'requested'), ('open', 'in_progress'), ('open', 'cancelled'), ('open', 'ended'),
      ('in_progress', 'suspended'), ('in_progress', 'ended'),
      ('suspended', 'in_progress'), ('suspended', 'ended'),
      ('ended', 'closed'))
    BEGIN SELECT RAISE(ABORT, 'no such transition'); END;

    CREATE TRIGGER consultation_keeps BEFORE UPDATE ON consultation
    WHEN OLD.state IN ('closed', 'cancelled')
      OR NEW.id <> OLD.id OR NEW.patient <> OLD.patient OR NEW.requester <> OLD.requester
      OR NEW.payment <> OLD.payment OR NEW.requested_at <> OLD.requested_at
      OR (OLD.over_at IS NOT NULL AND (NEW.over_at IS NOT OLD.over_at OR NEW.end_reason IS NOT OLD.end_reason))
      OR (OLD.claimed_at IS NOT NULL AND NEW.state <> 'requested'
        AND (NEW.practitioner IS NOT OLD.practitioner OR NEW.claimed_at IS NOT OLD.claimed_at))
      OR (OLD.opened_at IS NOT NULL AND NEW.state <> 'requested'
        AND (NEW.opened_at IS NOT OLD.opened_at OR NEW.status IS NOT OLD.status))
      OR (OLD.started_at IS NOT NULL AND (NEW.started_at IS NOT OLD.started_at OR NEW.attested IS NOT OLD.attested))
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    CREATE TRIGGER consultation_stays BEFORE DELETE ON consultation
    BEGIN SELECT RAISE(ABORT, 'what is on record stays'); END;

    CREATE TRIGGER health_data_gone AFTER UPDATE OF state ON consultation WHEN NEW.state IN ('closed', 'cancelled')
    BEGIN DELETE FROM health_data WHERE consultation = NEW.id; END;
    """

  /// What was handed over, while the consultation is not closed.
  private static let document = """
    CREATE TABLE document (
      id             TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      consultation   TEXT NOT NULL REFERENCES consultation (id),
      kind           TEXT NOT NULL CHECK (kind IN ('prescription', 'sick_note', 'letter', 'other')),
      type           TEXT NOT NULL CHECK (type IN ('application/pdf', 'image/jpeg', 'image/png')),
      size           INTEGER NOT NULL CHECK (size > 0),
      commitment     TEXT NOT NULL CHECK (length(commitment) = 64),
      handed_over_at INTEGER NOT NULL,
      fetched_at     INTEGER
    ) STRICT;
    CREATE INDEX document_by_consultation ON document (consultation);
    """

  private static let journal = """
    CREATE TABLE journal_new (
      seq          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
      consultation TEXT REFERENCES consultation (id),
      event        TEXT NOT NULL,
      actor        TEXT CHECK (length(actor) = 36),
      at           INTEGER NOT NULL,
      details      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details))
    ) STRICT;
    INSERT INTO journal_new SELECT * FROM journal;
    DROP TABLE journal;
    ALTER TABLE journal_new RENAME TO journal;
    CREATE INDEX journal_by_consultation ON journal (consultation);
    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    """
}

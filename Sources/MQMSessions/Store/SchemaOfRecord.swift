import Foundation
import GRDB
import Rooms

/// The journal as a tamper-evident log, the heads that are signed over it, and what is to be exported of it. What stood in
/// the old journal becomes entries.
enum SchemaOfRecord {
  static func migrate(_ database: Database) throws {
    let earlier = try Row.fetchAll(database, sql: earlierJournal)
    try database.execute(sql: "DROP TABLE journal;" + journal + heads + export)
    var state = RecordState(log: "")
    for row in earlier { _ = try state.append(try event(row), in: database) }
  }

  /// Times are in milliseconds. Whatever is not `entry`, `chain` and `nodes` is read from `entry`.
  private static let journal = """
    CREATE TABLE journal (
      seq          INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 0),
      entry        TEXT NOT NULL,
      chain        BLOB NOT NULL CHECK (length(chain) = 32),
      nodes        BLOB NOT NULL CHECK (length(nodes) % 32 = 0),
      consultation TEXT GENERATED ALWAYS AS (entry ->> '$.consultation') VIRTUAL,
      event        TEXT GENERATED ALWAYS AS (entry ->> '$.event') VIRTUAL,
      actor        TEXT GENERATED ALWAYS AS (entry ->> '$.actor') VIRTUAL,
      at           INTEGER GENERATED ALWAYS AS (entry ->> '$.at') VIRTUAL,
      details      TEXT GENERATED ALWAYS AS (entry -> '$.details') VIRTUAL
    ) STRICT;
    CREATE INDEX journal_by_consultation ON journal (consultation);

    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_appends BEFORE INSERT ON journal
    WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

    """

  private static let heads = """
    CREATE TABLE record_tip (
      id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
      text       TEXT NOT NULL,
      signature  BLOB NOT NULL CHECK (length(signature) = 64),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32)
    ) STRICT;
    CREATE TRIGGER record_tip_stays BEFORE DELETE ON record_tip
    BEGIN SELECT RAISE(ABORT, 'the record has a tip'); END;

    CREATE TABLE record_head (
      number     INTEGER NOT NULL PRIMARY KEY CHECK (number >= 0),
      text       TEXT NOT NULL,
      signature  BLOB NOT NULL CHECK (length(signature) = 64),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32)
    ) STRICT;
    CREATE TRIGGER record_head_no_update BEFORE UPDATE ON record_head
    BEGIN SELECT RAISE(ABORT, 'heads are append-only'); END;
    CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head
    BEGIN SELECT RAISE(ABORT, 'heads are append-only'); END;
    CREATE TRIGGER record_head_appends BEFORE INSERT ON record_head
    WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM record_head)
    BEGIN SELECT RAISE(ABORT, 'heads are append-only'); END;

    CREATE TABLE record_timestamp (
      head  INTEGER NOT NULL PRIMARY KEY REFERENCES record_head (number),
      token BLOB NOT NULL CHECK (length(token) BETWEEN 1 AND 65536)
    ) STRICT;
    CREATE TRIGGER record_timestamp_no_update BEFORE UPDATE ON record_timestamp
    BEGIN SELECT RAISE(ABORT, 'time stamps are append-only'); END;
    CREATE TRIGGER record_timestamp_no_delete BEFORE DELETE ON record_timestamp
    BEGIN SELECT RAISE(ABORT, 'time stamps are append-only'); END;

    """

  private static let export = """
    CREATE TABLE record_export (
      seq  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
      head INTEGER REFERENCES record_head (number),
      line TEXT,
      CHECK ((head IS NULL) <> (line IS NULL))
    ) STRICT;
    CREATE TABLE record_exported (
      target TEXT NOT NULL PRIMARY KEY,
      seq    INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  // MARK: What was there before

  /// Each event with what its details did not say then, and its consultation's row does.
  private static let earlierJournal = """
    SELECT journal.consultation, journal.event, journal.actor, journal.at, journal.details,
      consultation.patient, consultation.requester, consultation.assigned, consultation.payment,
      consultation.requested_at
    FROM journal LEFT JOIN consultation ON consultation.id = journal.consultation ORDER BY seq
    """

  private static func event(_ row: Row) throws -> RecordedEvent {
    let consultation: String? = row["consultation"]
    let actor: String? = row["actor"]
    let at: Int64 = row["at"]
    let details: String = row["details"]
    guard let known = try JSONSerialization.jsonObject(with: Data(details.utf8)) as? [String: Any] else {
      throw RecordDamaged(consultation: consultation ?? "")
    }
    // As long as clocks had one length, it was not written down.
    let day: Int64 = 24 * 3_600_000
    let missing: [(String, JSONText.Value)] =
      switch row["event"] as String {
      case "requested":
        [
          ("patient", .optional(row["patient"] as String?)), ("requester", .optional(row["requester"] as String?)),
          ("assigned", .optional(row["assigned"] as String?)), ("payment", .optional(row["payment"] as String?)),
          ("requested_at", .optional(row["requested_at"] as Int64?)),
          ("claim_due_at", .number((row["requested_at"] ?? at) + day)),
        ]
      case "claimed": [("practitioner", .optional(actor)), ("start_due_at", .number(at + day))]
      case "ended": [("close_due_at", .number(at + 7 * day))]
      default: []
      }
    let added = JSONText.object(missing.filter { known[$0.0] == nil })
    return RecordedEvent(
      consultation: consultation.flatMap { ConsultationID($0) }, event: row["event"],
      actor: actor.flatMap { PersonID($0) }, at: Instant(milliseconds: at), details: merged(details, added))
  }

  /// Two objects as one.
  private static func merged(_ one: String, _ other: String) -> String {
    if one == "{}" { return other }
    return other == "{}" ? one : "\(one.dropLast()),\(other.dropFirst())"
  }
}

/// What keeps people from learning of, writing to or blocking others: the fourth migration of ``Schema``.
enum SchemaOfAbuse {
  static let all = [decoys, invitations, practitioners]

  private static let decoys = """
    CREATE TABLE decoy (
      id INTEGER PRIMARY KEY,
      created_at INTEGER NOT NULL,
      bytes BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1000)
    ) STRICT;
    CREATE INDEX decoy_created ON decoy (created_at);
    """

  /// Who invited how often is counted in the audit, which outlives the invitations.
  private static let invitations = """
    CREATE INDEX audit_invitations ON audit (actor, at) WHERE action = 'guardian_invited';
    """

  /// As before, but a number belongs to one practitioner only among those who were not refused. GRDB checks the foreign
  /// keys after the migration, not while the table is gone.
  private static let practitioners = """
    CREATE TABLE practitioner_2 (
      account BLOB NOT NULL PRIMARY KEY,
      role TEXT NOT NULL DEFAULT 'practitioner' CHECK (role = 'practitioner'),
      rpps TEXT NOT NULL CHECK (length(rpps) = 11 AND rpps NOT GLOB '*[^0-9]*'),
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
    INSERT INTO practitioner_2
    SELECT account, role, rpps, specialty, sector, verification, verification_ground, verification_at
    FROM practitioner;
    DROP TABLE practitioner;
    ALTER TABLE practitioner_2 RENAME TO practitioner;
    CREATE UNIQUE INDEX practitioner_rpps ON practitioner (rpps) WHERE verification <> 'refused';
    """
}

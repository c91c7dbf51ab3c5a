/// The tables with which people come and go by themselves: the second migration of ``Schema``.
enum SchemaOfPeople {
  static let all = [details, texts, registrations, links, invitations, health, secondFactors, mail, audit]

  private static let details = """
    ALTER TABLE account ADD COLUMN language TEXT NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en'));
    ALTER TABLE account ADD COLUMN street TEXT CHECK (length(street) BETWEEN 1 AND 200);
    ALTER TABLE account ADD COLUMN postal_code TEXT CHECK (length(postal_code) BETWEEN 1 AND 20);
    ALTER TABLE account ADD COLUMN city TEXT CHECK (length(city) BETWEEN 1 AND 100);
    ALTER TABLE account ADD COLUMN country TEXT CHECK (country GLOB '[A-Z][A-Z]') CONSTRAINT address_is_whole
      CHECK ((street IS NULL) = (postal_code IS NULL) AND (street IS NULL) = (city IS NULL)
        AND (street IS NULL) = (country IS NULL));
    ALTER TABLE account ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE account ADD COLUMN unused_notice_at INTEGER;
    UPDATE account SET last_used_at = created_at;
    CREATE INDEX account_last_used ON account (last_used_at);

    ALTER TABLE patient ADD COLUMN attending_name TEXT CHECK (length(attending_name) BETWEEN 1 AND 100)
      CONSTRAINT one_physician CHECK (attending_name IS NULL OR attending IS NULL);

    ALTER TABLE guardianship ADD COLUMN granted_by BLOB CHECK (length(granted_by) = 16);

    ALTER TABLE session ADD COLUMN device TEXT CHECK (length(device) BETWEEN 1 AND 60);
    ALTER TABLE session ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN factors INTEGER NOT NULL DEFAULT 1 CHECK (factors IN (1, 2));
    UPDATE session SET last_used_at = created_at;
    """

  /// What was published stays, to the letter: it is what people agreed to (CU-3).
  private static let texts = """
    CREATE TABLE legal_text (
      document TEXT NOT NULL CHECK (document IN ('terms', 'privacy')),
      version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 100000),
      language TEXT NOT NULL CHECK (language IN ('fr', 'en')),
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 200000),
      published_at INTEGER NOT NULL,
      PRIMARY KEY (document, version, language)
    ) STRICT;
    CREATE TRIGGER legal_text_no_update BEFORE UPDATE ON legal_text
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER legal_text_no_delete BEFORE DELETE ON legal_text
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER legal_text_no_replace BEFORE INSERT ON legal_text
    WHEN EXISTS (SELECT 1 FROM legal_text
      WHERE document = NEW.document AND version = NEW.version AND language = NEW.language)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;

    CREATE TABLE consent (
      account BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      document TEXT NOT NULL,
      version INTEGER NOT NULL,
      language TEXT NOT NULL,
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      given_at INTEGER NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('self', 'guardian', 'import')),
      given_by BLOB CHECK (length(given_by) = 16),
      PRIMARY KEY (account, document, version),
      FOREIGN KEY (document, version, language) REFERENCES legal_text (document, version, language),
      CONSTRAINT guardian_is_known CHECK ((source = 'guardian') = (given_by IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    """

  /// Who signed up, and has not shown yet that the e-mail address is theirs. `details` is JSON.
  private static let registrations = """
    CREATE TABLE registration (
      token_digest BLOB NOT NULL PRIMARY KEY CHECK (length(token_digest) = 32),
      email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
      details TEXT NOT NULL CHECK (json_valid(details)),
      salt BLOB NOT NULL CHECK (length(salt) = 16),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      rounds INTEGER NOT NULL,
      block_size INTEGER NOT NULL,
      parallelism INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX registration_email ON registration (email);
    CREATE INDEX registration_expiry ON registration (expires_at);
    """

  /// What was e-mailed to somebody who has an account: to set a new password, or to confirm a new address.
  private static let links = """
    CREATE TABLE link (
      token_digest BLOB NOT NULL PRIMARY KEY CHECK (length(token_digest) = 32),
      account BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      purpose TEXT NOT NULL CHECK (purpose IN ('password', 'email')),
      email TEXT CHECK (length(email) BETWEEN 3 AND 254),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT new_address CHECK ((purpose = 'email') = (email IS NOT NULL))
    ) STRICT;
    CREATE INDEX link_account ON link (account, purpose);
    CREATE INDEX link_expiry ON link (expires_at);
    """

  private static let invitations = """
    CREATE TABLE invitation (
      id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
      token_digest BLOB NOT NULL UNIQUE CHECK (length(token_digest) = 32),
      patient BLOB NOT NULL REFERENCES patient (account) ON DELETE CASCADE,
      invited_by BLOB CHECK (length(invited_by) = 16),
      email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
      relation TEXT NOT NULL CHECK (relation IN ('parent', 'tutor', 'curator')),
      state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'revoked')),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX invitation_patient ON invitation (patient, state);
    CREATE INDEX invitation_email ON invitation (email, state);
    CREATE INDEX invitation_inviter ON invitation (invited_by, created_at);
    CREATE TRIGGER invitation_is_decided_once BEFORE UPDATE ON invitation WHEN OLD.state <> 'open'
    BEGIN SELECT RAISE(ABORT, 'invitation_used'); END;
    """

  /// Health data, sealed under a key of the patient's own, which is sealed under the master key. Without the first row
  /// the second is noise (CU-1, CU-12.1).
  private static let health = """
    CREATE TABLE data_key (
      account BLOB NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
      sealed BLOB NOT NULL CHECK (length(sealed) BETWEEN 60 AND 200)
    ) STRICT;
    CREATE TABLE health_file (
      patient BLOB NOT NULL PRIMARY KEY REFERENCES patient (account) ON DELETE CASCADE,
      sealed BLOB NOT NULL CHECK (length(sealed) BETWEEN 28 AND 32768),
      updated_at INTEGER NOT NULL
    ) STRICT;
    """

  /// TOTP (RFC 6238). The secret is sealed like health data; `last_step` keeps a code from being used twice.
  private static let secondFactors = """
    CREATE TABLE second_factor (
      account BLOB NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
      sealed BLOB NOT NULL CHECK (length(sealed) BETWEEN 28 AND 200),
      confirmed_at INTEGER,
      last_step INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE recovery_code (
      account BLOB NOT NULL REFERENCES second_factor (account) ON DELETE CASCADE,
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      PRIMARY KEY (account, digest)
    ) STRICT, WITHOUT ROWID;
    """

  /// Letters that wait to be sent. `letter` is JSON; the row goes once it is sent, and with the account that it is for
  /// or `about`.
  private static let mail = """
    CREATE TABLE mail (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account BLOB REFERENCES account (id) ON DELETE CASCADE,
      about BLOB REFERENCES account (id) ON DELETE CASCADE,
      recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
      language TEXT NOT NULL CHECK (language IN ('fr', 'en')),
      letter TEXT NOT NULL CHECK (json_valid(letter) AND length(letter) <= 4000),
      created_at INTEGER NOT NULL,
      next_try_at INTEGER NOT NULL,
      tries INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX mail_due ON mail (next_try_at);
    CREATE INDEX mail_account ON mail (account) WHERE account IS NOT NULL;
    CREATE INDEX mail_about ON mail (about) WHERE about IS NOT NULL;
    """

  /// As before, with a third kind of actor: the platform's own clock (CU-4.4).
  private static let audit = """
    CREATE TABLE audit_2 (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL CHECK (actor IN ('cli', 'system') OR length(actor) = 36),
      action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 40),
      subject BLOB NOT NULL CHECK (length(subject) = 16),
      other BLOB CHECK (length(other) = 16),
      ground TEXT CHECK (length(ground) BETWEEN 1 AND 200)
    ) STRICT;
    INSERT INTO audit_2 SELECT id, at, actor, action, subject, other, ground FROM audit;
    DROP TABLE audit;
    ALTER TABLE audit_2 RENAME TO audit;
    CREATE INDEX audit_subject ON audit (subject);
    CREATE INDEX audit_other ON audit (other) WHERE other IS NOT NULL;

    CREATE TRIGGER audit_keeps_what_it_says BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER audit_keeps_everything BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    CREATE TRIGGER audit_replaces_nothing BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append_only'); END;
    """
}

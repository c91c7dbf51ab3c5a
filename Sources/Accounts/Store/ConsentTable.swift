import Foundation
internal import GRDB
import Mail

/// What people agreed to (CU-3).
enum ConsentTable {
  /// Documents whose version in force an account has not agreed to. Whoever is an operator only needs to agree to
  /// nothing.
  static func needed(_ db: Database, of account: AccountID) throws -> [LegalDocument] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT document FROM (SELECT document, max(version) AS version FROM legal_text GROUP BY document) AS current
        WHERE EXISTS (SELECT 1 FROM role WHERE account = :account AND role IN ('patient', 'guardian', 'practitioner'))
          AND NOT EXISTS (SELECT 1 FROM consent
            WHERE account = :account AND document = current.document AND version = current.version)
        ORDER BY document DESC
        """)
    return try String.fetchAll(statement, arguments: ["account": account.uuid]).map { try TextTable.stored($0) }
  }

  /// - Returns: false if the account has agreed to this version before.
  static func insert(
    _ db: Database, of account: AccountID, to text: TextReference, source: Consent.Source, by guardian: AccountID?,
    now: Int64
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO consent (account, document, version, language, sha256, given_at, source, given_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, document, version) DO NOTHING
        """
    ).execute(arguments: [
      account.uuid, text.document.rawValue, text.version, text.language.rawValue, text.sha256, now, source.rawValue,
      guardian?.uuid,
    ])
    return db.changesCount == 1
  }

  /// Oldest first.
  static func all(_ db: Database, of account: AccountID) throws -> [Consent] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT document, version, language, sha256, given_at, source FROM consent WHERE account = ?
        ORDER BY given_at, document DESC, version
        """)
    return try Row.fetchAll(statement, arguments: [account.uuid]).map { row in
      Consent(
        document: try TextTable.stored(row["document"]), version: row["version"],
        language: try TextTable.stored(row["language"]), sha256: row["sha256"], givenAt: row["given_at"],
        source: try TextTable.stored(row["source"]))
    }
  }

  /// Agrees for a patient to whatever a guardian agreed to for themself and is in force.
  static func copy(_ db: Database, from guardian: AccountID, to patient: AccountID, now: Int64) throws {
    let given = try all(db, of: guardian)
    for document in LegalDocument.allCases {
      guard
        let text = try TextTable.current(db, of: document).first(where: { text in
          given.contains { ($0.document, $0.version, $0.language) == (text.document, text.version, text.language) }
        })
      else { continue }
      try give(db, of: patient, to: text, source: .guardian, by: guardian, now: now)
    }
  }

  /// Stores that somebody agreed, and what the audit says of it; nothing if they had agreed before.
  ///
  /// - Parameter guardian: who agreed in the patient's place.
  static func give(
    _ db: Database, of account: AccountID, to text: TextReference, source: Consent.Source, by guardian: AccountID?,
    actor: AuditEntry.Actor? = nil, now: Int64
  ) throws {
    guard try insert(db, of: account, to: text, source: source, by: guardian, now: now) else { return }
    try AuditTable.append(
      db, at: now, by: actor ?? .account(guardian ?? account), .consentGiven, account,
      ground: Ground("\(text.document.rawValue) \(text.version)"))
  }

  /// Open accounts with an e-mail address that agreed to an older version of a document.
  static func readersOfOlder(
    _ db: Database, than versions: [LegalDocument: Int]
  ) throws -> [(account: AccountID, email: String, language: Language)] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT a.id, c.email, a.language FROM account a JOIN credential c ON c.account = a.id
        WHERE a.suspended_at IS NULL AND EXISTS (SELECT 1 FROM consent WHERE consent.account = a.id AND (
          (document = 'terms' AND version < :terms) OR (document = 'privacy' AND version < :privacy)))
        ORDER BY a.id
        """)
    let arguments: StatementArguments = ["terms": versions[.terms] ?? 0, "privacy": versions[.privacy] ?? 0]
    return try Row.fetchAll(statement, arguments: arguments).map { row in
      (AccountID(row["id"] as UUID), row["email"], try TextTable.stored(row["language"]))
    }
  }
}

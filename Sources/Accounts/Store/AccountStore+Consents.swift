public import Foundation
internal import GRDB

/// Who agreed to what (CU-3).
extension AccountStore {
  /// Documents whose version in force an account has not agreed to. Patients, guardians and practitioners have to;
  /// nobody does while nothing was published.
  public func consentsNeeded(of account: AccountID) async throws(AccountRefusal) -> [LegalDocument] {
    try await database.read { db in try ConsentTable.needed(db, of: account) }
  }

  /// Those of several accounts who have to agree to something.
  public func withoutConsent(among accounts: Set<AccountID>) async throws(AccountRefusal) -> Set<AccountID> {
    try await database.read { db in try accounts.filter { try !ConsentTable.needed(db, of: $0).isEmpty } }
  }

  /// What an account agreed to, oldest first.
  public func consents(of account: AccountID) async throws(AccountRefusal) -> [Consent] {
    try await database.read { db in try ConsentTable.all(db, of: account) }
  }

  /// Records that a person agreed to a text, for themself and for the patients whom they represent and who have no
  /// sign-in of their own. Agreeing again changes nothing.
  ///
  /// - Parameter sha256: of the text that the person saw.
  /// - Throws: ``AccountRefusal/textChanged`` unless it is the one in force, to the letter;
  ///   ``AccountRefusal/unknownAccount``.
  public func consent(
    to document: LegalDocument, version: Int, language: Language, sha256: Data, of account: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      _ = try ProfileTable.require(db, account)
      let current = try TextTable.current(db, of: document)
      guard let text = current.first(where: { $0.language == language }), text.version == version,
        text.sha256 == sha256
      else { throw AccountRefusal.textChanged }
      try ConsentTable.give(db, of: account, to: text, source: .own, by: nil, now: now)
      for patient in try FamilyTable.dependants(db, of: account)
      where try FamilyTable.represents(db, patient, account, now: now) {
        try ConsentTable.give(db, of: patient, to: text, source: .guardian, by: account, now: now)
      }
    }
  }
}

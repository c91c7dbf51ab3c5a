internal import GRDB
import Mail

extension MailTable {
  /// Queues a letter to somebody who has an account, in their language. Nothing is queued for somebody without an e-mail
  /// address.
  ///
  /// - Parameter about: whom the letter names, if anybody: it is not sent any more once they are erased.
  static func append(
    _ db: Database, to account: AccountID, _ letter: Letter, about: AccountID? = nil, now: Int64
  ) throws {
    guard let profile = try ProfileTable.find(db, account), let email = profile.email else { return }
    try append(db, to: email, account: account, language: profile.language, letter, now: now)
    if let about { try markLast(db, about: about) }
  }

  /// Tells a patient and all guardians that who accompanies the patient, or how, has changed or is about to.
  ///
  /// - Parameter others: who is not written to, as they did it or are told in other words.
  static func appendToFamily(
    _ db: Database, of patient: AccountID, except others: Set<AccountID> = [], now: Int64
  ) throws {
    let family = try [patient] + FamilyTable.guardianships(db, of: patient).map(\.guardian)
    for reader in family where !others.contains(reader) {
      try append(db, to: reader, .accompanimentChanged, now: now)
    }
  }

  /// Says whom the letter names that was queued just now.
  static func markLast(_ db: Database, about: AccountID) throws {
    try db.execute(sql: "UPDATE mail SET about = ? WHERE id = ?", arguments: [about.uuid, db.lastInsertedRowID])
  }
}

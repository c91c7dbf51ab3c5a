import Foundation
internal import GRDB
import Mail

/// Reading and writing what a person corrects of an account.
enum DetailsTable {
  static func details(_ db: Database, of account: AccountID, now: Int64) throws -> AccountDetails? {
    guard let profile = try ProfileTable.find(db, account) else { return nil }
    let statement = try db.cachedStatement(
      sql: """
        SELECT a.street, a.postal_code, a.city, a.country, a.created_at, d.verification_ground,
          EXISTS (SELECT 1 FROM second_factor WHERE account = a.id AND confirmed_at IS NOT NULL) AS second_factor,
          (SELECT email FROM link WHERE account = a.id AND purpose = 'email' AND expires_at > :now
            ORDER BY created_at DESC LIMIT 1) AS pending_email
        FROM account a LEFT JOIN practitioner d ON d.account = a.id WHERE a.id = :id
        """)
    guard let row = try Row.fetchOne(statement, arguments: ["id": account.uuid, "now": now]) else { return nil }
    return AccountDetails(
      profile: profile, language: profile.language, postalAddress: try address(row),
      attending: try attending(db, of: profile), verificationGround: row["verification_ground"],
      hasSecondFactor: row["second_factor"], createdAt: row["created_at"], pendingEmail: row["pending_email"])
  }

  /// The physician whom a patient named, as the patient sees them.
  static func attending(_ db: Database, of patient: Profile) throws -> Attending? {
    if let name = patient.attendingName { return .named(name) }
    guard let id = patient.attendingPhysician, let physician = try ProfileTable.find(db, id),
      let practice = physician.practitioner
    else { return nil }
    return .registered(
      id, givenName: physician.givenName, familyName: physician.familyName, specialty: practice.specialty)
  }

  static func setNames(
    _ db: Database, of account: AccountID, givenName: PersonName?, familyName: PersonName?
  ) throws {
    try execute(
      db,
      "UPDATE account SET given_name = coalesce(?, given_name), family_name = coalesce(?, family_name) WHERE id = ?",
      [givenName?.text, familyName?.text, account.uuid])
    try PractitionerTable.noteNames(db, of: account)
  }

  static func setLanguage(_ db: Database, of account: AccountID, to language: Language) throws {
    try execute(db, "UPDATE account SET language = ? WHERE id = ?", [language.rawValue, account.uuid])
  }

  static func setPostalAddress(_ db: Database, of account: AccountID, to address: PostalAddress?) throws {
    try execute(
      db, "UPDATE account SET street = ?, postal_code = ?, city = ?, country = ? WHERE id = ?",
      [address?.street, address?.postalCode, address?.city, address?.country, account.uuid])
  }

  static func setBirthDate(_ db: Database, of patient: AccountID, to date: CivilDate) throws {
    try execute(db, "UPDATE patient SET birth_date = ? WHERE account = ?", [date.description, patient.uuid])
  }

  /// - Throws: ``AccountRefusal/hasGuardians``, ``AccountRefusal/notAPatient``.
  static func setProtection(_ db: Database, of patient: AccountID, to protection: Protection) throws {
    guard try FamilyTable.guardianships(db, of: patient).isEmpty else { throw AccountRefusal.hasGuardians }
    try execute(db, "UPDATE patient SET protection = ? WHERE account = ?", [protection.rawValue, patient.uuid])
    guard db.changesCount == 1 else { throw AccountRefusal.notAPatient }
  }

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for somebody who is no verified practitioner, or for oneself.
  static func setAttending(_ db: Database, of patient: AccountID, to choice: AttendingChoice) throws {
    let (id, name): (AccountID?, String?) =
      switch choice {
      case .none: (nil, nil)
      case .registered(let id): (id, nil)
      case .named(let name): (nil, name.text)
      }
    if let id {
      guard try ProfileTable.find(db, id)?.isVerifiedPractitioner == true else {
        throw AccountRefusal.invalid(field: .attending, why: "there is no such practitioner; choose one who was found")
      }
    }
    try execute(
      db, "UPDATE patient SET attending = ?, attending_name = ? WHERE account = ?", [id?.uuid, name, patient.uuid])
    guard db.changesCount == 1 else {
      throw AccountRefusal.invalid(field: .attending, why: "only patients name an attending physician")
    }
  }

  private static func address(_ row: Row) throws -> PostalAddress? {
    guard let street: String = row["street"] else { return nil }
    return try PostalAddress(
      street: street, postalCode: row["postal_code"], city: row["city"], country: row["country"])
  }

  private static func execute(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

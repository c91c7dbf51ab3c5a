import Foundation
internal import GRDB

/// Who represents whom, and may therefore see and do what (CU-6.3).
enum FamilyTable {
  /// A row of `guardianship`, with who granted it.
  struct Row: Hashable, Sendable {
    let patient: AccountID
    let guardian: AccountID
    let relation: Relation
    let since: Int64
    let grantedBy: AccountID?
  }

  /// First recorded first.
  static func guardianships(_ db: Database, of patient: AccountID) throws -> [Row] {
    try rows(db, "patient = ? ORDER BY since, guardian", patient)
  }

  /// Longest first.
  static func guardianships(_ db: Database, by guardian: AccountID) throws -> [Row] {
    try rows(db, "guardian = ? ORDER BY since, patient", guardian)
  }

  private static func rows(_ db: Database, _ condition: String, _ id: AccountID) throws -> [Row] {
    let statement = try db.cachedStatement(
      sql: "SELECT patient, guardian, relation, since, granted_by FROM guardianship WHERE \(condition)")
    return try GRDB.Row.fetchAll(statement, arguments: [id.uuid]).map { row in
      let grantedBy: UUID? = row["granted_by"]
      return Row(
        patient: AccountID(row["patient"] as UUID), guardian: AccountID(row["guardian"] as UUID),
        relation: try TextTable.stored(row["relation"]), since: row["since"],
        grantedBy: grantedBy.map { AccountID($0) })
    }
  }

  static func hasSignIn(_ db: Database, _ account: AccountID) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM credential WHERE account = ?")
    return try Int.fetchOne(statement, arguments: [account.uuid]) != nil
  }

  /// Patients without a sign-in of their own whom an account represents.
  static func dependants(_ db: Database, of guardian: AccountID) throws -> [AccountID] {
    try guardianships(db, by: guardian).map(\.patient).filter { try !hasSignIn(db, $0) }
  }

  /// Dependants whom nobody else represents.
  static func orphans(_ db: Database, of guardian: AccountID) throws -> [AccountID] {
    try dependants(db, of: guardian).filter { patient in
      try guardianships(db, of: patient).allSatisfy { $0.guardian == guardian }
    }
  }

  /// Whether an account is the patient's own, or represents the patient on the day.
  static func maySee(_ db: Database, _ patient: AccountID, _ account: AccountID, now: Int64) throws -> Bool {
    guard try ProfileTable.find(db, patient)?.roles.contains(.patient) == true else { return false }
    return try account == patient || represents(db, patient, account, now: now)
  }

  /// Whether an account is a guardian whose relation counts on the day in France: a parent's ends when the patient comes
  /// of age, a tutor's or curator's with the protection (CU-6.3). Operators represent nobody (CU-5.2).
  static func represents(_ db: Database, _ patient: AccountID, _ account: AccountID, now: Int64) throws -> Bool {
    guard let row = try guardianships(db, of: patient).first(where: { $0.guardian == account }),
      try row.relation.fits(ProfileTable.require(db, patient), on: CivilDate(inParisAt: now))
    else { return false }
    return try !ProfileTable.require(db, account).roles.contains(.operator)
  }

  /// Whether a guardian acts for a patient as for themself: the patient has no sign-in of their own.
  static func mayManage(_ db: Database, _ patient: AccountID, _ guardian: AccountID, now: Int64) throws -> Bool {
    try represents(db, patient, guardian, now: now) && !hasSignIn(db, patient)
  }

  /// Whether a guardian may erase a patient without a sign-in of their own: also when the patient has come of age, as the
  /// account would be nobody's otherwise.
  static func mayErase(_ db: Database, _ patient: AccountID, _ guardian: AccountID) throws -> Bool {
    guard try guardianships(db, of: patient).contains(where: { $0.guardian == guardian }) else { return false }
    return try !hasSignIn(db, patient) && !ProfileTable.require(db, guardian).roles.contains(.operator)
  }

  /// A patient as an account sees them that may see them.
  static func details(_ db: Database, of patient: AccountID, for account: AccountID, now: Int64) throws
    -> PatientDetails
  {
    let profile = try ProfileTable.require(db, patient)
    let guardianships = try guardianships(db, of: patient)
    let hasOwnSignIn = try hasSignIn(db, patient)
    let guardians = try guardianships.map { row in
      PatientDetails.GuardianEntry(
        profile: try ProfileTable.require(db, row.guardian), relation: row.relation, since: row.since,
        isRevocable: row.mayEnd(account, among: guardianships) && (hasOwnSignIn || guardianships.count > 1))
    }
    return PatientDetails(
      profile: profile, relation: guardianships.first { $0.guardian == account }?.relation,
      attending: try DetailsTable.attending(db, of: profile), hasOwnSignIn: hasOwnSignIn, guardians: guardians,
      invitations: try InvitationTable.open(db, of: patient, now: now))
  }
}

extension FamilyTable.Row {
  /// The patient, the guardian themself, and who granted it may end it, the last only while they represent the patient.
  ///
  /// - Parameter guardianships: all of the patient.
  func mayEnd(_ account: AccountID, among guardianships: [FamilyTable.Row]) -> Bool {
    account == patient || account == guardian
      || account == grantedBy && guardianships.contains { $0.guardian == account }
  }
}

import Foundation
internal import GRDB

/// Reading people out of `account` and the tables that hang on it.
enum ProfileTable {
  private static let select = """
    SELECT a.id, a.given_name, a.family_name, a.language, a.suspended_at IS NOT NULL AS suspended, c.email,
      (SELECT group_concat(role) FROM role WHERE role.account = a.id) AS roles,
      p.birth_date, p.protection, p.attending, p.attending_name, d.rpps, d.specialty, d.sector, d.verification
    FROM account a
    LEFT JOIN credential c ON c.account = a.id
    LEFT JOIN patient p ON p.account = a.id
    LEFT JOIN practitioner d ON d.account = a.id
    """

  static func find(_ db: Database, _ id: AccountID) throws -> Profile? {
    let statement = try db.cachedStatement(sql: "\(select) WHERE a.id = ?")
    return try Row.fetchOne(statement, arguments: [id.uuid]).map(profile)
  }

  /// - Throws: ``AccountRefusal/unknownAccount``.
  static func require(_ db: Database, _ id: AccountID) throws -> Profile {
    guard let profile = try find(db, id) else { throw AccountRefusal.unknownAccount }
    return profile
  }

  static func find(_ db: Database, email: EmailAddress) throws -> Profile? {
    let statement = try db.cachedStatement(sql: "\(select) WHERE c.email = ?")
    return try Row.fetchOne(statement, arguments: [email.text]).map(profile)
  }

  /// One page, in the order of ids.
  static func page(_ db: Database, role: Role?, after: AccountID?, limit: Int) throws -> [Profile] {
    let sql = """
      \(select)
      WHERE (:after IS NULL OR a.id > :after)
        AND (:role IS NULL OR EXISTS (SELECT 1 FROM role WHERE role.account = a.id AND role.role = :role))
      ORDER BY a.id LIMIT :limit
      """
    return try Row.fetchAll(db, sql: sql, arguments: ["after": after?.uuid, "role": role?.rawValue, "limit": limit])
      .map(profile)
  }

  static func guardians(_ db: Database, of patient: AccountID) throws -> [Guardian] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT guardian, relation FROM guardianship WHERE patient = ? ORDER BY since, guardian
        """)
    return try Row.fetchAll(statement, arguments: [patient.uuid]).map { row in
      Guardian(profile: try require(db, AccountID(row["guardian"] as UUID)), relation: try text(row["relation"]))
    }
  }

  static func patients(_ db: Database, representedBy account: AccountID) throws -> [RepresentedPatient] {
    let own = try find(db, account).flatMap { profile in
      profile.roles.contains(.patient) ? RepresentedPatient(profile: profile, relation: nil) : nil
    }
    let statement = try db.cachedStatement(
      sql: """
        SELECT patient, relation FROM guardianship WHERE guardian = ? ORDER BY since, patient
        """)
    let others = try Row.fetchAll(statement, arguments: [account.uuid]).map { row in
      RepresentedPatient(
        profile: try require(db, AccountID(row["patient"] as UUID)), relation: try text(row["relation"]))
    }
    return (own.map { [$0] } ?? []) + others
  }

  private static func profile(_ row: Row) throws -> Profile {
    let roles: String? = row["roles"]
    let birthDate: String? = row["birth_date"]
    let protection: String? = row["protection"]
    let attending: UUID? = row["attending"]
    return Profile(
      id: AccountID(row["id"] as UUID), givenName: row["given_name"], familyName: row["family_name"],
      email: row["email"],
      roles: Set(try (roles ?? "").split(separator: ",").map { try text(String($0)) }),
      birthDate: try birthDate.map { try CivilDate($0) },
      protection: try protection.map { try text($0) } ?? .none,
      attendingPhysician: attending.map { AccountID($0) }, attendingName: row["attending_name"],
      language: try text(row["language"]), practitioner: try practitioner(row),
      isSuspended: row["suspended"])
  }

  private static func practitioner(_ row: Row) throws -> Profile.Practitioner? {
    guard let rpps: String = row["rpps"] else { return nil }
    guard let sector = Sector(rawValue: row["sector"]) else { throw unreadable("sector") }
    return Profile.Practitioner(
      rpps: try RPPS(rpps), specialty: row["specialty"], sector: sector, verification: try text(row["verification"]))
  }

  private static func text<Value: RawRepresentable>(_ raw: String) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: raw) else { throw unreadable("\(Value.self)") }
    return value
  }

  private static func unreadable(_ what: String) -> AccountRefusal {
    .unavailable(why: "the database holds a \(what) that this version does not know")
  }
}

import Foundation
internal import GRDB

/// Writing people: `account` and the tables that hang on it.
enum AccountTable {
  static func insert(
    _ db: Database, _ id: AccountID, _ new: NewAccount, hash: PasswordHash?, now: Int64
  ) throws {
    try execute(
      db, "INSERT INTO account (id, given_name, family_name, created_at, last_used_at) VALUES (?, ?, ?, ?, ?)",
      [id.uuid, new.givenName.text, new.familyName.text, now, now])
    if let email = new.email {
      try execute(db, "INSERT INTO credential (account, email) VALUES (?, ?)", [id.uuid, email.text])
    }
    if let hash { try setPassword(db, id, hash, now: now) }
    for role in new.roles {
      try execute(db, "INSERT INTO role (account, role) VALUES (?, ?)", [id.uuid, role.rawValue])
    }
    if let birthDate = new.birthDate {
      try execute(
        db, "INSERT INTO patient (account, birth_date, protection) VALUES (?, ?, ?)",
        [id.uuid, birthDate.description, new.protection.rawValue])
    }
    if let practitioner = new.practitioner {
      try execute(
        db,
        """
        INSERT INTO practitioner (account, rpps, specialty, sector, verification, verification_at)
        VALUES (?, ?, ?, ?, 'pending', ?)
        """,
        [id.uuid, practitioner.rpps.digits, practitioner.specialty.text, practitioner.sector.rawValue, now])
      try PractitionerTable.noteNames(db, of: id)
    }
  }

  /// Links that were e-mailed before end, as whoever asked for one may be who the password is changed against.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for somebody without an e-mail address.
  static func setPassword(_ db: Database, _ id: AccountID, _ hash: PasswordHash, now: Int64) throws {
    try execute(
      db,
      """
      UPDATE credential SET salt = ?, hash = ?, rounds = ?, block_size = ?, parallelism = ?, password_set_at = ?
      WHERE account = ?
      """,
      [
        Data(hash.salt), Data(hash.hash), hash.cost.rounds, hash.cost.blockSize, hash.cost.parallelism, now, id.uuid,
      ])
    guard db.changesCount == 1 else {
      throw AccountRefusal.invalid(field: .email, why: "this account has no e-mail address to sign in with")
    }
    try LinkTable.deleteAll(db, of: id)
  }

  /// Links that were e-mailed to the old address end.
  ///
  /// - Throws: ``AccountRefusal/emailTaken``.
  static func setEmail(_ db: Database, _ id: AccountID, _ email: EmailAddress) throws {
    try execute(db, "UPDATE credential SET email = ? WHERE account = ?", [email.text, id.uuid])
    try LinkTable.deleteAll(db, of: id)
  }

  /// Whether a practitioner who was not refused has the number.
  static func isTaken(_ db: Database, _ rpps: RPPS) throws -> Bool {
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM practitioner WHERE rpps = ? AND verification <> 'refused'")
    return try Int.fetchOne(statement, arguments: [rpps.digits]) != nil
  }

  /// The account with an e-mail address, and its password if it has one.
  static func credential(_ db: Database, email: EmailAddress) throws -> (account: AccountID, hash: PasswordHash?)? {
    let statement = try db.cachedStatement(
      sql: "SELECT account, salt, hash, rounds, block_size, parallelism FROM credential WHERE email = ?")
    guard let row = try Row.fetchOne(statement, arguments: [email.text]) else { return nil }
    let account = AccountID(row["account"] as UUID)
    guard let hash: Data = row["hash"], let salt: Data = row["salt"] else { return (account, nil) }
    let cost = ScryptCost(rounds: row["rounds"], blockSize: row["block_size"], parallelism: row["parallelism"])
    return (account, PasswordHash(salt: Array(salt), hash: Array(hash), cost: cost))
  }

  /// - Throws: ``AccountRefusal/notAPractitioner``.
  static func setVerification(
    _ db: Database, _ id: AccountID, _ verification: Verification, _ ground: Ground, now: Int64
  ) throws {
    try execute(
      db,
      """
      UPDATE practitioner SET verification = ?, verification_ground = ?, verification_at = ? WHERE account = ?
      """,
      [verification.rawValue, ground.text, now, id.uuid])
    guard db.changesCount == 1 else { throw AccountRefusal.notAPractitioner }
  }

  /// - Throws: ``AccountRefusal/notAPatient``, ``AccountRefusal/notAPractitioner``.
  static func setAttending(_ db: Database, of patient: AccountID, to physician: AccountID?) throws {
    if let physician {
      guard try ProfileTable.require(db, physician).practitioner != nil else { throw AccountRefusal.notAPractitioner }
    }
    try execute(
      db, "UPDATE patient SET attending = ?, attending_name = NULL WHERE account = ?", [physician?.uuid, patient.uuid])
    guard db.changesCount == 1 else { throw AccountRefusal.notAPatient }
  }

  /// - Parameter ground: nil opens the account again.
  /// - Throws: ``AccountRefusal/unknownAccount``.
  static func setSuspended(_ db: Database, _ id: AccountID, ground: Ground?, now: Int64) throws {
    try execute(
      db, "UPDATE account SET suspended_at = ?, suspended_ground = ? WHERE id = ?",
      [ground == nil ? nil : now, ground?.text, id.uuid])
    guard db.changesCount == 1 else { throw AccountRefusal.unknownAccount }
  }

  /// Gives a role that needs no details of its own; nothing changes if the account has it. Operators get none: they
  /// would come to see health data through it (CU-5.2).
  ///
  /// - Throws: ``AccountRefusal/forbidden`` for an operator, ``AccountRefusal/unknownAccount``.
  static func add(_ role: Role, to account: AccountID, in db: Database) throws {
    guard try !ProfileTable.require(db, account).roles.contains(.operator) else { throw AccountRefusal.forbidden }
    try execute(
      db, "INSERT INTO role (account, role) VALUES (?, ?) ON CONFLICT DO NOTHING", [account.uuid, role.rawValue])
  }

  /// - Parameter grantedBy: who may end it, beside the patient and the guardian.
  /// - Throws: ``AccountRefusal/guardianship(_:)``, ``AccountRefusal/notAPatient``, ``AccountRefusal/forbidden`` if the
  ///   guardian is an operator.
  static func link(_ db: Database, _ guardianship: Guardianship, grantedBy: AccountID? = nil) throws {
    guard try ProfileTable.find(db, guardianship.guardian)?.roles.contains(.operator) != true else {
      throw AccountRefusal.forbidden
    }
    guard try ProfileTable.require(db, guardianship.patient).roles.contains(.patient) else {
      throw AccountRefusal.notAPatient
    }
    try execute(
      db, "INSERT INTO guardianship (patient, guardian, relation, since, granted_by) VALUES (?, ?, ?, ?, ?)",
      [
        guardianship.patient.uuid, guardianship.guardian.uuid, guardianship.relation.rawValue, guardianship.since,
        grantedBy?.uuid,
      ])
  }

  /// - Throws: ``AccountRefusal/guardianship(_:)`` with `notLinked`.
  static func unlink(_ db: Database, patient: AccountID, guardian: AccountID) throws {
    try execute(db, "DELETE FROM guardianship WHERE patient = ? AND guardian = ?", [patient.uuid, guardian.uuid])
    guard db.changesCount == 1 else { throw AccountRefusal.guardianship(.notLinked) }
  }

  private static func execute(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

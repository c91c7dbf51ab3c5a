internal import GRDB

/// Families: whom an account represents, and children whose accounts their parents make (CU-6.3).
extension AccountStore {
  /// Oneself first, if one is a patient, then those whom one represents on the day, longest first.
  ///
  /// - Parameter now: whose day in France counts; invitations that have expired by then are left out.
  public func patients(of account: AccountID, now: Int64) async throws(AccountRefusal) -> [PatientDetails] {
    try await database.read { db in
      try ProfileTable.patients(db, representedBy: account).map(\.profile.id)
        .filter { try FamilyTable.maySee(db, $0, account, now: now) }
        .map { try FamilyTable.details(db, of: $0, for: account, now: now) }
    }
  }

  /// - Parameter now: whose day in France counts; invitations that have expired by then are left out.
  /// - Returns: nil if the account is neither the patient nor represents them on the day.
  public func patient(
    _ patient: AccountID, for account: AccountID, now: Int64
  ) async throws(AccountRefusal) -> PatientDetails? {
    try await database.read { db in
      guard try FamilyTable.maySee(db, patient, account, now: now) else { return nil }
      return try FamilyTable.details(db, of: patient, for: account, now: now)
    }
  }

  /// Makes the account of a child without a sign-in of their own. The parent becomes a guardian if they were none, and
  /// what they agreed to they agree to for the child, too (CU-3).
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for somebody of 18 years or more on this day in France, or a
  ///   physician who is none; ``AccountRefusal/guardianship(_:)`` with `tooManyPatients`;
  ///   ``AccountRefusal/forbidden`` for an operator; ``AccountRefusal/unknownAccount``.
  public func createChild(
    _ child: NewChild, of parent: AccountID, now: Int64
  ) async throws(AccountRefusal) -> AccountID {
    let today = CivilDate(inParisAt: now)
    guard child.birthDate <= today, child.birthDate.age(on: today) < 18 else {
      throw .invalid(field: .birthDate, why: "a parent makes the account of a child under 18; adults make their own")
    }
    let new = try NewAccount(
      givenName: child.givenName.text, familyName: child.familyName.text, roles: [.patient],
      birthDate: child.birthDate)
    let id = AccountID(entropy.uuid())
    return try await database.write { db in
      let language = try ProfileTable.require(db, parent).language
      try AccountTable.insert(db, id, new, hash: nil, now: now)
      try DetailsTable.setLanguage(db, of: id, to: language)
      try AuditTable.append(db, at: now, by: .account(parent), .accountCreated, id)
      try AccountTable.add(.guardian, to: parent, in: db)
      try AccountTable.link(
        db, Guardianship(patient: id, guardian: parent, relation: .parent, since: now), grantedBy: parent)
      try AuditTable.append(db, at: now, by: .account(parent), .guardianLinked, id, other: parent)
      try ConsentTable.copy(db, from: parent, to: id, now: now)
      if child.attending != .none {
        var attending = Correction()
        attending.attending = child.attending
        try CorrectionRow(account: id, correction: attending, actor: parent, now: now).store(db)
      }
      return id
    }
  }

  /// Corrects the account of a patient without a sign-in of their own.
  ///
  /// - Throws: ``AccountRefusal/unknownAccount`` for somebody who does not represent the patient,
  ///   ``AccountRefusal/forbidden`` for a patient who corrects it themself, and as ``correct(_:_:now:)``.
  public func correctPatient(
    _ patient: AccountID, _ correction: Correction, by guardian: AccountID, now: Int64
  ) async throws(AccountRefusal) {
    let row = CorrectionRow(account: patient, correction: correction, actor: guardian, now: now)
    try await database.write { db in
      guard try FamilyTable.maySee(db, patient, guardian, now: now) else { throw AccountRefusal.unknownAccount }
      guard try FamilyTable.mayManage(db, patient, guardian, now: now) else { throw AccountRefusal.forbidden }
      try row.store(db)
    }
  }

  /// Whether a guardian may act for a patient as for themself: correct, export and erase.
  public func mayManage(
    _ patient: AccountID, _ guardian: AccountID, now: Int64
  ) async throws(AccountRefusal) -> Bool {
    try await database.read { db in try FamilyTable.mayManage(db, patient, guardian, now: now) }
  }

  /// Whether a guardian may erase a patient: one without a sign-in of their own, whatever their age.
  public func mayErase(_ patient: AccountID, _ guardian: AccountID) async throws(AccountRefusal) -> Bool {
    try await database.read { db in try FamilyTable.mayErase(db, patient, guardian) }
  }
}

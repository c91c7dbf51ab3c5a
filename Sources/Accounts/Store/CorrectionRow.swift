internal import GRDB

/// A ``Correction`` on its way into the database.
struct CorrectionRow: Sendable {
  let account: AccountID
  let correction: Correction
  let actor: AccountID
  let now: Int64

  /// - Throws: ``AccountRefusal/forbidden`` (lowering one's protection), ``AccountRefusal/hasGuardians``,
  ///   ``AccountRefusal/invalid(field:why:)``.
  func store(_ db: Database) throws {
    let profile = try ProfileTable.require(db, account)
    if try correctPerson(db, profile) { try append(db, .accountCorrected) }
    // An operator verified the name, too (CU-6.7).
    if changesName(of: profile), try PractitionerTable.reopen(db, account, now: now) {
      try append(db, .practitionerPending)
    }
    if let protection = correction.protection, protection != profile.protection {
      try setProtection(db, protection, of: profile)
    }
    if let choice = correction.attending {
      try DetailsTable.setAttending(db, of: account, to: choice)
      let physician: AccountID? = if case .registered(let id) = choice { id } else { nil }
      try append(db, .attendingSet, other: physician)
    }
  }

  private func changesName(of profile: Profile) -> Bool {
    correction.givenName.map { $0.text != profile.givenName } == true
      || correction.familyName.map { $0.text != profile.familyName } == true
  }

  /// - Returns: whether anything was to be corrected.
  private func correctPerson(_ db: Database, _ profile: Profile) throws -> Bool {
    if let date = correction.birthDate {
      try check(date, of: profile)
      try DetailsTable.setBirthDate(db, of: account, to: date)
    }
    if correction.givenName != nil || correction.familyName != nil {
      try DetailsTable.setNames(
        db, of: account, givenName: correction.givenName, familyName: correction.familyName)
    }
    if let address = correction.postalAddress { try DetailsTable.setPostalAddress(db, of: account, to: address) }
    if let language = correction.language { try DetailsTable.setLanguage(db, of: account, to: language) }
    return correction.birthDate != nil || correction.givenName != nil || correction.familyName != nil
      || correction.postalAddress != nil || correction.language != nil
  }

  /// A correction makes nobody come of age: a minor would be without the parents who must be there (CU-6.3).
  private func check(_ date: CivilDate, of profile: Profile) throws {
    let today = CivilDate(inParisAt: now)
    guard let before = profile.birthDate else {
      throw AccountRefusal.invalid(field: .birthDate, why: "a birth date is kept of patients only")
    }
    guard date <= today else { throw AccountRefusal.invalid(field: .birthDate, why: "this day is yet to come") }
    guard before.age(on: today) >= 18 || date.age(on: today) < 18 else {
      throw AccountRefusal.invalid(
        field: .birthDate, why: "a correction cannot make an adult of a minor; write to the support")
    }
  }

  private func setProtection(_ db: Database, _ protection: Protection, of profile: Profile) throws {
    guard profile.roles.contains(.patient) else {
      throw AccountRefusal.invalid(field: .protection, why: "only patients can be protected adults")
    }
    guard profile.protection == .none else { throw AccountRefusal.forbidden }
    try DetailsTable.setProtection(db, of: account, to: protection)
    try append(db, .protectionSet)
  }

  private func append(_ db: Database, _ action: AuditEntry.Action, other: AccountID? = nil) throws {
    try AuditTable.append(db, at: now, by: .account(actor), action, account, other: other)
  }
}

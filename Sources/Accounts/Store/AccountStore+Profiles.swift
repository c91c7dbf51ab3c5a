extension AccountStore {
  /// - Returns: nil if there is no such account.
  public func profile(_ id: AccountID) async throws(AccountRefusal) -> Profile? {
    try await database.read { db in try ProfileTable.find(db, id) }
  }

  /// The account that signs in with an e-mail address. For operators: what it answers must not reach anyone who is not
  /// signed in (CU-4.1).
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for what is not an address.
  public func profile(email: String) async throws(AccountRefusal) -> Profile? {
    let email = try EmailAddress(email)
    return try await database.read { db in try ProfileTable.find(db, email: email) }
  }

  /// Those of several accounts that exist, as they were at one moment.
  public func profiles(_ ids: some Collection<AccountID> & Sendable) async throws(AccountRefusal) -> [AccountID:
    Profile]
  {
    let ids = Set(ids)
    return try await database.read { db in
      try ids.reduce(into: [:]) { found, id in found[id] = try ProfileTable.find(db, id) }
    }
  }

  /// One page of all accounts, in the order of their ids.
  ///
  /// - Parameters:
  ///   - role: only those with this role.
  ///   - after: the last id of the page before.
  ///   - limit: 1...1000.
  public func page(
    role: Role? = nil, after: AccountID? = nil, limit: Int = 1000
  ) async throws(AccountRefusal) -> [Profile] {
    let limit = min(max(limit, 1), 1000)
    return try await database.read { db in try ProfileTable.page(db, role: role, after: after, limit: limit) }
  }

  /// For whom an account may ask for a teleconsultation (CU-6.3): itself first if it is a patient, then whom it
  /// represents, longest first.
  public func patientsRepresented(by account: AccountID) async throws(AccountRefusal) -> [RepresentedPatient] {
    try await database.read { db in try ProfileTable.patients(db, representedBy: account) }
  }

  /// Who represents a patient: two at most, the first recorded first.
  public func guardians(of patient: AccountID) async throws(AccountRefusal) -> [Guardian] {
    try await database.read { db in try ProfileTable.guardians(db, of: patient) }
  }
}

internal import GRDB
import Mail

/// What operators do, and what the audit says of it.
extension AccountStore {
  /// Creates an account. A practitioner starts as `pending`.
  ///
  /// - Throws: ``AccountRefusal/emailTaken``, ``AccountRefusal/rppsTaken``, ``AccountRefusal/busy(afterMilliseconds:)``
  ///   (only with a password).
  @discardableResult
  public func create(
    _ new: NewAccount, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> Profile {
    let id = AccountID(entropy.uuid())
    let hash: PasswordHash? = if let password = new.password { try await hash(password) } else { nil }
    return try await database.write { db in
      try AccountTable.insert(db, id, new, hash: hash, now: now)
      try AuditTable.append(db, at: now, by: actor, .accountCreated, id)
      return try ProfileTable.require(db, id)
    }
  }

  /// Sets a password, and ends all sessions, as whoever has one may be who the password is changed against.
  ///
  /// - Returns: the sessions that ended.
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for a password out of bounds, or an account without an e-mail
  ///   address; ``AccountRefusal/busy(afterMilliseconds:)``.
  @discardableResult
  public func setPassword(
    _ password: String, of account: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> [Session] {
    let hash = try await hash(Password(password))
    return try await database.write { db in
      _ = try ProfileTable.require(db, account)
      try AccountTable.setPassword(db, account, hash, now: now)
      try AuditTable.append(db, at: now, by: actor, .passwordSet, account)
      return try SessionTable.deleteAll(db, of: account)
    }
  }

  /// Records that a guardian represents a patient (CU-6.3), and writes to the patient and all guardians.
  ///
  /// - Throws: ``AccountRefusal/guardianship(_:)``, ``AccountRefusal/notAPatient``, ``AccountRefusal/unknownAccount``,
  ///   ``AccountRefusal/forbidden`` if the guardian is an operator.
  public func link(
    patient: AccountID, guardian: AccountID, relation: Relation, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    let guardianship = Guardianship(patient: patient, guardian: guardian, relation: relation, since: now)
    try await database.write { db in
      _ = try ProfileTable.require(db, guardian)
      let operatorID: AccountID? = if case .account(let id) = actor { id } else { nil }
      try AccountTable.link(db, guardianship, grantedBy: operatorID)
      try AuditTable.append(db, at: now, by: actor, .guardianLinked, patient, other: guardian)
      try MailTable.appendToFamily(db, of: patient, now: now)
    }
  }

  /// Takes back the open invitations that the guardian sent for the patient, too.
  ///
  /// - Throws: ``AccountRefusal/guardianship(_:)`` with `notLinked`.
  public func unlink(
    patient: AccountID, guardian: AccountID, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      try AccountTable.unlink(db, patient: patient, guardian: guardian)
      try InvitationTable.revoke(db, sentBy: guardian, for: patient, by: actor, now: now)
      try AuditTable.append(db, at: now, by: actor, .guardianUnlinked, patient, other: guardian)
    }
  }

  /// Decides about a practitioner's registration (CU-6.7), and writes to them. The account can still sign in, whatever
  /// is decided.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for the ground, ``AccountRefusal/notAPractitioner``,
  ///   ``AccountRefusal/rppsTaken`` for one who was refused and whose number is another's by now.
  public func setVerification(
    of practitioner: AccountID, to verification: Verification, ground: String, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    let ground = try Ground(ground)
    try await database.write { db in
      try AccountTable.setVerification(db, practitioner, verification, ground, now: now)
      try AuditTable.append(db, at: now, by: actor, AuditEntry.Action(verification), practitioner, ground: ground)
      guard let letter = Letter(verification, ground) else { return }
      try MailTable.append(db, to: practitioner, letter, now: now)
    }
  }

  /// Names a patient's attending physician (CU-6.1), who must be registered, though not verified; nil for none.
  ///
  /// - Throws: ``AccountRefusal/notAPatient``, ``AccountRefusal/notAPractitioner``, ``AccountRefusal/unknownAccount``,
  ///   and ``AccountRefusal/invalid(field:why:)`` for one's own.
  public func setAttending(
    of patient: AccountID, to physician: AccountID?, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    try await database.write { db in
      try AccountTable.setAttending(db, of: patient, to: physician)
      try AuditTable.append(db, at: now, by: actor, .attendingSet, patient, other: physician)
    }
  }

  /// Closes an account at once (CU-12.2): it cannot sign in, its sessions and the open invitations that it sent end, and
  /// its owner is written to.
  ///
  /// - Returns: the sessions that ended, so that their sockets can be closed.
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for the ground, ``AccountRefusal/unknownAccount``.
  @discardableResult
  public func suspend(
    _ account: AccountID, ground: String, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> [Session] {
    let ground = try Ground(ground)
    return try await database.write { db in
      try AccountTable.setSuspended(db, account, ground: ground, now: now)
      try AuditTable.append(db, at: now, by: actor, .accountSuspended, account, ground: ground)
      try InvitationTable.revoke(db, sentBy: account, by: actor, now: now)
      try MailTable.append(db, to: account, .accountClosed(ground: ground.text), now: now)
      return try SessionTable.deleteAll(db, of: account)
    }
  }

  /// Opens a closed account again. Its sessions do not come back.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for the ground, ``AccountRefusal/unknownAccount``.
  public func reinstate(
    _ account: AccountID, ground: String, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) {
    let ground = try Ground(ground)
    try await database.write { db in
      try AccountTable.setSuspended(db, account, ground: nil, now: now)
      try AuditTable.append(db, at: now, by: actor, .accountReinstated, account, ground: ground)
    }
  }
}

extension Letter {
  /// What a practitioner is told of a decision; nothing of its being open again.
  fileprivate init?(_ verification: Verification, _ ground: Ground) {
    switch verification {
    case .pending: return nil
    case .verified: self = .practitionerVerified
    case .refused: self = .practitionerRefused(ground: ground.text)
    case .suspended: self = .practitionerSuspended(ground: ground.text)
    }
  }
}

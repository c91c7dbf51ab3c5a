import Accounts
import Foundation
import Logging
import Rooms
import Transport

/// How what is done to accounts takes effect here, by whomever and in whichever process: by following their audit.
extension Broker {
  // MARK: Files

  /// A patient's dossier, read now, and newer than any that the hall has.
  func dossier(of patient: PersonID) async throws(AccountRefusal) -> People.Dossier? {
    while true {
      lastReading += 1
      let reading = lastReading
      let dossier = try await people.dossier(of: patient)
      guard readings[patient, default: 0] < reading else { continue }
      readings[patient] = reading
      note(dossier?.profiles ?? [])
      return dossier
    }
  }

  // MARK: Following the audit

  /// Hears within half a second what is done from the command line, which is another process.
  func watchAccounts() {
    _ = loop.schedule(after: .milliseconds(500)) { [weak self] in
      guard let self else { return }
      Task { await self.followAndWatch() }
    }
  }

  private func followAndWatch() async {
    await followAccounts()
    if !isDraining { watchAccounts() }
  }

  /// Returns when everything that stood in the audit when this was called has taken effect.
  func followAccounts() async {
    let before = following
    let task = Task {
      await before?.value
      await self.followAudit()
    }
    following = task
    await task.value
  }

  private func followAudit() async {
    do {
      while true {
        // Again and again, so that what must take effect at once never waits behind a long import.
        try await followUrgentAudit()
        let entries = try await people.accounts.audit(after: lastAudit)
        guard let last = entries.last else { return }
        for patient in try await patients(concernedBy: entries) where hall.hasConsultations(of: patient) {
          if let dossier = try await dossier(of: patient) { perform(hall.fileChanged(dossier.file)) }
        }
        closeClients(concernedBy: entries, ifUrgent: false)
        try await noteConsents(Set(entries.filter { $0.action == .consentGiven }.map(\.subject)))
        lastAudit = last.id
      }
    } catch {
      log.error("the accounts cannot be read", metadata: ["error": "\(error.code)"])
    }
  }

  /// What must take effect at once, and what takes it back, in their order.
  private static let urgent: Set<AuditEntry.Action> = [
    .accountErased, .accountSuspended, .accountReinstated, .practitionerPending, .practitionerRefused,
    .practitionerSuspended, .practitionerVerified, .passwordSet, .sessionsRevoked, .guardianUnlinked, .textsPublished,
  ]

  private func followUrgentAudit() async throws(AccountRefusal) {
    while true {
      let entries = try await people.accounts.audit(after: lastUrgentAudit, only: Self.urgent)
      guard let last = entries.last else { return }
      for entry in entries { takeEffect(entry) }
      noteErasures(entries)
      closeClients(concernedBy: entries, ifUrgent: true)
      try await closeClientsOfEndedSessions(of: Set(entries.filter(Self.endsSessions).map { PersonID($0.subject) }))
      // Whoever lost their place beside a patient loses their seat, and the others see it (CU-6.3).
      for patient in Set(entries.filter { $0.action == .guardianUnlinked }.map { PersonID($0.subject) })
      where hall.hasConsultations(of: patient) {
        if let dossier = try await dossier(of: patient) { perform(hall.fileChanged(dossier.file)) }
      }
      if entries.contains(where: { $0.action == .textsPublished }) { try await askForConsent() }
      lastUrgentAudit = last.id
    }
  }

  /// Whoever may not go on leaves nothing under way; whoever may again is told by a new connection.
  private func takeEffect(_ entry: AuditEntry) {
    let person = PersonID(entry.subject)
    switch entry.action {
    case .accountSuspended: perform(hall.bar(person, because: .closed))
    case .accountErased:
      perform(hall.bar(person, because: .erased))
      directory.forget(person)
      mustScrub = true
    case .practitionerPending, .practitionerRefused, .practitionerSuspended:
      perform(hall.bar(person, because: .notVerified))
    case .accountReinstated: hall.readmit(person, from: .closed)
    case .practitionerVerified: hall.readmit(person, from: .notVerified)
    case .guardianUnlinked: if let guardian = entry.other { perform(hall.unlink(PersonID(guardian), from: person)) }
    default: break
    }
  }

  private func patients(concernedBy entries: [AuditEntry]) async throws(AccountRefusal) -> Set<PersonID> {
    var patients: Set<PersonID> = []
    for entry in entries {
      switch entry.action {
      case .guardianLinked, .attendingSet, .protectionSet: patients.insert(PersonID(entry.subject))
      case .accountSuspended, .accountReinstated, .accountCorrected:
        let represented = try await people.accounts.patientsRepresented(by: entry.subject)
        patients.formUnion(represented.map { PersonID($0.profile.id) })
      default: break
      }
    }
    return patients
  }

  // MARK: Connections

  /// What an act means for the connections of whom it concerns.
  private struct Closing {
    let reason: CloseReason
    /// At once, whatever they are doing; otherwise as soon as they give up their seat.
    var isUrgent = false
    /// The guardian, not the patient.
    var concernsOther = false
  }

  private static func closing(after action: AuditEntry.Action) -> Closing? {
    switch action {
    case .accountErased: Closing(reason: .accountErased, isUrgent: true)
    case .accountSuspended: Closing(reason: .accountSuspended, isUrgent: true)
    // Who comes back begins with what they may do now (CU-6.7).
    case .practitionerPending, .practitionerRefused, .practitionerSuspended: Closing(reason: .refresh, isUrgent: true)
    // The guardian may act for somebody else from now on; the patient for the same as before.
    case .guardianLinked, .guardianUnlinked: Closing(reason: .refresh, concernsOther: true)
    case .accountReinstated, .practitionerVerified, .attendingSet, .accountCorrected, .protectionSet:
      Closing(reason: .refresh)
    case .accountCreated, .tokenIssued, .passwordSet, .sessionsRevoked, .emailChanged, .secondFactorOn,
      .secondFactorOff, .textsPublished, .consentGiven, .healthFileChanged, .guardianInvited, .invitationDeclined,
      .invitationRevoked:
      nil
    }
  }

  private static func endsSessions(_ entry: AuditEntry) -> Bool {
    entry.action == .passwordSet || entry.action == .sessionsRevoked
  }

  private func closeClients(concernedBy entries: [AuditEntry], ifUrgent: Bool) {
    var reasons: [PersonID: CloseReason] = [:]
    for entry in entries {
      guard let closing = Self.closing(after: entry.action), closing.isUrgent == ifUrgent,
        let account = closing.concernsOther ? entry.other : entry.subject
      else { continue }
      reasons[PersonID(account)] = closing.reason
    }
    guard !reasons.isEmpty else { return }
    for client in clients.values {
      if let reason = client.likelyIdentity.flatMap({ reasons[$0.person] }) {
        if ifUrgent {
          close(client, reason)
        } else {
          client.mustRefresh = true
          closeSoon(client)
        }
      }
      if ifUrgent, let reason = client.companion.flatMap({ reasons[$0.person] }), reason != .refresh {
        dismissCompanion(of: client)
      }
    }
  }

  /// Closes a connection as soon as it need not stay, which may be at once.
  private func closeSoon(_ client: Client) {
    dueToClose.insert(client.id)
    closeThoseDue()
  }

  func closeThoseDue() {
    for id in dueToClose {
      guard let client = clients[id], client.mustConsent || client.mustRefresh else {
        dueToClose.remove(id)
        continue
      }
      let room = hall.room(of: id)
      if client.mustConsent, !isInProgress(room) {
        close(client, .consentRequired)
      } else if client.mustRefresh, room == nil {
        close(client, .refresh)
      } else {
        continue
      }
      dueToClose.remove(id)
    }
  }

  /// Only a consultation in progress is finished before a text must be agreed to (CU-3).
  private func isInProgress(_ room: ConsultationID?) -> Bool {
    guard let state = room.flatMap({ hall.entries[$0] })?.consultation.state.name else { return false }
    return state == .inProgress || state == .suspended
  }

  // MARK: Consents (CU-3)

  /// A text was published: whoever has not agreed to it goes no further.
  private func askForConsent() async throws(AccountRefusal) {
    let held = clients.values.flatMap(\.identities).map { AccountID($0.person) }
    let missing = try await people.accounts.withoutConsent(among: Set(held))
    for client in clients.values {
      if let person = client.likelyIdentity?.person, missing.contains(AccountID(person)) {
        client.mustConsent = true
        closeSoon(client)
      }
      if let candidate = client.candidate?.person, missing.contains(AccountID(candidate)) { client.candidate = nil }
      if let companion = client.companion?.person, missing.contains(AccountID(companion)),
        !isInProgress(hall.room(of: client.id))
      {
        dismissCompanion(of: client)
      }
    }
  }

  /// Somebody agreed while their consultation went on: the connection stays.
  private func noteConsents(_ accounts: Set<AccountID>) async throws(AccountRefusal) {
    guard !accounts.isEmpty else { return }
    let missing = try await people.accounts.withoutConsent(among: accounts)
    for client in clients.values where client.mustConsent {
      guard let person = client.likelyIdentity?.person, accounts.contains(AccountID(person)),
        !missing.contains(AccountID(person))
      else { continue }
      client.mustConsent = false
    }
  }

  // MARK: Sessions

  func closeClients(of sessions: Set<UUID>) {
    for client in clients.values {
      if let session = client.likelyIdentity?.session, sessions.contains(session) { close(client, .signedOut) }
      if let candidate = client.candidate, sessions.contains(candidate.session) { client.candidate = nil }
      if let companion = client.companion, sessions.contains(companion.session) { dismissCompanion(of: client) }
    }
  }

  /// - Parameter persons: nil for everybody.
  func closeClientsOfEndedSessions(of persons: Set<PersonID>? = nil) async throws(AccountRefusal) {
    if persons?.isEmpty == true { return }
    let identities = clients.values.flatMap(\.identities)
    let held = Set(identities.filter { persons?.contains($0.person) ?? true }.map(\.session))
    closeClients(of: held.subtracting(try await people.accounts.existingSessions(among: held)))
  }

  func dismissCompanion(of client: Client) {
    client.companion = nil
    perform(hall.dismissCompanion(from: client.id))
  }
}

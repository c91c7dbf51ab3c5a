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
      let entries = try await people.accounts.audit(after: lastAudit)
      guard !entries.isEmpty else { return }
      // First what must take effect at once, however much else was done.
      for entry in entries { bar(entry) }
      for entry in entries { closeClients(concernedBy: entry, ifUrgent: true) }
      try await closeClientsOfEndedSessions(of: entries.filter(Self.endsSessions).map { PersonID($0.subject) })
      // In this order, so that whoever loses their seat is told why before the connection is closed.
      for patient in try await patients(concernedBy: entries) {
        if let dossier = try await dossier(of: patient) { perform(hall.fileChanged(dossier.file)) }
      }
      for entry in entries { closeClients(concernedBy: entry, ifUrgent: false) }
      if entries.contains(where: { $0.action == .textsPublished }) { try await askForConsent() }
      let consenting = entries.filter { $0.action == .consentGiven }.map(\.subject)
      if !consenting.isEmpty { try await noteConsent(of: Set(consenting)) }
      lastAudit = entries.last?.id ?? lastAudit
    } catch {
      log.error("the accounts cannot be read", metadata: ["error": "\(error.code)"])
    }
  }

  /// Whoever may not go on leaves nothing under way; whoever may again is told by a new connection.
  private func bar(_ entry: AuditEntry) {
    let person = PersonID(entry.subject)
    switch entry.action {
    case .accountSuspended: perform(hall.bar(person, because: .closed))
    case .accountErased:
      perform(hall.bar(person, because: .erased))
      directory.forget(person)
      mustScrub = true
    case .practitionerPending, .practitionerRefused, .practitionerSuspended:
      perform(hall.bar(person, because: .notVerified))
    case .accountReinstated, .practitionerVerified: hall.readmit(person)
    default: break
    }
  }

  /// Whoever lost their place beside a patient loses their seat at once, and the others see it (CU-6.3).
  private func patients(concernedBy entries: [AuditEntry]) async throws(AccountRefusal) -> Set<PersonID> {
    var patients: Set<PersonID> = []
    for entry in entries {
      switch entry.action {
      case .guardianLinked, .guardianUnlinked, .attendingSet, .protectionSet: patients.insert(PersonID(entry.subject))
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

  private func closeClients(concernedBy entry: AuditEntry, ifUrgent: Bool) {
    guard let closing = Self.closing(after: entry.action), closing.isUrgent == ifUrgent,
      let account = closing.concernsOther ? entry.other : entry.subject
    else { return }
    let person = PersonID(account)
    for client in clients.values {
      if client.likelyIdentity?.person == person {
        if closing.isUrgent { close(client, closing.reason) } else { closeSoon(client, closing.reason) }
      }
      if closing.isUrgent, closing.reason != .refresh, client.companion?.person == person {
        dismissCompanion(of: client)
      }
    }
  }

  /// Closes a connection as soon as it has no seat, which may be at once.
  private func closeSoon(_ client: Client, _ reason: CloseReason) {
    if client.dueClose != .consentRequired { client.dueClose = reason }
    dueToClose.insert(client.id)
    closeThoseDue()
  }

  func closeThoseDue() {
    for id in dueToClose {
      guard let client = clients[id], let reason = client.dueClose else {
        dueToClose.remove(id)
        continue
      }
      guard mayStay(client, until: reason) else {
        dueToClose.remove(id)
        close(client, reason)
        continue
      }
    }
  }

  /// For consents only a consultation in progress is waited for (CU-3).
  private func mayStay(_ client: Client, until reason: CloseReason) -> Bool {
    guard let room = hall.room(of: client.id) else { return false }
    guard reason == .consentRequired else { return true }
    let state = hall.entries[room]?.consultation.state.name
    return state == .inProgress || state == .suspended
  }

  // MARK: Consents (CU-3)

  /// A text was published: whoever has not agreed to it goes no further.
  private func askForConsent() async throws(AccountRefusal) {
    let held = clients.values.flatMap { [$0.likelyIdentity?.person, $0.companion?.person].compactMap { $0 } }
    let missing = try await people.accounts.withoutConsent(among: Set(held.map { AccountID($0) }))
    for client in clients.values {
      if let person = client.likelyIdentity?.person, missing.contains(AccountID(person)) {
        closeSoon(client, .consentRequired)
      }
      if let companion = client.companion?.person, missing.contains(AccountID(companion)),
        !mayStay(client, until: .consentRequired)
      {
        dismissCompanion(of: client)
      }
    }
  }

  /// Somebody agreed while their consultation went on: the connection stays.
  private func noteConsent(of accounts: Set<AccountID>) async throws(AccountRefusal) {
    let missing = try await people.accounts.withoutConsent(among: accounts)
    for client in clients.values where client.dueClose == .consentRequired {
      guard let person = client.likelyIdentity?.person, accounts.contains(AccountID(person)),
        !missing.contains(AccountID(person))
      else { continue }
      client.dueClose = nil
      dueToClose.remove(client.id)
    }
  }

  // MARK: Sessions

  func closeClients(of sessions: Set<UUID>) {
    for client in clients.values {
      if let session = client.likelyIdentity?.session, sessions.contains(session) { close(client, .signedOut) }
      if let companion = client.companion, sessions.contains(companion.session) { dismissCompanion(of: client) }
    }
  }

  /// - Parameter persons: nil for everybody.
  func closeClientsOfEndedSessions(of persons: [PersonID]? = nil) async throws(AccountRefusal) {
    if persons?.isEmpty == true { return }
    let identities = clients.values.flatMap { [$0.likelyIdentity, $0.companion].compactMap { $0 } }
    let held = Set(identities.filter { persons?.contains($0.person) ?? true }.map(\.session))
    closeClients(of: held.subtracting(try await people.accounts.existingSessions(among: held)))
  }

  func dismissCompanion(of client: Client) {
    client.companion = nil
    perform(hall.dismissCompanion(from: client.id))
  }
}

import Accounts
import Foundation
import Logging
import Rooms
import Transport

/// What becomes of people's accounts while they are here: operators' acts, sessions that run out, people who come of age.
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

  // MARK: Operators

  /// Hears within half a second what operators do from the command line, which is another process.
  func watchAccounts() {
    _ = loop.schedule(after: .milliseconds(500)) { [weak self] in
      guard let self else { return }
      Task { await self.followAudit() }
    }
  }

  private func followAudit() async {
    do {
      let entries = try await people.accounts.audit(after: lastAudit)
      // First what must take effect at once, however much else was done.
      for (action, entries) in Dictionary(grouping: entries, by: \.action) where Self.isUrgent(action) {
        closeClients(concernedBy: action, entries)
      }
      // In this order, so that whoever loses their seat is told why before the connection is closed.
      for patient in try await patients(concernedBy: entries) {
        if let dossier = try await dossier(of: patient) { perform(hall.fileChanged(dossier.file)) }
      }
      for (action, entries) in Dictionary(grouping: entries, by: \.action) where !Self.isUrgent(action) {
        closeClients(concernedBy: action, entries)
      }
      for entry in entries where entry.action == .accountSuspended {
        perform(hall.accountClosed(PersonID(entry.subject)))
      }
      lastAudit = entries.last?.id ?? lastAudit
    } catch {
      log.error("the accounts cannot be read", metadata: ["error": "\(error.code)"])
    }
    if !isDraining { watchAccounts() }
  }

  /// Those who lose what they had by it altogether.
  private static func isUrgent(_ action: AuditEntry.Action) -> Bool {
    switch action {
    case .accountSuspended, .passwordSet, .sessionsRevoked, .practitionerPending, .practitionerRefused,
      .practitionerSuspended:
      true
    default: false
    }
  }

  /// Closes the connections of those whom it concerns; who may come back begins with what they may do now (CU-6.7).
  private func closeClients(concernedBy action: AuditEntry.Action, _ entries: [AuditEntry]) {
    var concerned = Set(entries.map { PersonID($0.subject) })
    let reason: CloseReason
    switch action {
    case .accountCreated, .tokenIssued: return
    case .accountSuspended: reason = .accountSuspended
    case .passwordSet, .sessionsRevoked: reason = .signedOut
    case .guardianLinked, .guardianUnlinked:
      // The guardian may act for somebody else from now on; the patient for the same as before.
      concerned = Set(entries.compactMap(\.other).map { PersonID($0) })
      reason = .refresh
    default: reason = .refresh
    }
    for client in clients.values {
      if let person = client.likelyIdentity?.person, concerned.contains(person) { close(client, reason) }
      if reason != .refresh, let companion = client.companion, concerned.contains(companion.person) {
        dismissCompanion(of: client)
      }
    }
  }

  /// Whoever lost their place beside a patient loses their seat at once, and the others see it (CU-6.3).
  private func patients(concernedBy entries: [AuditEntry]) async throws(AccountRefusal) -> Set<PersonID> {
    var patients: Set<PersonID> = []
    for entry in entries {
      switch entry.action {
      case .guardianLinked, .guardianUnlinked, .attendingSet: patients.insert(PersonID(entry.subject))
      case .accountSuspended, .accountReinstated:
        let represented = try await people.accounts.patientsRepresented(by: entry.subject)
        patients.formUnion(represented.map { PersonID($0.profile.id) })
      default: break
      }
    }
    return patients
  }

  // MARK: Sessions

  func closeClients(of sessions: Set<UUID>) {
    for client in clients.values {
      if let session = client.likelyIdentity?.session, sessions.contains(session) { close(client, .signedOut) }
      if let companion = client.companion, sessions.contains(companion.session) { dismissCompanion(of: client) }
    }
  }

  private func dismissCompanion(of client: Client) {
    client.companion = nil
    perform(hall.dismissCompanion(from: client.id))
  }

  // MARK: Once a minute

  /// Ends what has run out: sessions, what has been over for long enough, and childhood.
  func sweep() {
    _ = loop.schedule(after: .seconds(60)) { [weak self] in
      guard let self else { return }
      Task { await self.sweepNow() }
    }
  }

  func sweepNow() async {
    let moment = moment()
    hall.forget(at: moment)
    forgetPeople()
    await closeClientsOfEndedSessions(now: moment.now.milliseconds)
    if dayOfVisitors != moment.today {
      // Whom somebody represents depends on the day: a child comes of age.
      if dayOfVisitors != nil { for client in clients.values where client.representsOthers { close(client, .refresh) } }
      dayOfVisitors = moment.today
    }
    if !isDraining { sweep() }
  }

  private func forgetPeople() {
    var known = Set(clients.values.compactMap { $0.identity?.person })
    for entry in hall.entries.values {
      known.formUnion([entry.file.person] + entry.file.guardians.map(\.person))
      known.formUnion([entry.file.attending, entry.consultation.state.claim?.practitioner].compactMap { $0 })
      if case .attending(let physician) = entry.consultation.assignment { known.insert(physician) }
    }
    directory.keepOnly(known)
    readings = readings.filter { known.contains($0.key) }
  }

  /// Also of those that another process ended.
  private func closeClientsOfEndedSessions(now: Int64) async {
    let held = Set(clients.values.flatMap { [$0.identity?.session, $0.companion?.session].compactMap { $0 } })
    do {
      _ = try await people.accounts.sweepExpiredSessions(now: now)
      closeClients(of: held.subtracting(try await people.accounts.existingSessions(among: held)))
    } catch {
      log.error("the sessions cannot be read", metadata: ["error": "\(error.code)"])
    }
  }
}

import Accounts
import Foundation
import Logging
import Rooms
import Transport

/// What has to be done now and then.
extension Broker {
  private static let hour: Int64 = 3_600_000

  /// Once a second: what was erased leaves the write-ahead log, which it can as soon as nobody reads (CU-12.1).
  func watchRemains() {
    _ = loop.schedule(after: .seconds(1)) { [weak self] in
      guard let self else { return }
      Task { await self.scrubRemains() }
    }
  }

  private func scrubRemains() async {
    if mustScrub {
      mustScrub = false
      // Tried again if it fails, or if something else is erased meanwhile.
      if (try? await people.accounts.scrub()) != true { mustScrub = true }
    }
    await scrubDocuments()
    if !isDraining { watchRemains() }
  }

  /// Once a minute: ends what has run out, sessions, what has been over for long enough, and childhood.
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
    sweepAllowances()
    await keepDocuments()
    do throws(AccountRefusal) {
      _ = try await people.accounts.sweepExpiredSessions(now: moment.now.milliseconds)
      // Also of those that another process ended.
      try await closeClientsOfEndedSessions()
      try await housekeep(now: moment.now.milliseconds)
    } catch {
      log.error("the accounts cannot be swept", metadata: ["error": "\(error.code)"])
    }
    if dayOfVisitors != moment.today {
      // Whom somebody represents depends on the day: a child comes of age.
      if dayOfVisitors != nil { for client in clients.values where client.representsOthers { close(client, .refresh) } }
      dayOfVisitors = moment.today
    }
    if !isDraining { sweep() }
  }

  /// Once an hour: links that expired, and accounts that nobody uses (CU-4.4).
  private func housekeep(now: Int64) async throws(AccountRefusal) {
    guard lastHousekeeping == .min || abs(now - lastHousekeeping) >= Self.hour else { return }
    lastHousekeeping = now
    try await people.accounts.sweepExpired(now: now)
    let closed = try await people.accounts.closeUnusedAccounts(
      except: Set(hall.busyPersons.map { AccountID($0) }), now: now)
    guard closed > 0 else { return }
    log.notice("unused accounts closed", metadata: ["count": "\(closed)"])
    await followAccounts()
  }

  private func forgetPeople() {
    var known = Set(clients.values.compactMap { $0.identity?.person })
    for entry in hall.entries.values {
      known.formUnion([entry.file.person] + entry.file.guardians.map(\.person))
      known.formUnion([entry.file.attending, entry.consultation.state.claim?.practitioner].compactMap { $0 })
      known.formUnion(
        [entry.consultation.assignedPhysician, entry.consultation.state.rejection?.physician].compactMap { $0 })
    }
    directory.keepOnly(known)
    readings = readings.filter { known.contains($0.key) }
  }
}

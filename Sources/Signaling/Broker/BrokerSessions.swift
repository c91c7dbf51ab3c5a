import Accounts
import Foundation
import Rooms
import Transport

/// Sessions outlive their connections: what happens when one breaks, when its client comes back, and when it does not.
extension Broker {
  /// Ends a session: its connection is told why, and the session is over when that is closed.
  func close(_ client: Client, _ reason: CloseReason) {
    client.isBeingClosed = true
    metrics.noteClosing(reason)
    if client.absence == nil {
      client.socket.close(code: reason.code, reason: reason.text)
    } else {
      forget(client)
    }
  }

  /// A connection is gone.
  ///
  /// - Parameter code: what it was closed with, by either side; nil if nobody closed it.
  func lost(_ client: Client, code: UInt16?) {
    guard client.identity != nil, !client.isBeingClosed, !isDraining, Self.mayComeBack(code) else {
      return forget(client)
    }
    allowancesOfAddresses.release(client.address)
    perform(hall.lose(client.id, at: moment()))
    // Presence ends when nothing was heard for so long, not so long after the break, which may be noticed late.
    let patience = max(.zero, settings.presenceTimeout - client.socket.silence)
    client.absence = Client.Absence(
      since: loop.now,
      timer: loop.schedule(after: patience) { [weak self, id = client.id] in
        self?.assumeIsolated { $0.lapse(id) }
      })
    dropAbsentees(of: client)
  }

  /// Whether whoever closed with this code, or did not close, may be about to come back: a connection that broke, a client that
  /// says so (a code of the range 40xx), and one that was too slow.
  private static func mayComeBack(_ code: UInt16?) -> Bool {
    guard let code else { return true }
    return (4000...4099).contains(code) || code == slowReaderCode
  }

  /// What the transport closes a client with that does not read.
  private static let slowReaderCode: UInt16 = 4101

  /// Nothing was heard for too long: they count as gone, and may still come back.
  private func lapse(_ id: ConnectionID) {
    guard let client = clients[id], let absence = client.absence else { return }
    let elapsed = Duration.nanoseconds(Int64(clamping: loop.now &- absence.since))
    client.absence?.timer = loop.schedule(after: max(.zero, settings.resumeWindow - elapsed)) { [weak self] in
      self?.assumeIsolated { broker in
        if let client = broker.clients[id], client.absence != nil { broker.forget(client) }
      }
    }
    perform(hall.lapse(client.id))
  }

  /// How many sessions without a connection one account may have; of more, the oldest are over.
  private static let absenteesLimit = 8

  private func dropAbsentees(of client: Client) {
    guard let person = client.identity?.person else { return }
    let absent = clients.values.filter { $0.absence != nil && $0.identity?.person == person }
    guard absent.count > Self.absenteesLimit else { return }
    let oldest = absent.sorted { ($0.absence?.since ?? 0, $0.id) < ($1.absence?.since ?? 0, $1.id) }
    for client in oldest.dropLast(Self.absenteesLimit) { forget(client) }
  }

  /// Takes leave of a session for good.
  func forget(_ client: Client) {
    if case .strange(let timer) = client.stage { timer.cancel() }
    client.absence?.timer.cancel()
    if client.absence == nil { allowancesOfAddresses.release(client.address) }
    client.absence = nil
    if client.allowanceOfAccount != nil, let person = client.identity?.person { allowancesOfAccounts.release(person) }
    let wasGreeted = client.identity != nil
    client.stage = .gone
    clients[client.id] = nil
    sessions[client.session] = nil
    dueToClose.remove(client.id)
    // Whoever is sent away because the server goes down has not left the room; the record must not say so.
    guard wasGreeted, !isDraining else { return }
    perform(hall.disconnect(client.id))
  }

  /// A client that has just connected shows that it is the one of an earlier session.
  ///
  /// - Parameter stranger: its new connection, which has no session yet.
  /// - Returns: false if it cannot go on with it: it has to begin anew.
  func resume(_ claim: ClientRequest.Resumption, on stranger: Client, re: Int) -> Bool {
    guard let client = sessions[claim.session.uuid], let secret = ResumeSecret(claim.secret),
      case .strange(let timer) = stranger.stage, client.knows(secret)
    else {
      metrics.noteResume(.refused)
      return false
    }
    guard client.reaches(backTo: UInt64(claim.sequence)) else {
      metrics.noteResume(.snapshot)
      return false
    }
    metrics.noteResume(.replayed)
    timer.cancel()
    stranger.stage = .gone
    clients[stranger.id] = nil
    if client.absence == nil {
      // The client noticed before the broker that the connection is no good any more.
      client.socket.userData = nil
      client.socket.close(code: CloseReason.resumed.code, reason: CloseReason.resumed.text)
      allowancesOfAddresses.release(client.address)
      perform(hall.lose(client.id, at: moment()))
    }
    stranger.socket.userData = client
    client.resume(on: stranger, after: UInt64(claim.sequence))
    reply(to: client, re: re) { writer in
      writer.object { writer in
        writeSession(of: client, resumedAfter: UInt64(claim.sequence), to: &writer)
      }
    }
    client.sendMissed()
    perform(hall.resume(client.id, at: moment()))
    return true
  }

  /// The members of the answer to `hello` that are about the session.
  ///
  /// - Parameter resumedAfter: the last event that the client has, if it goes on with its session.
  func writeSession(of client: Client, resumedAfter sequence: UInt64?, to writer: inout JSONWriter) {
    writer.member("session", client.session.uuidString.lowercased())
    writer.member("secret", client.secret.text)
    writer.member("resumed", sequence != nil)
    writer.member("seq", Int(sequence ?? 0))
    writer.member("server_time", moment().now)
    writer.key("room")
    if let room = hall.room(of: client.id) { writer.string(room.description) } else { writer.null() }
  }
}

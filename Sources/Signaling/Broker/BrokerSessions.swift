import Accounts
import Foundation
import Rooms
import Transport

/// Sessions outlive their connections: what happens when one breaks, when its client comes back, and when it does not.
extension Broker {
  /// Ends a session: its connection is told why, and the session is over when that is closed.
  func close(_ client: Client, _ reason: CloseReason) {
    client.continuity.end()
    metrics.noteClosing(reason)
    if client.continuity.isConnected {
      client.socket.close(code: reason.code, reason: reason.text)
    } else {
      forget(client)
    }
  }

  /// A connection is gone.
  ///
  /// - Parameter code: what it was closed with, by either side; nil if nobody closed it.
  func lost(_ client: Client, code: UInt16?) {
    guard client.identity != nil, !client.continuity.isEnding, !isDraining,
      SessionTerms.mayComeBack(afterClosingWith: code)
    else { return forget(client) }
    allowancesOfAddresses.release(client.address)
    perform(hall.lose(client.id, at: moment()))
    client.continuity.breaks(at: steady, afterSilenceOf: client.socket.silence.wholeMilliseconds)
    awaitReturn(of: client)
    dropAbsentees(of: client)
  }

  /// Milliseconds of the loop's clock, which nobody can set.
  private var steady: Int64 { Int64(clamping: loop.now / 1_000_000) }

  private func awaitReturn(of client: Client) {
    guard let due = client.continuity.nextDue else { return }
    client.absenceTimer = loop.schedule(after: .milliseconds(max(0, due - steady))) { [weak self, id = client.id] in
      self?.assumeIsolated { broker in if let client = broker.clients[id] { broker.isMissed(client) } }
    }
  }

  /// Nothing was heard for too long.
  private func isMissed(_ client: Client) {
    switch client.continuity.due(at: steady) {
    case .end: return forget(client)
    case .lapse: perform(hall.lapse(client.id))
    case nil: break
    }
    awaitReturn(of: client)
  }

  private func dropAbsentees(of client: Client) {
    guard let person = client.identity?.person else { return }
    let absent = clients.values.compactMap { client in
      client.identity?.person == person ? client.continuity.absence.map { (client.id, $0.since) } : nil
    }
    for id in client.continuity.terms.surplus(of: absent) { clients[id].map(forget) }
  }

  /// Takes leave of a session for good.
  func forget(_ client: Client) {
    if case .strange(let timer) = client.stage { timer.cancel() }
    client.absenceTimer?.cancel()
    if client.continuity.isConnected { allowancesOfAddresses.release(client.address) }
    if client.allowanceOfAccount != nil, let person = client.identity?.person { allowancesOfAccounts.release(person) }
    let wasGreeted = client.identity != nil
    client.stage = .gone
    client.unsent = []
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
    guard let client = sessions[claim.session.uuid], let secret = ResumeSecret(claim.secret), client.identity != nil,
      client.continuity.knows(secret), case .strange(let timer) = stranger.stage
    else {
      metrics.noteResume(.refused)
      return false
    }
    // What was to come over the connection that it had is among what it has missed.
    client.catchUp()
    guard client.continuity.canResume(with: secret, after: UInt64(claim.sequence)) else {
      metrics.noteResume(.snapshot)
      // It begins anew, and must not meet its own ghost: the seat is kept for it, as for whoever was lost.
      perform(hall.lapse(client.id))
      client.socket.userData = nil
      if client.continuity.isConnected {
        client.socket.close(code: CloseReason.resumed.code, reason: CloseReason.resumed.text)
      }
      forget(client)
      return false
    }
    metrics.noteResume(.replayed)
    timer.cancel()
    stranger.stage = .gone
    clients[stranger.id] = nil
    if client.continuity.isConnected {
      // The client noticed before the broker that the connection is no good any more.
      client.socket.userData = nil
      client.socket.close(code: CloseReason.resumed.code, reason: CloseReason.resumed.text)
      allowancesOfAddresses.release(client.address)
      perform(hall.lose(client.id, at: moment()))
    }
    stranger.socket.userData = client
    client.resume(on: stranger, with: secret, after: UInt64(claim.sequence))
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
    writer.member("secret", client.continuity.secret.text)
    writer.member("resumed", sequence != nil)
    writer.member("seq", Int(sequence ?? 0))
    writer.member("server_time", moment().now)
    writer.key("room")
    if let room = hall.room(of: client.id) { writer.string(room.description) } else { writer.null() }
  }
}

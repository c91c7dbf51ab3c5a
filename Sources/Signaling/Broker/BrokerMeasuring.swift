import Accounts
import CoreMetrics
import Foundation
import Logging
import MQMSessions
import Rooms
import Telemetry
public import Transport

/// What the broker notes of its work for metrics and log: numbers, codes and ids, never who somebody is.
extension Broker {
  /// What is measured of a request on a socket that is under way.
  struct Inquiry {
    let askedAt = ContinuousClock.now
    let isClaim: Bool
  }

  /// - Parameter fault: nil if the request was accepted.
  func noteAnswer(to ticket: Ticket, _ fault: Fault?) {
    // Those over HTTP are not measured.
    guard let inquiry = inquiries.removeValue(forKey: ticket) else { return }
    metrics.requestTime.recordNanoseconds((ContinuousClock.now - inquiry.askedAt).wholeNanoseconds)
    if inquiry.isClaim { metrics.claims.count(BrokerMetrics.ClaimOutcome(fault)) }
  }

  func note(_ fault: Fault, to client: Client) {
    metrics.noteRefusal(code: fault.code)
    log.debug("refused", metadata: ["connection": "\(client.id.number)", "code": "\(fault.code)"])
  }

  func noteSignIn(_ client: Client, _ identity: Client.Identity) {
    log.info(
      "signed in",
      metadata: ["connection": "\(client.id.number)", "session": "\(identity.session.uuidString.lowercased())"])
  }

  func noteEnd(of socket: WebSocket, code: UInt16?) {
    metrics.closes.count(code.map { "\($0)" } ?? "none")
    log.info(
      "connection closed", metadata: ["connection": "\(socket.id)", "code": "\(code.map { "\($0)" } ?? "none")"])
  }

  func note(_ decision: Decision) {
    guard case .recorded(let consultation) = decision.outcome else { return }
    log.info(
      "recorded", metadata: ["consultation": "\(consultation.id)", "state": "\(consultation.state.name.rawValue)"])
  }

  // MARK: When metrics are read

  /// Brings the metrics of what is live up to date: one pass over sockets and rooms.
  public func measure(_ server: Server) async {
    var waiting = 0
    for start in stride(from: 0, to: server.socketCount, by: Self.socketsAtOnce) {
      waiting += server.queuedBytes(of: start..<start + Self.socketsAtOnce)
      // What clients sent meanwhile comes first.
      await Task.yield()
    }
    metrics.outboxBytes.set(waiting)
    metrics.webSockets.set(server.socketCount)
    metrics.httpConnections.set(server.connectionCount - server.socketCount)
    metrics.sessions.set(hall.visitorCount)

    var seats: [SeatRole: Int] = [:]
    var rooms: [Room.Phase: Int] = [:]
    for room in hall.rooms.values {
      rooms[room.phase, default: 0] += 1
      for seat in Seat.allCases where room.occupant(of: seat) != nil { seats[seat.role, default: 0] += 1 }
    }
    for (role, meter) in metrics.seats { meter.set(seats[role] ?? 0) }
    for (phase, meter) in metrics.rooms { meter.set(rooms[phase] ?? 0) }

    metrics.queueLength.set(hall.queue.count)
    let oldest = hall.queue.oldestRequest.map { max(0, moment().now.milliseconds - $0.milliseconds) } ?? 0
    metrics.queueOldest.set(Double(oldest) / 1_000)
    metrics.journalWaiting.set(journal?.waitingCount ?? 0)
  }

  /// How many sockets are looked at in one turn of the event loop.
  private static let socketsAtOnce = 500

  /// Asks the accounts how many letters wait; leaves the number as it was if they do not say.
  public func measureMail() async {
    if let count = try? await people.accounts.lettersWaiting() { metrics.mailWaiting.set(count) }
  }

  // MARK: Health

  /// Why a broker should be sent nobody, as `/health/ready` says it.
  public enum Obstacle: String, Sendable {
    /// It has not come so far yet.
    case starting
    /// It is going down.
    case draining
    /// Its port is closed.
    case notListening = "not_listening"
    /// Nothing can be written to the record just now.
    case record
    /// The event loop did not answer in time.
    case loop
    /// It, or the record, did not.
    case timeout
  }

  /// What is in the way of taking clients. Writes to the record to find out.
  public func obstacles(to server: Server) async -> [Obstacle] {
    var found: [Obstacle] = []
    if isDraining { found.append(.draining) }
    if !server.isListening { found.append(.notListening) }
    let store = self.store
    if await Task.detached(operation: { (try? store.checkIsWritable()) == nil }).value { found.append(.record) }
    return found
  }
}

extension Duration {
  /// Negative ones, and those beyond what fits, as the nearest that does.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : max(0, product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue)
  }
}

import Rooms

/// A mistake made on purpose, to see that the oracle notices. It sits between the schedule and the hall: the code that is
/// tested knows nothing of it.
public enum Fault: Sendable {
  /// Signals that the persons rule holds back go straight from seat to seat, whoever is missing, and whether or not the
  /// room is suspended.
  case personsRuleSkipped
}

extension Fault? {
  /// Routes a signal as the hall does, or as the fault would.
  func route(
    _ hall: Hall, from connection: ConnectionID, in id: ConsultationID, to seat: Seat, negotiation: Int
  ) throws(Refusal) -> Room.Route {
    do throws(Refusal) {
      return try hall.route(from: connection, in: id, to: seat, negotiation: negotiation)
    } catch {
      guard self == .personsRuleSkipped, case .personsRule = error else { throw error }
      guard let room = hall.rooms[id], let from = room.seat(of: connection) else { throw .notSeated }
      guard let receiver = room.occupant(of: seat) else { throw .peerAbsent }
      return Room.Route(from: from, connection: receiver.connection)
    }
  }
}

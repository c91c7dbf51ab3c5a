import Rooms

/// A mistake made on purpose, to see that the oracle notices. It sits between the schedule and the hall, or the schedule and
/// the record: the code that is tested knows nothing of it.
public enum Fault: String, Sendable, CaseIterable {
  /// Signals that the persons rule holds back go straight from seat to seat, whoever is missing, and whether or not the
  /// room is suspended.
  case personsRuleSkipped = "persons-rule-skipped"
  /// A patient who goes back to everybody because the practitioner let the time pass stays with that practitioner.
  case claimKept = "claim-kept"
  /// A clock that ran out runs out again.
  case clockStrikesTwice = "clock-strikes-twice"
  /// A claim is answered from the hall's memory, instead of with what the store has decided.
  case claimByCache = "claim-by-cache"
  /// An event that was missed is left out of the replay.
  case replayGap = "replay-gap"
  /// Nobody notices that somebody was not heard of for too long.
  case ghost
  /// A secret that was used up lets its client go on once more.
  case staleSecret = "stale-secret"
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

  /// Carries a command out as the record does, or as the fault would.
  func apply(
    _ command: Consultation.Command, to consultation: inout Consultation, at now: Instant,
    under terms: Consultation.Terms
  ) throws(Refusal) {
    let before = consultation
    switch (self, command) {
    case (.claimKept, .unassign) where before.state.claim != nil:
      try consultation.apply(command, at: now, under: terms)
      consultation = before.with(assignment: .unassigned)
    case (.clockStrikesTwice, .markOverdue(.claim, let dueAt)):
      // Left as if it had not struck, so that it strikes again.
      try consultation.apply(command, at: now, under: terms)
      consultation = before.with(
        clocks: Consultation.Clocks(claim: Deadline(dueAt), start: before.clocks.start, close: before.clocks.close))
    default: try consultation.apply(command, at: now, under: terms)
    }
  }
}

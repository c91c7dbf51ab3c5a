/// What goes wrong technically: told by clients, or seen by who has a seat and who has not.
extension Hall {
  /// A party tells of an incident on their side.
  public func report(
    _ ticket: Ticket, from connection: ConnectionID, _ id: ConsultationID, _ kind: Incident.Kind
  ) -> [Effect] {
    do throws(Refusal) {
      let (visitor, entry) = try entry(id, knownTo: connection)
      let isParty =
        visitor.patients.contains(entry.consultation.patient)
        || entry.consultation.state.claim?.practitioner == visitor.person
      guard isParty else { throw .forbidden }
      let incident = Incident(kind, seat: rooms[id]?.seat(of: connection))
      return [.record(Proposal(origin: .report(ticket, by: visitor.person), change: .incident(id, incident)))]
    } catch {
      return [.refuse(ticket, error)]
    }
  }

  /// The connection broke: nobody closed it. Otherwise as ``disconnect(_:)``.
  public mutating func lose(_ connection: ConnectionID, at moment: Moment) -> [Effect] {
    guard let id = roomOfConnection[connection], let seat = rooms[id]?.seat(of: connection),
      let person = visitors[connection]?.person
    else { return disconnect(connection) }
    lost[id, default: [:]][person] = moment.now
    // Before what follows from it, such as a suspension.
    return [seen(.connectionLost, seat, in: id)] + disconnect(connection)
  }

  /// Somebody has taken a seat: they may be back after their connection broke, or have taken it from another device.
  mutating func incidents(of person: PersonID, taking seating: Room.Seating, in id: ConsultationID) -> [Effect] {
    var effects: [Effect] = []
    if seating.evicted != nil { effects.append(seen(.takenOver, seating.seat, in: id)) }
    if let lostAt = lost[id]?.removeValue(forKey: person) {
      effects.append(seen(.connectionResumed(lostAt: lostAt), seating.seat, in: id))
    }
    return effects
  }

  private func seen(_ kind: Incident.Kind, _ seat: Seat, in id: ConsultationID) -> Effect {
    .record(Proposal(origin: .room, change: .incident(id, Incident(kind, seat: seat))))
  }
}

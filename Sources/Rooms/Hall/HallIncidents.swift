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

  /// Somebody has taken a seat: they may be back after their connection broke, or have taken it from another device.
  mutating func incidents(of person: PersonID, taking seating: Room.Seating, in id: ConsultationID) -> [Effect] {
    var effects: [Effect] = []
    if seating.evicted != nil { effects.append(seen(.takenOver, seating.seat, in: id)) }
    if let lostAt = lost[id]?.removeValue(forKey: person) {
      effects.append(seen(.connectionResumed(lostAt: lostAt), seating.seat, in: id))
    }
    return effects
  }

  /// What a connection that broke or came back means for the incident sheet; nothing for who has no seat.
  mutating func incident(_ connection: ConnectionID, isLost: Bool, at moment: Moment) -> [Effect] {
    guard let id = roomOfConnection[connection], let seat = rooms[id]?.seat(of: connection),
      let person = visitors[connection]?.person
    else { return [] }
    if isLost {
      lost[id, default: [:]][person] = moment.now
      return [seen(.connectionLost, seat, in: id)]
    }
    guard let lostAt = lost[id]?.removeValue(forKey: person) else { return [] }
    return [seen(.connectionResumed(lostAt: lostAt), seat, in: id)]
  }

  private func seen(_ kind: Incident.Kind, _ seat: Seat, in id: ConsultationID) -> Effect {
    .record(Proposal(origin: .room, change: .incident(id, Incident(kind, seat: seat))))
  }
}

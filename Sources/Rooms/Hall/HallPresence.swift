/// Presence is what is heard of somebody. A connection that broke means nothing yet: its client may be back in a moment. One of
/// which nothing was heard for long means that nobody is there, whatever the connection says.
extension Hall {
  /// The connection broke: nobody closed it. Until it lapses, or comes back, nothing changes for anybody else.
  public mutating func lose(_ connection: ConnectionID, at moment: Moment) -> [Effect] {
    incident(connection, isLost: true, at: moment)
  }

  /// Nothing was heard through this connection for too long: whoever is behind it counts as gone, and their seat is kept for
  /// them. They are still told of everything, in case that they come back.
  public mutating func lapse(_ connection: ConnectionID) -> [Effect] {
    guard let visitor = visitors[connection] else { return [] }
    var effects: [Effect] = []
    if let id = roomOfConnection.removeValue(forKey: connection), let hold = rooms[id]?.lapse(connection) {
      effects.append(.roomClosed(id, .connectionLost, to: [connection]))
      effects.append(.awaitReturn(id, hold: hold.number, forMilliseconds: settings.holdMilliseconds))
      effects += practitionerSeat(of: id, left: connection) + seatsChanged(id)
    }
    if visitor.isVerifiedPractitioner {
      effects += changePresence(of: visitor.person) { $0.lapsed.insert(connection) }
    }
    return effects
  }

  /// The client is back on this connection, and knows everything that it was told.
  public mutating func resume(_ connection: ConnectionID, at moment: Moment) -> [Effect] {
    guard let visitor = visitors[connection] else { return [] }
    var effects = incident(connection, isLost: false, at: moment)
    if visitor.isVerifiedPractitioner {
      effects += changePresence(of: visitor.person) { $0.lapsed.remove(connection) }
    }
    return effects
  }

  /// The time for which an `.awaitReturn` effect kept a seat is over.
  public mutating func returnIsOverdue(_ id: ConsultationID, hold number: Int) -> [Effect] {
    guard rooms[id]?.release(hold: number) == true else { return [] }
    return seatsChanged(id)
  }

  /// The lists that somebody sees.
  func lists(of visitor: Visitor, on connection: ConnectionID) -> [Effect] {
    var effects: [Effect] = [.consultations(connection, consultations(of: visitor))]
    if visitor.isVerifiedPractitioner {
      effects.append(.queue(connection, queue.visible(to: visitor.person)))
      effects.append(.presence(presence(of: visitor.person), to: [connection]))
    }
    if !visitor.patients.isEmpty { effects.append(.availability(lastAvailable, to: [connection])) }
    return effects
  }
}

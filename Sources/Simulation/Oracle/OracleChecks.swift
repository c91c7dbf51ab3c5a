import Rooms

/// What must be true after every step.
extension Oracle {
  /// - Parameters:
  ///   - isUnderWay: whether a proposal of the rule, or a reminder to look again, is on its way for a room.
  ///   - isStriking: whether a clock's proposal is on its way for a consultation.
  mutating func check(
    _ hall: Hall, isUnderWay: (ConsultationID) -> Bool, isStriking: (ConsultationID) -> Bool
  ) {
    checkNotices()
    if hasTicked { checkClocks(isUnderWay: isStriking) }
    delivered = nil
    checkFacts(hall)
    for fact in facts { check(fact, hall.rooms[fact.id], isUnderWay: isUnderWay) }
    checkNews(hall)
    for index in clients.indices where clients[index].isConnected { checkViews(of: clients[index], index) }
  }

  private mutating func checkFacts(_ hall: Hall) {
    let known = facts.count
    require(hall.entries.count == known, "the hall knows \(hall.entries.count) consultations, not \(known)")
    for fact in facts {
      let entry = hall.entries[fact.id]
      require(entry?.consultation == fact.consultation, "the hall knows \(fact.id) otherwise than the record")
      if fact.consultation.state.isFinal { require(entry?.reason == nil, "CU-5.2: the reason of \(fact.id) was kept") }
      if !fact.consultation.state.isFinal { require(entry?.reason != nil, "the reason of \(fact.id) was lost") }
      let named = Set(entry?.documents.keys.map { $0 } ?? [])
      require(
        named == Set(fact.consultation.documents.map(\.id)),
        "CU-5.2: the names of the documents of \(fact.id) are wrong")
    }
    let waiting = facts.count { $0.consultation.state == .requested }
    require(hall.queue.count == waiting, "\(hall.queue.count) requests are in the queue, not \(waiting)")
  }

  private mutating func check(_ fact: Fact, _ room: Room?, isUnderWay: (ConsultationID) -> Bool) {
    let people = seated(in: fact.id)
    let phase: Room.Phase? =
      switch fact.consultation.state.name {
      case .open: .open
      case .inProgress: .inProgress
      case .suspended: .suspended
      case .requested, .refused, .claimed, .ended, .closed, .cancelled: nil
      }
    require(
      room?.phase == phase,
      "the room of \(fact.id) is \(String(describing: room?.phase)), not \(String(describing: phase))")
    guard let room, phase != nil else {
      return require(people.isEmpty, "CU-6.4: somebody still sits in \(fact.id), which has no room")
    }
    let connections = room.connections
    require(
      connections.count == people.count && people.allSatisfy { connections.contains($0.connection) },
      "in \(fact.id) sit \(connections.map(\.number)), not \(people.map(\.connection.number))")
    for (connection, client, place) in people {
      require(
        isAdmitted(client.person, to: place.seat, of: fact), "CU-6.3: \(client.person) still sits in \(fact.id)")
      guard let seat = room.seat(of: connection), let occupant = room.occupant(of: seat) else { continue }
      require(occupant.companion == place.companion, "beside connection \(connection.number) sits somebody else")
      let others = people.compactMap { $0.connection == connection ? nil : room.seat(of: $0.connection) }
      judge(room.peers(of: seat), toldTo: seat, of: fact, others: others)
    }
    noteReturn(to: fact)
    let persons = people.flatMap { [$0.client.person] + ($0.place.companion.map { [$0] } ?? []) }
    require(Set(persons).count == persons.count, "somebody sits in \(fact.id) twice")
    checkSuspension(of: fact, isUnderWay: isUnderWay)
  }

  /// CU-6.3c: suspended without a guardian, and going on with one, or at least on the way to it.
  private mutating func checkSuspension(of fact: Fact, isUnderWay: (ConsultationID) -> Bool) {
    let isAccompanied = mayBeAlone(fact) || guardianIsThere(fact)
    switch fact.consultation.state.name {
    case .inProgress where !isAccompanied:
      require(isUnderWay(fact.id), "CU-6.3c: \(fact.id) goes on without a guardian")
    case .suspended where isAccompanied:
      require(isUnderWay(fact.id), "CU-6.3c: \(fact.id) stays suspended with a guardian there")
    default: break
    }
  }

  /// Whoever sits in a room that changed was told so in the same step.
  private mutating func checkNews(_ hall: Hall) {
    for fact in facts where hall.rooms[fact.id] != rooms[fact.id] {
      if let before = rooms[fact.id], let after = hall.rooms[fact.id] { checkKept(fact, before, after) }
      for (connection, client, _) in seated(in: fact.id) {
        require(client.wasToldOfRoom, "connection \(connection.number) was not told how \(fact.id) changed")
      }
    }
    rooms = hall.rooms
  }

  /// What clients were told adds up to what is so.
  private mutating func checkViews(of client: Client, _ number: Int) {
    // Whatever has been over for long is forgotten here, and not taken back from anybody.
    let listed = client.listed.filter { fact($0) != nil }
    let own = facts.filter { isParty(client, to: $0.consultation) }.map(\.id)
    require(Set(listed) == Set(own), "connection \(number) has the consultations \(listed) in its list, not \(own)")
    if client.isVerified {
      let expected = facts.filter { $0.consultation.state == .requested && concerns(client, $0.consultation) }
      require(
        client.cards.count == expected.count && expected.allSatisfy { client.cards.contains($0.id) },
        "CU-6.1: connection \(number) sees the cards \(client.cards), not \(expected.map(\.id))")
      let presence = presence(of: client.person)
      require(
        client.presence == presence,
        "connection \(number) believes to be \(client.presence?.rawValue ?? "nothing"), not \(presence)")
    }
    if !client.patients.isEmpty {
      let available = availablePractitioners
      require(
        client.available == available,
        "connection \(number) believes that \(client.available ?? -1) are available, not \(available)")
    }
  }

  /// When everything has settled, nobody waits any more, and every clock that ran has struck.
  mutating func checkSettled() {
    for fact in facts {
      let clocks = fact.consultation.clocks
      switch fact.consultation.state.name {
      case .requested: require(clocks.claim.overdueAt != nil, "CU-6.2: the claim clock of \(fact.id) never struck")
      case .claimed, .open:
        require(clocks.start?.overdueAt != nil, "CU-6.2: the start clock of \(fact.id) never struck")
      case .ended: require(false, "CU-5.2: \(fact.id) was never closed")
      case .refused, .inProgress, .suspended, .closed, .cancelled: break
      }
    }
    for (number, ticket) in tickets.enumerated() {
      if case .open = ticket { require(false, "ticket \(number) was never answered") }
    }
  }
}

import Rooms

/// What the hall wants to happen.
extension Oracle {
  mutating func observe(_ effects: [Effect]) {
    for index in clients.indices { clients[index].wasToldOfRoom = false }
    for effect in effects { observe(effect) }
  }

  private mutating func observe(_ effect: Effect) {
    switch effect {
    case .record(let proposal): observe(proposal)
    case .remind, .awaitComeback, .awaitReturn: break
    case .accept(let ticket): answered(ticket, nil)
    case .acceptConsultation(let ticket, let id):
      answered(ticket, nil)
      require(fact(id) != nil || isRepeated, "a ticket was answered with consultation \(id), which is not known")
    case .acceptSeat(let ticket, let connection, let id, let seat):
      answered(ticket, nil)
      sits(connection, id, seat)
    case .refuse(let ticket, let refusal): answered(ticket, refusal)
    case .consultations(let connection, let ids): isListed(ids, to: connection)
    case .consultationChanged(let id, let connections):
      tell(connections, "a consultation") { oracle, client in
        oracle.fact(id).map { oracle.isParty(client, to: $0.consultation) } ?? false
      }
      for connection in connections where !client(connection).listed.contains(id) {
        clients[Int(connection.number)].listed.append(id)
      }
    case .consultationLost(let id, let connections):
      tell(connections, "the loss of a consultation") { oracle, client in
        client.listed.contains(id) && oracle.fact(id).map { !oracle.isParty(client, to: $0.consultation) } ?? false
      }
      for connection in connections { clients[Int(connection.number)].listed.removeAll { $0 == id } }
    case .queue(let connection, let ids):
      tell([connection], "the queue") { $1.isVerified }
      clients[Int(connection.number)].cards = ids
    case .queueGained(let id, let connections):
      tell(connections, "a card") { oracle, client in
        oracle.fact(id).map { oracle.concerns(client, $0.consultation) } ?? false
      }
      for connection in connections where !client(connection).cards.contains(id) {
        clients[Int(connection.number)].cards.append(id)
      }
    case .queueLost(let id, _, let connections):
      tell(connections, "a card") { $1.isVerified }
      for connection in connections { clients[Int(connection.number)].cards.removeAll { $0 == id } }
    case .availability(let count, let connections):
      tell(connections, "availability") { !$1.patients.isEmpty }
      for connection in connections { clients[Int(connection.number)].available = count }
    case .presence(let presence, let connections):
      tell(connections, "presence") { $1.isVerified }
      for connection in connections { clients[Int(connection.number)].presence = presence }
    case .room(let id, let connections):
      tell(connections, "a room") { $1.place?.consultation == id }
      for connection in connections { clients[Int(connection.number)].wasToldOfRoom = true }
    case .roomClosed(let id, let closure, let connections):
      tell(connections, "the end of a room") { $1.place?.consultation == id }
      for connection in connections { stands(connection, id, closure) }
    case .tell(let notice, let id): judge(notice, about: id)
    }
  }

  /// CU-6.1b, 12.5: nobody who is gone, and nobody whom it does not concern, is told anything.
  private mutating func tell(
    _ connections: [ConnectionID], _ what: String, _ isAllowed: (Oracle, Client) -> Bool
  ) {
    for connection in connections {
      let client = client(connection)
      require(client.isConnected, "connection \(connection.number) is gone and was told of \(what)")
      require(isAllowed(self, client), "connection \(connection.number) was told of \(what) that it may not know")
    }
    let once = Set(connections).count == connections.count
    require(once, "a connection was told of \(what) twice at once")
  }

  private mutating func isListed(_ ids: [ConsultationID], to connection: ConnectionID) {
    let client = client(connection)
    require(client.isConnected, "connection \(connection.number) is gone and was given a list")
    let expected = facts.filter { isParty(client, to: $0.consultation) }.map(\.id)
    require(
      ids.count == expected.count && ids.allSatisfy(expected.contains),
      "connection \(connection.number) was given the consultations \(ids), not \(expected)")
    clients[Int(connection.number)].listed = ids
  }

  // MARK: Seats

  private mutating func sits(_ connection: ConnectionID, _ id: ConsultationID, _ seat: Seat) {
    let index = Int(connection.number)
    let person = clients[index].person
    guard let fact = fact(id) else { return require(false, "a seat was given in an unknown room") }
    require(clients[index].isConnected, "a seat was given to connection \(connection.number), which is gone")
    require(
      isAdmitted(person, to: seat, of: fact), "CU-6.3: \(person) was given the seat \(seat) of \(id)")
    if seat == .practitioner {
      require(clients[index].isVerified, "CU-6.7: a practitioner who is not verified was given a seat")
    }
    // Who sat beside the patient has a seat of their own now.
    for other in clients.indices
    where clients[other].place?.consultation == id && clients[other].place?.companion == person {
      clients[other].place?.companion = nil
    }
    kept.removeAll { $0.consultation == id && ($0.person == person || $0.seat == seat) }
    sittings += 1
    clients[index].place = Place(consultation: id, seat: seat, companion: nil, sitting: sittings)
    clients[index].wasToldOfRoom = true
  }

  private mutating func stands(_ connection: ConnectionID, _ id: ConsultationID, _ closure: RoomClosure) {
    let state = fact(id)?.consultation.state
    switch closure {
    case .ended(let reason):
      require(state?.ending?.reason == reason, "a room was closed as ended, which it was not")
    case .cancelled:
      require(state?.name == .cancelled, "a room was closed as cancelled, which it was not")
    case .released, .reassigned:
      require(
        state?.name == .requested && isDeliveringChange(closure), "a room was closed as \(closure), which it was not")
    case .takenOver:
      require(state?.isOver == false, "a seat was taken over in a room that was over")
    case .connectionLost:
      let client = client(connection)
      require(client.isLapsed, "connection \(connection.number) lost its seat in \(id) while it was heard of")
      if let place = client.place {
        kept.removeAll { $0.consultation == id && $0.seat == place.seat }
        kept.append(Kept(consultation: id, seat: place.seat, person: client.person, until: steady + Self.hold))
      }
    case .notAdmitted:
      let client = client(connection)
      guard let fact = fact(id), let place = client.place else { break }
      require(
        !isAdmitted(client.person, to: place.seat, of: fact), "\(client.person) was put out of \(id) for no reason")
    }
    clients[Int(connection.number)].place = nil
  }

  /// Whether the practitioner gave it back, or the patient's side went to another one.
  private func isDeliveringChange(_ closure: RoomClosure) -> Bool {
    guard case .transition(_, let command) = delivered?.proposal.change else { return false }
    return switch (closure, command) {
    case (.released, .release), (.reassigned, .assign), (.reassigned, .unassign): true
    default: false
    }
  }
}

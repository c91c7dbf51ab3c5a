import Rooms

/// Whom to answer, and what they asked.
struct Asker {
  let connection: ConnectionID
  let re: Int
}

/// What leaves the broker: what the hall has decided, as messages on their way to pages.
extension Schedule {
  mutating func tell(_ index: Int, _ message: Channel.Downward) {
    guard channels[index].isOpenAtBroker else { return }
    channels[index].send(message, arrivingAt: clock.steady + delay())
  }

  /// How long a message takes.
  mutating func delay() -> Int64 {
    Int64(random.chance(slowMessages) ? random.below(4_000) : random.below(250))
  }

  /// Carries out what the hall has decided.
  mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .record(let proposal): answerEarly(proposal)
    case .remind, .awaitComeback, .awaitReturn, .tell: break
    case .accept(let ticket): answer(ticket, .accepted)
    case .acceptConsultation(let ticket, let id): answer(ticket, .consultation(hall.entries[id]?.consultation))
    case .acceptSeat(let ticket, let connection, let id, _):
      answer(ticket, .seated(RoomView(hall.rooms[id], for: connection)))
    case .refuse(let ticket, let refusal): answer(ticket, .refused(refusal))
    case .consultations(let connection, let ids): send(.consultations(ids.compactMap(listing)), to: [connection])
    case .consultationChanged(let id, let connections):
      if let item = listing(id) { send(.consultationChanged(item), to: connections) }
    case .consultationLost(let id, let connections): send(.consultationLost(id), to: connections)
    case .queue(let connection, let ids):
      send(.queue(ids.compactMap { hall.entries[$0]?.consultation }), to: [connection])
    case .queueGained(let id, let connections):
      if let card = hall.entries[id]?.consultation { send(.queueGained(card), to: connections) }
    case .queueLost(let id, _, let connections): send(.queueLost(id), to: connections)
    case .availability(let count, let connections): send(.availability(count), to: connections)
    case .presence(let presence, let connections): send(.presence(presence), to: connections)
    case .room(let id, let connections):
      for connection in connections {
        if let view = RoomView(hall.rooms[id], for: connection) { send(.room(view), to: [connection]) }
      }
    case .roomClosed(let id, let closure, let connections): send(.roomClosed(id, closure), to: connections)
    }
  }

  func listing(_ id: ConsultationID) -> Event.Listing? {
    guard let consultation = hall.entries[id]?.consultation else { return nil }
    let practitioner = consultation.state.claim?.practitioner ?? consultation.assignedPhysician
    return Event.Listing(consultation: consultation, presence: practitioner.map { hall.presence(of: $0) })
  }

  /// Whoever asks first gets it, says the cache, before the store has decided.
  private mutating func answerEarly(_ proposal: Proposal) {
    guard fault == .claimByCache, case .request(let ticket, let by, _) = proposal.origin,
      case .transition(let id, .claim) = proposal.change, var consultation = hall.entries[id]?.consultation,
      consultation.state == .requested
    else { return }
    consultation = consultation.with(state: .claimed(Consultation.Claim(practitioner: by, at: clock.moment.now)))
    answer(ticket, .consultation(consultation))
    answeredEarly.append(ticket)
  }

  private mutating func answer(_ ticket: Ticket, _ answer: Channel.Answer) {
    guard !answeredEarly.contains(ticket) else { return }
    if let asker = askers[Int(ticket.number)] { self.answer(asker, answer) }
  }

  mutating func refuse(_ asker: Asker, _ refusal: Refusal) {
    answer(asker, .refused(refusal))
  }

  private mutating func answer(_ asker: Asker, _ answer: Channel.Answer) {
    guard let session = sessions[asker.connection] else { return }
    // An answer to somebody who is not there is lost.
    guard session.continuity.isConnected else {
      coverage.answersLost += 1
      return
    }
    tell(session.channel, .answer(re: asker.re, answer))
  }

  /// An event: numbered, kept, and sent if there is a connection.
  mutating func send(_ event: Event, to connections: [ConnectionID]) {
    for connection in connections {
      guard sessions[connection] != nil else { continue }
      let number = sessions[connection]!.continuity.nextSequence()
      let index = events.count
      events.append(event)
      oracle.sends(number, index, to: connection)
      let filling = random.below(KeptEvent.longestFilling)
      KeptEvent(number: number, index: index).keep(in: &sessions[connection]!.continuity, filling: filling)
      let session = sessions[connection]!
      guard session.continuity.isConnected else { continue }
      tell(session.channel, .event(number: number, index: index))
      expectPong(session.channel)
    }
  }
}

import Rooms

/// Each question is answered once; a mutation only when the store has decided.
extension Oracle {
  /// Whether what is being delivered is the repetition of a key.
  var isRepeated: Bool {
    if case .repeated = delivered?.outcome { true } else { false }
  }

  mutating func answered(_ ticket: Ticket, _ refusal: Refusal?) {
    guard case .open(let question) = tickets[Int(ticket.number)] else {
      return require(false, "ticket \(ticket.number) was answered twice")
    }
    tickets[Int(ticket.number)] = .answered
    if let refusal {
      judge(refusal, of: question)
    } else {
      accepted(question, ticket)
    }
  }

  private mutating func accepted(_ question: Question, _ ticket: Ticket) {
    switch question {
    case .presence(let available, let connection):
      let client = client(connection)
      require(client.isVerified, "CU-6.7: who is not verified declared their presence")
      declared.removeAll { $0 == client.person }
      if available { declared.append(client.person) }
    case .join: break
    case .leave(let connection, let id): left(connection, id)
    case .accompany(let connection, let id, let guardian):
      let isAllowed = fact(id).map { companions(of: $0).contains(guardian) } ?? false
      require(isAllowed, "CU-6.3: \(guardian) may not accompany the patient of \(id)")
      require(clients[Int(connection.number)].place?.seat == .patient, "somebody sat down beside nobody")
      clients[Int(connection.number)].place?.companion = guardian
    case .unaccompany(let connection, _): clients[Int(connection.number)].place?.companion = nil
    case .mutation:
      let isDecided: Bool
      switch delivered?.proposal.origin {
      case .request(ticket, _, _), .report(ticket, _):
        if case .refused = delivered?.outcome { isDecided = false } else { isDecided = true }
      default: isDecided = false
      }
      require(isDecided, "ticket \(ticket.number) was accepted before the store had decided")
    }
  }

  /// Whoever gives up a seat of that room, or one that is kept for them there, stays where else they sit.
  private mutating func left(_ connection: ConnectionID, _ id: ConsultationID) {
    let index = Int(connection.number)
    if clients[index].place?.consultation == id {
      clients[index].place = nil
    } else {
      let person = clients[index].person
      let count = kept.count
      kept.removeAll { $0.consultation == id && $0.person == person }
      require(kept.count < count, "\(person) left \(id) without a seat")
    }
  }

  /// A refusal must not give away what its reader may not know (CU-6.1b).
  private mutating func judge(_ refusal: Refusal, of question: Question) {
    // That somebody is not verified says nothing of any consultation.
    if refusal == .notVerified { return }
    switch question {
    case .presence: break
    case .mutation(_, _, couldSee: true): break
    case .mutation(let connection, let id?, _), .join(let connection, let id), .leave(let connection, let id),
      .accompany(let connection, let id, _), .unaccompany(let connection, let id):
      guard let fact = fact(id) else {
        return require(refusal == .unknownConsultation || delivered != nil, "\(refusal) of an unknown consultation")
      }
      let client = client(connection)
      if isParty(client, to: fact.consultation) || concerns(client, fact.consultation) { return }
      if companions(of: fact).contains(client.person) { return }
      let isDiscreet =
        switch (refusal, fact.consultation.state.name) {
        case (.unknownConsultation, _): true
        case (.notAdmitted, .open), (.notAdmitted, .inProgress), (.notAdmitted, .suspended): true
        case (.notSeated, .open), (.notSeated, .inProgress), (.notSeated, .suspended): true
        case (.consultationEnded, .ended), (.consultationCancelled, .cancelled), (.consultationClosed, .closed): true
        default: false
        }
      require(isDiscreet, "CU-6.1b: \(refusal) told connection \(connection.number) of \(id)")
    case .mutation(_, nil, _): break
    }
  }

  /// Whoever proposes something must be on the right side of it.
  mutating func observe(_ proposal: Proposal) {
    guard case .request(let ticket, let by, _) = proposal.origin else { return observeUnasked(proposal) }
    guard case .open(.mutation(let connection, _, _)) = tickets[Int(ticket.number)] else {
      return require(false, "a proposal was made for ticket \(ticket.number), which asked for none")
    }
    let client = client(connection)
    require(client.person == by, "a proposal was made in the name of \(by), who did not ask")
    switch proposal.change {
    case .create(let consultation, _):
      require(client.patients.contains(consultation.patient), "CU-6.1: a request for a patient of somebody else")
    case .transition(let id, .claim):
      require(client.isVerified, "CU-6.7: a claim by somebody who is not verified")
      guard let fact = fact(id) else { return require(false, "a claim of an unknown consultation") }
      require(concerns(client, fact.consultation), "CU-6.1: a claim of a request assigned to somebody else")
      let isOwn = client.patients.contains(fact.consultation.patient)
      let hasClaimed = fact.consultation.state.claim?.practitioner == by
      require(hasClaimed || !isOwn, "a practitioner claimed the request of their own patient side")
    case .transition(let id, .cancel), .transition(let id, .unassign), .transition(let id, .close(_, .confirmed)):
      require(isOwn(id, client), "CU-6.4: \(proposal.change) by somebody who is not of the patient's side")
    case .transition(let id, .assign(_, let physician)):
      require(isOwn(id, client), "CU-6.2: a change of practitioner by somebody who is not of the patient's side")
      require(physicians.contains(physician), "CU-6.7: a patient was sent to somebody who may not practise")
      let treatsOwn = fact(id).map { $0.file.isRepresented(by: physician) } ?? true
      require(!treatsOwn, "a patient was sent to their own side")
    case .transition(let id, .refuse):
      require(client.isVerified, "CU-6.7: a refusal by somebody who is not verified")
      let isAsked = fact(id).map { concerns(client, $0.consultation) || isParty(client, to: $0.consultation) } ?? false
      require(isAsked, "CU-6.5: a refusal by somebody who was not asked")
    case .transition(let id, .fetch):
      let isTheirs = fact(id).map { represents(by, $0) } ?? false
      require(isTheirs, "CU-5.2: a document fetched by somebody who is not of the patient's side")
    case .transition(let id, .handOver), .transition(let id, .withdraw):
      require(client.isVerified, "CU-6.7: a document of somebody who is not verified")
      require(
        fact(id)?.consultation.state.claim?.practitioner == by, "CU-5.2: a document of somebody who does not treat them"
      )
    case .transition(let id, .start(_, let attested)):
      attest(attested, for: id, by: by)
    case .transition:
      require(client.isVerified, "CU-6.7: a transition by somebody who is not verified")
    case .clockStepped, .incident: require(false, "\(by) proposed \(proposal.change)")
    }
  }

  /// Nobody asked for it, or it asks for nothing to happen.
  private mutating func observeUnasked(_ proposal: Proposal) {
    switch (proposal.origin, proposal.change) {
    case (.clock, _): judgeClock(proposal)
    case (.rule, .transition(_, .suspend)), (.rule, .transition(_, .resume)), (.room, .incident): break
    case (.report(let ticket, let by), .incident(let id, _)):
      guard case .open(.mutation(let connection, _, _)) = tickets[Int(ticket.number)] else {
        return require(false, "an incident was reported for ticket \(ticket.number), which told of none")
      }
      let isTheirs = fact(id).map { isParty(client(connection), to: $0.consultation) } ?? false
      require(isTheirs && client(connection).person == by, "CU-13: an incident reported by somebody who is no party")
    default: require(false, "\(proposal.origin) proposed \(proposal.change)")
    }
  }

  private func isOwn(_ id: ConsultationID, _ client: Client) -> Bool {
    fact(id).map { client.patients.contains($0.consultation.patient) } ?? false
  }

  /// Whether this client may know that there is such a consultation, as things are now.
  func maySee(_ connection: ConnectionID, _ id: ConsultationID) -> Bool {
    let client = client(connection)
    return fact(id).map { fact in
      isParty(client, to: fact.consultation) || represents(client.person, fact)
        || concerns(client, fact.consultation)
    } ?? false
  }

  /// CU-6.3b: those whom the practitioner attests to see are there, as the domain asks for them.
  private mutating func attest(_ attested: [PersonID], for id: ConsultationID, by: PersonID) {
    guard let fact = fact(id), fact.consultation.state.claim?.practitioner == by,
      !fact.consultation.state.isOver, fact.consultation.state.start == nil
    else { return }
    require(fact.consultation.state.name == .open, "CU-6.3b: a start of \(id) before its room was open")
    require(mayRelay(fact), "CU-6.3: a start of \(id) while somebody was missing")
    var present = [fact.consultation.patient]
    for (_, client, place) in seated(in: id) where place.seat != .practitioner {
      present.append(client.person)
      if let companion = place.companion { present.append(companion) }
    }
    let allThere = attested.allSatisfy(present.contains) && attested.contains(fact.consultation.patient)
    let enough = mayBeAlone(fact) || attested.contains { companions(of: fact).contains($0) }
    require(allThere && enough, "CU-6.3b: a false attestation of \(id) was accepted")
  }
}

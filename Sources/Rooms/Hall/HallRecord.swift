extension Hall {
  // MARK: What the store decided

  /// A proposal is decided and, unless refused, on disk: only now do others hear of it.
  public mutating func recorded(_ proposal: Proposal, _ outcome: Outcome, at moment: Moment) -> [Effect] {
    var file: PatientFile?
    var details: DocumentDetails?
    if case .request(let ticket, _, _) = proposal.origin {
      file = filesOfRequests.removeValue(forKey: ticket)
      details = detailsOfDocuments.removeValue(forKey: ticket)
    }
    if proposal.origin == .rule, let id = proposal.consultation { proposedByRule.remove(id) }

    if case .incident = proposal.change { return answer(proposal.origin, outcome) }
    switch outcome {
    case .refused(let refusal):
      guard case .request(let ticket, _, _) = proposal.origin else {
        return refusal == .unavailable ? again(proposal, at: moment) : []
      }
      return [.refuse(ticket, refusal)]
    case .repeated(let id):
      guard case .request(let ticket, _, _) = proposal.origin else { return [] }
      return [answer(ticket, proposal, about: id)]
    case .noted:
      guard case .clockStepped(let step) = proposal.change else { return [] }
      return clockStepped(byMilliseconds: step)
    case .recorded(let consultation):
      let effects: [Effect] =
        switch proposal.change {
        case .create(_, let notes): created(consultation, file: file, reason: notes.reason)
        case .transition(_, let command): moved(to: consultation, by: command, details: details, at: moment)
        case .clockStepped, .incident: []
        }
      guard case .request(let ticket, _, _) = proposal.origin else { return effects }
      return [answer(ticket, proposal, about: consultation.id)] + effects
    }
  }

  /// The record could not be written, and nobody will ask again for what the broker itself wanted written.
  private mutating func again(_ proposal: Proposal, at moment: Moment) -> [Effect] {
    guard let id = proposal.consultation else { return [] }
    if proposal.origin == .clock {
      strikeAgain(id, at: moment)
      return []
    }
    return [.remind(id, afterMilliseconds: 1_000)]
  }

  /// An incident changes nothing, and what could not be written of one is not tried again.
  private func answer(_ origin: Proposal.Origin, _ outcome: Outcome) -> [Effect] {
    guard case .report(let ticket, _) = origin else { return [] }
    if case .refused(let refusal) = outcome { return [.refuse(ticket, refusal)] }
    return [.accept(ticket)]
  }

  private func answer(_ ticket: Ticket, _ proposal: Proposal, about id: ConsultationID) -> Effect {
    switch proposal.change {
    case .create, .transition(_, .claim), .transition(_, .assign), .transition(_, .unassign):
      .acceptConsultation(ticket, id)
    case .transition, .clockStepped, .incident: .accept(ticket)
    }
  }

  private mutating func created(_ consultation: Consultation, file: PatientFile?, reason: String) -> [Effect] {
    guard let file else { return [] }
    insert(consultation, file: file, reason: reason)
    return changed(consultation) + [.queueGained(consultation.id, to: onlookers(of: consultation))]
      + [withdrawal(of: consultation)].compactMap { $0 }
  }

  private mutating func moved(
    to consultation: Consultation, by command: Consultation.Command, details: DocumentDetails?, at moment: Moment
  ) -> [Effect] {
    let id = consultation.id
    guard let before = entries[id]?.consultation else { return [] }
    entries[id]?.consultation = consultation
    if consultation.clocks != before.clocks || consultation.state.name != before.state.name { schedule(consultation) }
    var effects = follow(from: before, to: consultation)

    switch consultation.state {
    case .requested, .refused:
      switch command {
      case .release: effects += closeRoom(id, .released)
      default: effects += closeRoom(id, .reassigned)
      }
    case .claimed: break
    case .open: if before.state.name != .open { makeRoom(for: consultation, at: moment.now) }
    case .inProgress: if before.state.name != .inProgress { effects += phase(.inProgress, of: id) }
    case .suspended: if before.state.name != .suspended { effects += phase(.suspended, of: id) }
    case .ended(_, _, _, let ending): effects += closeRoom(id, .ended(ending.reason))
    case .closed:
      entries[id]?.reason = nil
      entries[id]?.documents = [:]
    case .cancelled:
      entries[id]?.reason = nil
      effects += closeRoom(id, .cancelled)
    }
    switch command {
    case .handOver(_, let document):
      entries[id]?.documents[document.id] = details
      effects.append(.tell(.documentHandedOver, id))
    case .withdraw(_, let document): entries[id]?.documents[document] = nil
    case .refuse: effects.append(.tell(.refused, id))
    case .markOverdue: effects.append(.tell(.overdue, id))
    default: break
    }
    return effects + changed(consultation) + [withdrawal(of: consultation)].compactMap { $0 }
  }

  /// Who sees it, in their queue or among their own, may be others now.
  private mutating func follow(from before: Consultation, to after: Consultation) -> [Effect] {
    let id = after.id
    var effects: [Effect] = []
    let wasWaiting = before.state == .requested
    let isWaiting = after.state == .requested
    if wasWaiting, !isWaiting || before.assignment != after.assignment {
      queue.remove(id)
      let losers =
        isWaiting ? onlookers(of: before).filter { !onlookers(of: after).contains($0) } : onlookers(of: before)
      if !losers.isEmpty || !isWaiting { effects.append(.queueLost(id, departure(to: after), to: losers)) }
    }
    if isWaiting {
      if !wasWaiting || before.assignment != after.assignment { queue.insert(after) }
      effects.append(.queueGained(id, to: onlookers(of: after)))
    }

    if before.assignment != after.assignment {
      if let physician = before.assignedPhysician { forget(id, of: physician, unless: after) }
      if let physician = after.assignedPhysician { consultationsOfPractitioner[physician, default: []].insert(id) }
    }
    let claimant = before.state.claim?.practitioner
    if let present = after.state.claim?.practitioner { consultationsOfPractitioner[present, default: []].insert(id) }
    if let claimant, after.state.claim == nil {
      forget(id, of: claimant, unless: after)
      let family = watchers[after.patient, default: []]
      let lost = (desks[claimant]?.connections ?? []).subtracting(family).sorted()
      if !lost.isEmpty { effects.append(.consultationLost(id, to: lost)) }
    }
    return effects
  }

  private func departure(to after: Consultation) -> LiveQueue.Departure {
    switch after.state {
    case .requested: .reassigned
    case .refused: .refused
    case .cancelled: .cancelled
    default: .claimed
    }
  }

  /// The practitioner has nothing to do with it any more, neither as claimant nor as the one it is assigned to.
  private mutating func forget(_ id: ConsultationID, of practitioner: PersonID, unless after: Consultation) {
    guard after.assignedPhysician != practitioner, after.state.claim?.practitioner != practitioner else { return }
    remove(id, from: &consultationsOfPractitioner, practitioner)
  }

  private mutating func phase(_ phase: Room.Phase, of id: ConsultationID) -> [Effect] {
    rooms[id]?.enter(phase)
    guard let connections = rooms[id]?.connections else { return [] }
    let news: [Effect] = connections.isEmpty ? [] : [.room(id, to: connections)]
    return news + reconcile(id)
  }

  private mutating func closeRoom(_ id: ConsultationID, _ closure: RoomClosure) -> [Effect] {
    guard let room = rooms.removeValue(forKey: id) else { return [] }
    proposedByRule.remove(id)
    lost[id] = nil
    let connections = room.connections
    guard !connections.isEmpty else { return [] }
    for connection in connections { roomOfConnection[connection] = nil }
    let told: [Effect] = [.roomClosed(id, closure, to: connections)]
    return told + changePresence(of: room.rule.practitioner) { $0.seated.subtract(connections) }
  }

  private func changed(_ consultation: Consultation) -> [Effect] {
    let parties = parties(of: consultation)
    return parties.isEmpty ? [] : [.consultationChanged(consultation.id, to: parties)]
  }

  // MARK: What is in here

  private mutating func insert(_ consultation: Consultation, file: PatientFile, reason: String?) {
    entries[consultation.id] = Entry(
      consultation: consultation, file: file, reason: consultation.state.isFinal ? nil : reason)
    consultationsOfPatient[consultation.patient, default: []].insert(consultation.id)
    if case .attending(let practitioner) = consultation.assignment {
      consultationsOfPractitioner[practitioner, default: []].insert(consultation.id)
    }
    if let claim = consultation.state.claim {
      consultationsOfPractitioner[claim.practitioner, default: []].insert(consultation.id)
    }
    if consultation.state == .requested { queue.insert(consultation) }
    schedule(consultation)
  }

  private mutating func makeRoom(for consultation: Consultation, at now: Instant) {
    guard let file = entries[consultation.id]?.file, let rule = rule(for: consultation, file: file) else { return }
    let phase: Room.Phase =
      switch consultation.state {
      case .inProgress: .inProgress
      case .suspended: .suspended
      default: .open
      }
    rooms[consultation.id] = Room(
      id: consultation.id, rule: rule, phase: phase, firstNegotiation: Int(now.milliseconds))
  }

  /// Brings back what the record holds, before anybody is connected.
  ///
  /// Rooms in progress keep their state while their people find their way back; the rule draws its conclusion after that.
  public mutating func restore(
    _ consultation: Consultation, file: PatientFile, reason: String?, documents: [DocumentID: DocumentDetails] = [:],
    at moment: Moment
  ) -> [Effect] {
    insert(consultation, file: file, reason: reason)
    if !consultation.state.isFinal { entries[consultation.id]?.documents = documents }
    guard !consultation.state.isOver, consultation.state.opening != nil else { return [] }
    makeRoom(for: consultation, at: moment.now)
    rooms[consultation.id]?.awaitComeback()
    return [.awaitComeback(consultation.id, forMilliseconds: settings.returnGraceMilliseconds)]
  }

  /// Forgets what has been closed or cancelled for long enough. Called now and then; what the record holds stays there.
  public mutating func forget(at moment: Moment) {
    let limit = moment.now.advanced(byMilliseconds: -settings.overVisibleMilliseconds)
    for (id, entry) in entries {
      guard let finalAt = entry.consultation.state.finalAt, finalAt < limit || isErased(entry.file.person) else {
        continue
      }
      entries[id] = nil
      toldOfClosing.remove(id)
      remove(id, from: &consultationsOfPatient, entry.consultation.patient)
      if let claim = entry.consultation.state.claim {
        remove(id, from: &consultationsOfPractitioner, claim.practitioner)
      }
      if case .attending(let practitioner) = entry.consultation.assignment {
        remove(id, from: &consultationsOfPractitioner, practitioner)
      }
    }
  }

  private func remove(
    _ id: ConsultationID, from index: inout [PersonID: Set<ConsultationID>], _ person: PersonID
  ) {
    index[person]?.remove(id)
    if index[person]?.isEmpty == true { index[person] = nil }
  }
}

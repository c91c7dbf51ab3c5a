extension Hall {
  // MARK: What the store decided

  /// A proposal is decided and, unless refused, on disk: only now do others hear of it.
  public mutating func recorded(_ proposal: Proposal, _ outcome: Outcome, at moment: Moment) -> [Effect] {
    let file: PatientFile? =
      if case .request(let ticket, _, _) = proposal.origin { filesOfRequests.removeValue(forKey: ticket) } else { nil }
    if proposal.origin == .rule { proposedByRule.remove(proposal.consultation) }

    switch outcome {
    case .refused(let refusal):
      switch proposal.origin {
      case .request(let ticket, _, _): return [.refuse(ticket, refusal)]
      case .account: return []
      case .rule:
        // The record could not be written, or somebody ended it first; look again, soon.
        return refusal == .unavailable ? [.remind(proposal.consultation, afterMilliseconds: 1_000)] : []
      }
    case .repeated(let id):
      guard case .request(let ticket, _, _) = proposal.origin else { return [] }
      return [answer(ticket, proposal, about: id)]
    case .recorded(let consultation):
      let effects =
        switch proposal.change {
        case .create(_, let reason): created(consultation, file: file, reason: reason)
        case .transition: moved(to: consultation, at: moment)
        }
      guard case .request(let ticket, _, _) = proposal.origin else { return effects }
      return [answer(ticket, proposal, about: consultation.id)] + effects
    }
  }

  private func answer(_ ticket: Ticket, _ proposal: Proposal, about id: ConsultationID) -> Effect {
    switch proposal.change {
    case .create, .transition(_, .claim): .acceptConsultation(ticket, id)
    case .transition: .accept(ticket)
    }
  }

  private mutating func created(_ consultation: Consultation, file: PatientFile?, reason: String) -> [Effect] {
    guard let file else { return [] }
    insert(consultation, file: file, reason: reason)
    return changed(consultation) + [.queueGained(consultation.id, to: onlookers(of: consultation))]
      + [withdrawal(of: consultation)].compactMap { $0 }
  }

  private mutating func moved(to consultation: Consultation, at moment: Moment) -> [Effect] {
    guard let before = entries[consultation.id]?.consultation.state.name else { return [] }
    let id = consultation.id
    entries[id]?.consultation = consultation
    var effects: [Effect] = []

    switch consultation.state {
    case .requested: break
    case .claimed(let claim):
      consultationsOfPractitioner[claim.practitioner, default: []].insert(id)
      effects += leaveQueue(consultation, .claimed)
    case .open:
      makeRoom(for: consultation, at: moment.now)
    case .inProgress: effects += phase(.inProgress, of: id)
    case .suspended: effects += phase(.suspended, of: id)
    case .ended(_, _, _, let ending):
      entries[id]?.reason = nil
      effects += closeRoom(id, .ended(ending.reason))
    case .cancelled:
      entries[id]?.reason = nil
      if before == .requested { effects += leaveQueue(consultation, .cancelled) }
      effects += closeRoom(id, .cancelled)
    }
    return effects + changed(consultation) + [withdrawal(of: consultation)].compactMap { $0 }
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
    returning.remove(id)
    let connections = room.connections
    guard !connections.isEmpty else { return [] }
    for connection in connections { roomOfConnection[connection] = nil }
    let told: [Effect] = [.roomClosed(id, closure, to: connections)]
    return told + changePresence(of: room.rule.practitioner) { $0.seated.subtract(connections) }
  }

  private mutating func leaveQueue(_ consultation: Consultation, _ departure: LiveQueue.Departure) -> [Effect] {
    queue.remove(consultation.id)
    return [.queueLost(consultation.id, departure, to: onlookers(of: consultation))]
  }

  private func changed(_ consultation: Consultation) -> [Effect] {
    let parties = parties(of: consultation)
    return parties.isEmpty ? [] : [.consultationChanged(consultation.id, to: parties)]
  }

  // MARK: What is in here

  private mutating func insert(_ consultation: Consultation, file: PatientFile, reason: String?) {
    entries[consultation.id] = Entry(
      consultation: consultation, file: file, reason: consultation.state.isOver ? nil : reason)
    consultationsOfPatient[consultation.patient, default: []].insert(consultation.id)
    if case .attending(let practitioner) = consultation.assignment {
      consultationsOfPractitioner[practitioner, default: []].insert(consultation.id)
    }
    if let claim = consultation.state.claim {
      consultationsOfPractitioner[claim.practitioner, default: []].insert(consultation.id)
    }
    if consultation.state == .requested { queue.insert(consultation) }
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
      id: consultation.id, rule: rule, phase: phase, firstGeneration: Int(now.milliseconds))
  }

  /// Brings back what the record holds, before anybody is connected.
  ///
  /// Rooms in progress keep their state while their people find their way back; the rule draws its conclusion after that.
  public mutating func restore(_ consultation: Consultation, file: PatientFile, reason: String?, at moment: Moment)
    -> [Effect]
  {
    insert(consultation, file: file, reason: reason)
    guard !consultation.state.isOver, consultation.state.opening != nil else { return [] }
    makeRoom(for: consultation, at: moment.now)
    returning.insert(consultation.id)
    return [.remind(consultation.id, afterMilliseconds: settings.returnGraceMilliseconds)]
  }

  /// Forgets what has been over for long enough. Called now and then; what the record holds stays there.
  public mutating func forget(at moment: Moment) {
    let limit = moment.now.advanced(byMilliseconds: -settings.overVisibleMilliseconds)
    for (id, entry) in entries {
      guard let overAt = entry.consultation.state.overAt, overAt < limit || isErased(entry.file.person) else {
        continue
      }
      entries[id] = nil
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

import Rooms

/// What the hall is about to be told.
extension Oracle {
  mutating func connects(_ visitor: Visitor, page: Int) {
    clients.append(
      Client(
        person: visitor.person, isVerified: visitor.isVerifiedPractitioner, patients: visitor.patients, page: page))
    deliveries.append(Deliveries())
  }

  mutating func disconnects(_ connection: ConnectionID) {
    checkGhosts()
    let index = Int(connection.number)
    clients[index].isConnected = false
    clients[index].place = nil
    let person = clients[index].person
    if !clients.contains(where: { $0.isConnected && $0.isVerified && $0.person == person }) {
      declared.removeAll { $0 == person }
    }
  }

  mutating func asks(_ question: Question) {
    tickets.append(.open(question))
  }

  /// The hall is given a patient's file; it counts from now on, and companions who are not in it any more go.
  mutating func isGiven(_ file: PatientFile, for id: ConsultationID?) {
    for index in facts.indices where facts[index].consultation.patient == file.person {
      guard id == nil || facts[index].id == id else { continue }
      facts[index].file = file
      guard facts[index].consultation.state.opening != nil else { continue }
      let allowed = companions(of: facts[index])
      for client in clients.indices where clients[client].place?.consultation == facts[index].id {
        guard let companion = clients[client].place?.companion, !allowed.contains(companion) else { continue }
        clients[client].place?.companion = nil
      }
    }
  }

  /// A decision of the store comes back.
  mutating func isDelivered(_ proposal: Proposal, _ outcome: Outcome, file: PatientFile?) {
    delivered = (proposal, outcome)
    if case .clockStepped(let step) = proposal.change, outcome == .noted {
      for index in facts.indices {
        facts[index].consultation = facts[index].consultation.afterClockStep(byMilliseconds: step)
      }
    }
    if proposal.origin == .clock, outcome == .refused(.unavailable), let id = proposal.consultation {
      strikesThatFailed.append((id, now))
    }
    guard case .recorded(let consultation) = outcome else { return }
    guard let index = facts.firstIndex(where: { $0.id == consultation.id }) else {
      if let file { facts.append(Fact(consultation: consultation, file: file)) }
      return
    }
    let before = facts[index].consultation.state
    require(!before.isFinal, "CU-6.4: consultation \(consultation.id) was over for good and changed again")
    if before.isOver {
      require(
        consultation.state.ending == before.ending && before.ending != nil,
        "CU-6.4: consultation \(consultation.id) had ended and came back to life")
    }
    if before.name == .suspended, consultation.state.name == .inProgress {
      facts[index].resumptions += 1
      kept.removeAll { $0.consultation == consultation.id }
    }
    facts[index].consultation = consultation
    let opening = consultation.state.opening
    if consultation.state.isOver || opening == nil || opening != before.opening {
      kept.removeAll { $0.consultation == consultation.id }
      returning.removeAll { $0.consultation == consultation.id }
    }
  }

  /// The process died: connections and open questions with it, but nothing that was decided.
  mutating func crashes() {
    for index in clients.indices {
      clients[index].isConnected = false
      clients[index].place = nil
    }
    for index in tickets.indices {
      if case .open = tickets[index] { tickets[index] = .lost }
    }
    declared = []
    kept = []
    returning = []
    toldOfClosing = []
    strikesThatFailed = []
    hasTicked = false
    rooms = [:]
    let known = facts
    facts = []
    lostFacts = known
  }

  /// A consultation is read back after a crash: as the record has decided it, deadlines included, and whatever the hall
  /// had told of it still so.
  mutating func isRestored(_ consultation: Consultation, file: PatientFile) {
    let before = lostFacts.first { $0.id == consultation.id }
    if let before {
      let state = before.consultation.state
      require(
        state.start == nil || state.start == consultation.state.start, "a recorded fact of \(consultation.id) was lost")
      if state.isFinal { require(state == consultation.state, "CU-6.4: \(consultation.id) came back to life") }
    }
    compare(consultation)
    facts.append(Fact(consultation: consultation, file: file, resumptions: resumptions(of: consultation, before)))
    if consultation.state.opening != nil, !consultation.state.isOver {
      returning.append(Returning(consultation: consultation.id))
    }
  }

  /// How often it went on after a suspension: what was decided and not told before the crash counts.
  private func resumptions(of consultation: Consultation, _ before: Fact?) -> Int {
    lives.first { $0.id == consultation.id }?.resumptions ?? before?.resumptions ?? 0
  }

  mutating func forgets(before limit: Instant) {
    facts.removeAll { $0.consultation.isFinal(before: limit) }
  }
}

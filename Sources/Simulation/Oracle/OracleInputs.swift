import Rooms

/// What the hall is about to be told.
extension Oracle {
  mutating func connects(_ visitor: Visitor) {
    clients.append(
      Client(person: visitor.person, isVerified: visitor.isVerifiedPractitioner, patients: visitor.patients))
  }

  mutating func disconnects(_ connection: ConnectionID) {
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
    guard case .recorded(let consultation) = outcome else { return }
    guard let index = facts.firstIndex(where: { $0.id == consultation.id }) else {
      if let file { facts.append(Fact(consultation: consultation, file: file)) }
      return
    }
    let before = facts[index].consultation.state
    require(!before.isOver, "CU-6.4: consultation \(consultation.id) was over and changed again")
    if before.name == .suspended, consultation.state.name == .inProgress { facts[index].resumptions += 1 }
    facts[index].consultation = consultation
    noteClaim(of: consultation)
  }

  /// CU-6.1: exactly one wins, for ever.
  private mutating func noteClaim(of consultation: Consultation) {
    guard let practitioner = consultation.state.claim?.practitioner else { return }
    if let winner = winners.first(where: { $0.consultation == consultation.id }) {
      require(
        winner.practitioner == practitioner, "CU-6.1: \(consultation.id) was won by two practitioners")
    } else {
      winners.append((consultation.id, practitioner))
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
    rooms = [:]
    let known = facts
    facts = []
    lostFacts = known
  }

  /// A consultation is read back after a crash: at least as far as the hall knew it to be.
  mutating func isRestored(_ consultation: Consultation, file: PatientFile) {
    let before = lostFacts.first { $0.id == consultation.id }
    if let before {
      let state = before.consultation.state
      let keepsClaim = state.claim == nil || state.claim == consultation.state.claim
      let keepsStart = state.start == nil || state.start == consultation.state.start
      require(keepsClaim && keepsStart, "a recorded fact of \(consultation.id) was lost")
      if state.isOver { require(state == consultation.state, "CU-6.4: \(consultation.id) came back to life") }
    }
    facts.append(Fact(consultation: consultation, file: file, resumptions: (before?.resumptions ?? 0) + 1))
    noteClaim(of: consultation)
  }

  mutating func forgets(before limit: Instant) {
    facts.removeAll { $0.consultation.isOver(before: limit) }
  }
}

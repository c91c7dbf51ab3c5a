import Rooms

/// What happens next. Mostly what the story asks for, so that schedules get far; often enough anything else.
extension Schedule {
  mutating func playEvent() {
    switch random.below(100) {
    case 0..<2: if let resident = random.pick(population.residents) { openPage(of: resident.id) }
    case 2: if let page = anyPage() { closePage(page) }
    case 3..<6: disturb()
    case 6..<8: if let page = anyPage() { ask(page, .declare(available: random.chance(75))) }
    case 8..<13: requestSomething()
    case 13: if let patient = random.pick(population.patients) { relink(patient) }
    case 14: playAccident()
    case 15..<18: repeatSomething()
    case 18..<26: doAnything()
    default: if let id = anyConsultation() { goOn(id) } else { requestSomething() }
    }
  }

  private mutating func playAccident() {
    switch random.below(10) {
    case 0..<5: crash()
    case 5..<8: forget()
    default: setClock()
    }
  }

  /// At first most people come at once.
  mutating func connectMany() {
    for resident in population.residents where random.chance(80) { openPage(of: resident.id) }
  }

  // MARK: Choosing

  private mutating func anyPage() -> Int? { random.pick(pages.indices.filter { pages[$0].isOpen }) }

  /// Usually one that is not over.
  private mutating func anyConsultation() -> ConsultationID? {
    let isEndedToo = random.chance(40)
    let alive = store.consultations.filter {
      isEndedToo ? !$0.consultation.state.isFinal : !$0.consultation.state.isOver
    }
    let choices = alive.isEmpty || random.chance(5) ? store.consultations : alive
    return random.pick(choices)?.consultation.id
  }

  /// A page of that person; if they have none they open one now.
  private mutating func page(of person: PersonID?) -> Int? {
    guard let person else { return nil }
    let own = pages.indices.filter { pages[$0].isOpen && pages[$0].person == person }
    return own.isEmpty ? openPage(of: person) : random.pick(own)
  }

  private mutating func requestSomething() {
    guard let patient = random.pick(population.patients) else { return }
    let askers = [patient] + population[patient].guardians.map(\.person)
    guard let page = page(of: random.pick(askers)) else { return }
    send(.request(patient, toAttending: random.chance(40)), from: page)
  }

  private mutating func repeatSomething() {
    guard let again = random.pick(sent), let page = page(of: again.person) else { return }
    if random.chance(10), let other = random.pick(sent), other.person == again.person {
      send(other.mutation, again.key, from: page)
    } else {
      send(again.mutation, again.key, from: page)
    }
  }

  // MARK: The story

  private mutating func goOn(_ id: ConsultationID) {
    guard let consultation = oracle.fact(id)?.consultation else { return }
    let practitioner = consultation.state.claim?.practitioner
    switch consultation.state.name {
    case .requested: claimOrCancel(consultation)
    case .claimed:
      guard let page = page(of: random.chance(8) ? consultation.patient : practitioner) else { return }
      if random.chance(consultation.overdue == nil ? 12 : 50) { return changeMind(consultation) }
      switch random.below(20) {
      case 0: send(.cancel(id), from: page)
      case 1: send(.end(id, .technical), from: page)
      case 2: send(.start(id, [consultation.patient]), from: page)
      default: send(.open(id), from: page)
      }
    case .open where random.chance(consultation.overdue == nil ? 3 : 40): changeMind(consultation)
    case .inProgress where random.chance(8), .suspended where random.chance(8): handOver(consultation)
    case .open, .inProgress, .suspended: meet(consultation, practitioner)
    case .refused: changePractitioner(consultation)
    case .ended: conclude(consultation)
    case .closed, .cancelled: doAnything(id)
    }
  }

  private mutating func claimOrCancel(_ consultation: Consultation) {
    if random.chance(7) {
      guard let page = page(of: consultation.patient) else { return }
      return send(.cancel(consultation.id), from: page)
    }
    if random.chance(consultation.overdue == nil ? 8 : 35) { return changePractitioner(consultation) }
    if let physician = consultation.assignedPhysician, random.chance(25) {
      guard let page = page(of: physician) else { return }
      return send(.refuse(consultation.id, random.chance(50) ? .professional : .personal), from: page)
    }
    let practitioners = population.residents.filter(\.isPractitioner).map(\.id)
    var claimant = random.pick(practitioners)
    if case .attending(let physician) = consultation.assignment, random.chance(80) { claimant = physician }
    if let page = page(of: claimant) { send(.claim(consultation.id), from: page) }
  }

  /// The practitioner gives it back, or the patient's side would rather have another one.
  private mutating func changeMind(_ consultation: Consultation) {
    guard random.chance(50) else { return changePractitioner(consultation) }
    guard let page = page(of: consultation.state.claim?.practitioner) else { return }
    send(.release(consultation.id), from: page)
  }

  /// The patient's side names another physician, or goes back to everybody.
  private mutating func changePractitioner(_ consultation: Consultation) {
    let guardian = random.pick(population[consultation.patient].guardians)?.person
    guard let page = page(of: random.chance(70) ? consultation.patient : guardian),
      let physician = random.pick(population.residents.filter(\.isPractitioner))?.id
    else { return }
    send(
      random.chance(50) ? .unassign(consultation.id) : .assign(consultation.id, to: physician), from: page)
  }

  private mutating func handOver(_ consultation: Consultation) {
    guard let page = page(of: consultation.state.claim?.practitioner) else { return }
    send(.handOver(consultation.id, nextID(4)), from: page)
  }

  /// After the end: documents, and the closure.
  private mutating func conclude(_ consultation: Consultation) {
    let id = consultation.id
    let document = random.pick(consultation.documents)?.id
    let guardian = random.pick(population[consultation.patient].guardians)?.person
    let family = random.chance(75) ? consultation.patient : guardian
    switch random.below(20) {
    case 0..<6: handOver(consultation)
    case 6..<13:
      if let document, let page = page(of: family) { send(.fetch(id, document), from: page) }
    case 13: if let page = page(of: family) { send(.confirm(id), from: page) }
    case 14:
      if let page = page(of: consultation.state.claim?.practitioner) { send(.close(id), from: page) }
    case 15, 16:
      guard let document, let page = page(of: consultation.state.claim?.practitioner) else { return }
      send(.withdraw(id, document), from: page)
    default: doAnything(id)
    }
  }

  private mutating func meet(_ consultation: Consultation, _ practitioner: PersonID?) {
    let id = consultation.id
    let seated = oracle.seated(in: id)
    let isComplete = oracle.fact(id).map { oracle.mayRelay($0) } ?? false
    if random.chance(15) { return stir(id, seated.map(\.client.page)) }
    if !seated.contains(where: { $0.place.seat == .practitioner }) {
      return join(page(of: practitioner), id, as: .practitioner)
    }
    if !seated.contains(where: { $0.place.seat == .patient }) {
      let guardian = random.pick(population[consultation.patient].guardians)?.person
      return join(page(of: random.chance(75) ? consultation.patient : guardian), id, as: .patient)
    }
    if let fact = oracle.fact(id), !oracle.mayBeAlone(fact), !oracle.guardianIsThere(fact), random.chance(85) {
      return bringGuardian(to: consultation)
    }
    if isComplete, consultation.state.name == .open, random.chance(40) {
      guard let page = page(of: practitioner) else { return }
      let persons = seated.filter { $0.place.seat != .practitioner }
        .flatMap { [$0.client.person] + ($0.place.companion.map { [$0] } ?? []) }
      let attested = [consultation.patient] + persons.filter { $0 != consultation.patient }
      return send(.start(id, random.chance(85) ? attested : [consultation.patient]), from: page)
    }
    if let sender = random.pick(seated.map(\.client.page)) { signal(from: sender, in: id) }
  }

  private mutating func bringGuardian(to consultation: Consultation) {
    let id = consultation.id
    guard let guardian = random.pick(population[consultation.patient].guardians)?.person else { return }
    if random.chance(40), let seat = oracle.seated(in: id).first(where: { $0.place.seat == .patient }) {
      ask(seat.client.page, .accompany(id, by: guardian))
    } else {
      join(page(of: guardian), id, as: .guardian)
    }
  }

  private mutating func join(_ page: Int?, _ id: ConsultationID, as role: SeatRole) {
    if let page { join(page, id, as: role, takeOver: random.chance(50)) }
  }

  /// Somebody leaves, vanishes, goes away from the patient's side; the practitioner ends it.
  private mutating func stir(_ id: ConsultationID, _ seated: [Int]) {
    guard let page = random.pick(seated) else { return }
    switch random.below(14) {
    case 0, 1: leave(page, id)
    case 2: closePage(page)
    case 3...6: if let channel = pages[page].channel, !channels[channel].isCut { disturb(channel) }
    case 7, 8: ask(page, .unaccompany(id))
    case 9 where random.chance(50): send(.end(id, .completed), from: page)
    case 10: moveToAnotherDevice(page, id)
    default: signal(from: page, in: id)
    }
  }

  private mutating func moveToAnotherDevice(_ page: Int, _ id: ConsultationID) {
    guard let seat = pages[page].belief.room?.you else { return }
    let other = openPage(of: pages[page].person)
    let role: SeatRole = seat == .practitioner ? .practitioner : seat == .patient ? .patient : .guardian
    join(other, id, as: role, takeOver: random.chance(80))
  }

  /// A signal, usually to a peer that the page knows.
  private mutating func signal(from page: Int, in id: ConsultationID) {
    let peers = pages[page].belief.room.flatMap { $0.id == id ? $0.peers : nil } ?? []
    let peer = random.chance(80) ? random.pick(peers) : nil
    let target = peer?.seat ?? Seat.allCases[random.below(4)]
    ask(page, .signal(id, to: target, negotiation: peer?.negotiation ?? Int(clock.milliseconds) - random.below(3)))
    // It is not answered when it passes.
    pages[page].pending.removeAll { if case .signal = $0.content { true } else { false } }
  }

  // MARK: Anything else

  private mutating func doAnything() {
    if let id = anyConsultation() { doAnything(id) }
  }

  private mutating func doAnything(_ id: ConsultationID) {
    guard let page = anyPage(), let patient = random.pick(population.patients),
      let person = random.pick(population.residents)?.id
    else { return }
    let document = random.pick(store.consultations.flatMap(\.consultation.documents))?.id ?? nextID(4)
    switch random.below(26) {
    case 0: send(.request(patient, toAttending: random.chance(50)), from: page)
    case 1: send(.cancel(id), from: page)
    case 2, 3: send(.claim(id), from: page)
    case 4: send(.open(id), from: page)
    case 5: send(.start(id, [patient, person]), from: page)
    case 6: send(.end(id, .other), from: page)
    case 7, 8, 9: join(page, id, as: SeatRole.allCases[random.below(3)])
    case 10: leave(page, id)
    case 11: ask(page, .accompany(id, by: person))
    case 12: ask(page, .unaccompany(id))
    case 13: send(.refuse(id, .personal), from: page)
    case 14: send(.assign(id, to: person), from: page)
    case 15: send(.unassign(id), from: page)
    case 16: send(.release(id), from: page)
    case 17: send(.confirm(id), from: page)
    case 18: send(.close(id), from: page)
    case 19: send(.handOver(id, nextID(4)), from: page)
    case 20: send(.fetch(id, document), from: page)
    case 21: send(.withdraw(id, document), from: page)
    case 22: ask(page, .report(id))
    default: signal(from: page, in: id)
    }
  }
}

import Rooms

/// What happens next. Mostly what the story asks for, so that schedules get far; often enough anything else.
extension Schedule {
  mutating func playEvent() {
    switch random.below(100) {
    case 0..<4: connectSomebody()
    case 4..<6: if let connection = anyConnection() { disconnect(connection) }
    case 6..<8: if let connection = anyConnection() { declare(connection, available: random.chance(75)) }
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

  /// At first, and after a crash, most people come at once.
  mutating func connectMany() {
    for resident in population.residents where random.chance(80) { connect(resident.id) }
  }

  // MARK: Choosing

  private mutating func anyConnection() -> ConnectionID? { random.pick(oracle.connections { _ in true }) }

  /// Usually one that is not over.
  private mutating func anyConsultation() -> ConsultationID? {
    let isEndedToo = random.chance(40)
    let alive = store.consultations.filter {
      isEndedToo ? !$0.consultation.state.isFinal : !$0.consultation.state.isOver
    }
    let choices = alive.isEmpty || random.chance(5) ? store.consultations : alive
    return random.pick(choices)?.consultation.id
  }

  private mutating func connectSomebody() {
    if let resident = random.pick(population.residents) { connect(resident.id) }
  }

  /// A connection of that person; if they have none they connect now, which is this event then.
  private mutating func connection(of person: PersonID?) -> ConnectionID? {
    guard let person else { return nil }
    let own = oracle.connections { $0.person == person }
    if own.isEmpty { connect(person) }
    return random.pick(own)
  }

  private mutating func requestSomething() {
    guard let patient = random.pick(population.patients) else { return }
    let askers = [patient] + population[patient].guardians.map(\.person)
    guard let connection = connection(of: random.pick(askers)) else { return }
    send(.request(patient, toAttending: random.chance(40)), from: connection)
  }

  private mutating func repeatSomething() {
    guard let again = random.pick(sent), let connection = connection(of: again.person) else { return }
    if random.chance(10), let other = random.pick(sent), other.person == again.person {
      send(other.mutation, again.key, from: connection)
    } else {
      send(again.mutation, again.key, from: connection)
    }
  }

  // MARK: The story

  private mutating func goOn(_ id: ConsultationID) {
    guard let consultation = oracle.fact(id)?.consultation else { return }
    let practitioner = consultation.state.claim?.practitioner
    switch consultation.state.name {
    case .requested: claimOrCancel(consultation)
    case .claimed:
      guard let connection = connection(of: random.chance(8) ? consultation.patient : practitioner) else { return }
      if random.chance(consultation.overdue == nil ? 12 : 50) { return changeMind(consultation) }
      switch random.below(20) {
      case 0: send(.cancel(id), from: connection)
      case 1: send(.end(id, .technical), from: connection)
      case 2: send(.start(id, [consultation.patient]), from: connection)
      default: send(.open(id), from: connection)
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
      guard let connection = connection(of: consultation.patient) else { return }
      return send(.cancel(consultation.id), from: connection)
    }
    if random.chance(consultation.overdue == nil ? 8 : 35) { return changePractitioner(consultation) }
    if let physician = consultation.assignedPhysician, random.chance(25) {
      guard let connection = connection(of: physician) else { return }
      return send(.refuse(consultation.id, random.chance(50) ? .professional : .personal), from: connection)
    }
    let practitioners = population.residents.filter(\.isPractitioner).map(\.id)
    var claimant = random.pick(practitioners)
    if case .attending(let physician) = consultation.assignment, random.chance(80) { claimant = physician }
    if let connection = connection(of: claimant) { send(.claim(consultation.id), from: connection) }
  }

  /// The practitioner gives it back, or the patient's side would rather have another one.
  private mutating func changeMind(_ consultation: Consultation) {
    guard random.chance(50) else { return changePractitioner(consultation) }
    guard let connection = connection(of: consultation.state.claim?.practitioner) else { return }
    send(.release(consultation.id), from: connection)
  }

  /// The patient's side names another physician, or goes back to everybody.
  private mutating func changePractitioner(_ consultation: Consultation) {
    let guardian = random.pick(population[consultation.patient].guardians)?.person
    guard let connection = connection(of: random.chance(70) ? consultation.patient : guardian),
      let physician = random.pick(population.residents.filter(\.isPractitioner))?.id
    else { return }
    send(
      random.chance(50) ? .unassign(consultation.id) : .assign(consultation.id, to: physician), from: connection)
  }

  private mutating func handOver(_ consultation: Consultation) {
    guard let connection = connection(of: consultation.state.claim?.practitioner) else { return }
    send(.handOver(consultation.id, nextID(4)), from: connection)
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
      if let document, let connection = connection(of: family) { send(.fetch(id, document), from: connection) }
    case 13: if let connection = connection(of: family) { send(.confirm(id), from: connection) }
    case 14:
      if let connection = connection(of: consultation.state.claim?.practitioner) { send(.close(id), from: connection) }
    case 15, 16:
      guard let document, let connection = connection(of: consultation.state.claim?.practitioner) else { return }
      send(.withdraw(id, document), from: connection)
    default: doAnything(id)
    }
  }

  private mutating func meet(_ consultation: Consultation, _ practitioner: PersonID?) {
    let id = consultation.id
    let seated = oracle.seated(in: id)
    let isComplete = oracle.fact(id).map { oracle.mayRelay($0) } ?? false
    if random.chance(15) { return stir(id, seated.map(\.connection)) }
    if !seated.contains(where: { $0.place.seat == .practitioner }) {
      return join(connection(of: practitioner), id, as: .practitioner)
    }
    if !seated.contains(where: { $0.place.seat == .patient }) {
      let guardian = random.pick(population[consultation.patient].guardians)?.person
      return join(connection(of: random.chance(75) ? consultation.patient : guardian), id, as: .patient)
    }
    if let fact = oracle.fact(id), !oracle.mayBeAlone(fact), !oracle.guardianIsThere(fact), random.chance(85) {
      return bringGuardian(to: consultation)
    }
    if isComplete, consultation.state.name == .open, random.chance(40) {
      guard let connection = connection(of: practitioner) else { return }
      let persons = seated.filter { $0.place.seat != .practitioner }
        .flatMap { [$0.client.person] + ($0.place.companion.map { [$0] } ?? []) }
      let attested = [consultation.patient] + persons.filter { $0 != consultation.patient }
      return send(.start(id, random.chance(85) ? attested : [consultation.patient]), from: connection)
    }
    if let sender = random.pick(seated.map(\.connection)) { signal(from: sender, in: id) }
  }

  private mutating func bringGuardian(to consultation: Consultation) {
    let id = consultation.id
    guard let guardian = random.pick(population[consultation.patient].guardians)?.person else { return }
    if random.chance(40), let seat = oracle.seated(in: id).first(where: { $0.place.seat == .patient }) {
      accompany(seat.connection, id, by: guardian)
    } else {
      join(connection(of: guardian), id, as: .guardian)
    }
  }

  private mutating func join(_ connection: ConnectionID?, _ id: ConsultationID, as role: SeatRole) {
    guard let connection else { return }
    join(connection, id, as: role, takeOver: random.chance(50))
  }

  /// Somebody leaves, vanishes, goes away from the patient's side; the practitioner ends it.
  private mutating func stir(_ id: ConsultationID, _ seated: [ConnectionID]) {
    guard let connection = random.pick(seated) else { return }
    switch random.below(10) {
    case 0...2: leave(connection, id)
    case 3, 4: disconnect(connection)
    case 5, 6: unaccompany(connection, id)
    case 7 where random.chance(50): send(.end(id, .completed), from: connection)
    case 8: moveToAnotherDevice(connection, id)
    default: signal(from: connection, in: id)
    }
  }

  private mutating func moveToAnotherDevice(_ connection: ConnectionID, _ id: ConsultationID) {
    guard let seat = oracle.client(connection).place?.seat else { return }
    connect(person(connection))
    let role: SeatRole = seat == .practitioner ? .practitioner : seat == .patient ? .patient : .guardian
    join(ConnectionID(UInt64(oracle.clients.count - 1)), id, as: role, takeOver: random.chance(80))
  }

  // MARK: Anything else

  private mutating func doAnything() {
    if let id = anyConsultation() { doAnything(id) }
  }

  private mutating func doAnything(_ id: ConsultationID) {
    guard let connection = anyConnection(), let patient = random.pick(population.patients),
      let person = random.pick(population.residents)?.id
    else { return }
    let document = random.pick(store.consultations.flatMap(\.consultation.documents))?.id ?? nextID(4)
    switch random.below(26) {
    case 0: send(.request(patient, toAttending: random.chance(50)), from: connection)
    case 1: send(.cancel(id), from: connection)
    case 2, 3: send(.claim(id), from: connection)
    case 4: send(.open(id), from: connection)
    case 5: send(.start(id, [patient, person]), from: connection)
    case 6: send(.end(id, .other), from: connection)
    case 7, 8, 9: join(connection, id, as: SeatRole.allCases[random.below(3)])
    case 10: leave(connection, id)
    case 11: accompany(connection, id, by: person)
    case 12: unaccompany(connection, id)
    case 13: send(.refuse(id, .personal), from: connection)
    case 14: send(.assign(id, to: person), from: connection)
    case 15: send(.unassign(id), from: connection)
    case 16: send(.release(id), from: connection)
    case 17: send(.confirm(id), from: connection)
    case 18: send(.close(id), from: connection)
    case 19: send(.handOver(id, nextID(4)), from: connection)
    case 20: send(.fetch(id, document), from: connection)
    case 21: send(.withdraw(id, document), from: connection)
    case 22: report(connection, id)
    default: signal(from: connection, in: id)
    }
  }
}

import Rooms

/// What the people of a schedule, and the shell on their behalf, can do.
extension Schedule {
  private mutating func nextTicket(_ question: Oracle.Question) -> Ticket {
    oracle.asks(question)
    askers.append(asker)
    return Ticket(UInt64(oracle.tickets.count - 1))
  }

  /// What somebody asks whose answer the store decides.
  private mutating func question(_ connection: ConnectionID, _ id: ConsultationID?) -> Ticket {
    nextTicket(.mutation(connection, id, couldSee: id.map { oracle.maySee(connection, $0) } ?? false))
  }

  mutating func nextID<Noun>(_ kind: UInt64) -> Identifier<Noun> {
    lastID += 1
    return Identifier(high: kind, low: lastID)
  }

  /// There is no such consultation: the shell says so itself.
  private mutating func refuseUnknown() {
    if let asker { refuse(asker, .unknownConsultation) }
  }

  func person(_ connection: ConnectionID) -> PersonID { oracle.client(connection).person }

  func file(of id: ConsultationID) -> PatientFile? {
    store.consultation(id).map { population[$0.patient].file }
  }

  /// A page's request has reached the broker.
  mutating func handle(_ request: Request, from connection: ConnectionID) {
    asker = Asker(connection: connection, re: request.re)
    defer { asker = nil }
    switch request.content {
    case .declare(let available): declare(connection, available: available)
    case .mutation(let mutation, let key): carryOut(mutation, key, from: connection)
    case .join(let id, let role, let takeOver, let connected):
      join(connection, id, as: role, takeOver: takeOver, connected: connected)
    case .leave(let id): leave(connection, id)
    case .accompany(let id, let guardian): accompany(connection, id, by: guardian)
    case .unaccompany(let id): unaccompany(connection, id)
    case .report(let id): report(connection, id)
    case .signal(let id, let seat, let negotiation): signal(from: connection, in: id, to: seat, negotiation)
    }
  }

  private mutating func report(_ connection: ConnectionID, _ id: ConsultationID) {
    let ticket = question(connection, id)
    step("\(connection.number) tells of an incident in \(id)") { $0.report(ticket, from: connection, id, .iceFailed) }
  }

  private mutating func declare(_ connection: ConnectionID, available: Bool) {
    let ticket = nextTicket(.presence(available: available, connection))
    step("\(connection.number) declares available: \(available)") {
      $0.declare(ticket, from: connection, available: available)
    }
  }

  /// A page sends a mutation with a new key.
  mutating func send(_ mutation: Mutation, from page: Int) {
    let key: MutationKey = nextID(3)
    sent.append(Sent(person: pages[page].person, mutation: mutation, key: key))
    send(mutation, key, from: page)
  }

  mutating func send(_ mutation: Mutation, _ key: MutationKey, from page: Int) {
    guard mutation.isExchange else { return ask(page, .mutation(mutation, key)) }
    if let connection = pages[page].session { exchange(mutation, key, from: connection) }
  }

  private mutating func carryOut(_ mutation: Mutation, _ key: MutationKey, from connection: ConnectionID) {
    let moment = clock.moment
    oracle.today = clock.today
    switch mutation {
    case .request(let patient, let toAttending):
      let file = population[patient].file
      let id: ConsultationID = nextID(2)
      filesGiven[id] = file
      let wish = Hall.Wish(
        id: id, toAttending: toAttending, notes: HealthNotes(reason: "cough"), payment: .carteBancaire)
      let ticket = question(connection, nil)
      step("\(connection.number) requests \(id) for \(patient), to attending: \(toAttending)") {
        $0.request(ticket, key: key, from: connection, for: file, wish, at: moment)
      }
    case .cancel(let id):
      let ticket = question(connection, id)
      step("\(connection.number) cancels \(id)") { $0.cancel(ticket, key: key, from: connection, id) }
    case .claim(let id):
      let ticket = question(connection, id)
      step("\(connection.number) claims \(id)") { $0.claim(ticket, key: key, from: connection, id) }
    case .open(let id):
      guard let file = file(of: id) else { return refuseUnknown() }
      let ticket = question(connection, id)
      oracle.isGiven(file, for: id)
      step("\(connection.number) opens \(id)") {
        $0.open(ticket, key: key, from: connection, id, file: file, at: moment)
      }
    case .start(let id, let attested):
      let ticket = question(connection, id)
      step("\(connection.number) starts \(id) and attests \(attested)") {
        $0.start(ticket, key: key, from: connection, id, attested: attested)
      }
    case .end(let id, let reason):
      let ticket = question(connection, id)
      step("\(connection.number) ends \(id)") { $0.end(ticket, key: key, from: connection, id, reason: reason) }
    case .refuse, .assign, .unassign, .release, .confirm, .close: change(mutation, key, from: connection)
    case .handOver, .fetch, .withdraw: break
    }
  }

  /// A change of who treats the patient, or the closure.
  private mutating func change(_ mutation: Mutation, _ key: MutationKey, from connection: ConnectionID) {
    switch mutation {
    case .refuse(let id, let grounds):
      let ticket = question(connection, id)
      step("\(connection.number) refuses \(id) on \(grounds) grounds") {
        $0.refuse(ticket, key: key, from: connection, id, grounds: grounds)
      }
    case .assign(let id, let physician):
      let isVerified = population[physician].isVerified
      let ticket = question(connection, id)
      step("\(connection.number) assigns \(id) to \(physician)") {
        $0.assign(ticket, key: key, from: connection, id, to: physician, isVerified: isVerified)
      }
    case .unassign(let id):
      let ticket = question(connection, id)
      step("\(connection.number) opens \(id) to everybody") { $0.unassign(ticket, key: key, from: connection, id) }
    case .release(let id):
      let ticket = question(connection, id)
      step("\(connection.number) gives \(id) back") { $0.release(ticket, key: key, from: connection, id) }
    case .confirm(let id):
      let ticket = question(connection, id)
      step("\(connection.number) confirms \(id)") { $0.confirm(ticket, key: key, from: connection, id) }
    case .close(let id):
      let ticket = question(connection, id)
      step("\(connection.number) closes \(id)") { $0.close(ticket, key: key, from: connection, id) }
    default: break
    }
  }

  /// Documents, over HTTP: whoever is on that connection asks as the person they are.
  private mutating func exchange(_ mutation: Mutation, _ key: MutationKey, from connection: ConnectionID) {
    let moment = clock.moment
    let by = person(connection)
    switch mutation {
    case .handOver(let id, let documentID):
      let document = Document(
        id: documentID, kind: .prescription, type: .pdf, size: 1_000, commitment: String(repeating: "a", count: 64),
        handedOverAt: moment.now)
      let details = detailsGiven[documentID] ?? DocumentDetails(name: "\(documentID).pdf", salt: "5a17")
      detailsGiven[documentID] = details
      let isVerified = population[by].isVerified
      let ticket = question(connection, id)
      step("\(by) hands over \(documentID) for \(id)") {
        $0.handOver(ticket, by: by, isVerified: isVerified, id, document, details, at: moment)
      }
    case .fetch(let id, let document):
      let ticket = question(connection, id)
      step("\(by) has \(document) of \(id)") { $0.fetched(ticket, by: by, id, document, key: key, at: moment) }
    case .withdraw(let id, let document):
      let ticket = question(connection, id)
      step("\(by) withdraws \(document) of \(id)") { $0.withdraw(ticket, by: by, id, document, key: key, at: moment) }
    default: break
    }
  }

  private mutating func join(
    _ connection: ConnectionID, _ id: ConsultationID, as role: SeatRole, takeOver: Bool, connected: Room.Connected
  ) {
    guard let file = file(of: id) else { return refuseUnknown() }
    let ticket = nextTicket(.join(connection, id))
    oracle.isGiven(file, for: id)
    let person = person(connection)
    step("\(connection.number) (\(person)) joins \(id) as \(role), take over: \(takeOver), has \(connected)") {
      $0.join(ticket, from: connection, id, as: role, takeOver: takeOver, connected: connected, file: file)
    }
  }

  private mutating func leave(_ connection: ConnectionID, _ id: ConsultationID) {
    let ticket = nextTicket(.leave(connection, id))
    step("\(connection.number) leaves \(id)") { $0.leave(ticket, from: connection, id) }
  }

  private mutating func accompany(_ connection: ConnectionID, _ id: ConsultationID, by guardian: PersonID) {
    guard let file = file(of: id) else { return refuseUnknown() }
    let ticket = nextTicket(.accompany(connection, id, by: guardian))
    oracle.isGiven(file, for: id)
    step("\(guardian) sits down beside \(connection.number) in \(id)") {
      $0.accompany(ticket, from: connection, id, guardian: guardian, file: file)
    }
  }

  private mutating func unaccompany(_ connection: ConnectionID, _ id: ConsultationID) {
    let ticket = nextTicket(.unaccompany(connection, id))
    step("\(connection.number) is alone in \(id)") { $0.unaccompany(ticket, from: connection, id) }
  }

  /// The links of a patient change; sometimes the hall is told at once, else it learns of it when somebody joins.
  mutating func relink(_ patient: PersonID) {
    population.relink(patient, using: &random)
    let file = population[patient].file
    transcript.note(clock, "the file of \(patient) changes: \(file.guardians)")
    guard random.chance(60) else { return }
    oracle.isGiven(file, for: nil)
    step("the hall is given the file of \(patient)") { $0.fileChanged(file) }
  }

  mutating func forget() {
    let moment = clock.moment
    oracle.forgets(before: moment.now.advanced(byMilliseconds: -hall.settings.overVisibleMilliseconds))
    step("the hall forgets") {
      $0.forget(at: moment)
      return []
    }
  }

  /// A signal, under the number that the page has.
  private mutating func signal(
    from connection: ConnectionID, in id: ConsultationID, to target: Seat, _ number: Int
  ) {
    guard oracle.violation == nil else { return }
    oracle.today = clock.today
    let seat = hall.rooms[id]?.seat(of: connection)
    let peer = seat.flatMap { hall.rooms[id]?.peers(of: $0) }?.first { $0.seat == target && $0.negotiation == number }
    transcript.note(clock, "\(connection.number) signals to \(target) of \(id) under \(number)")
    do throws(Refusal) {
      let route = try fault.route(hall, from: connection, in: id, to: target, negotiation: number)
      transcript.note("  → to connection \(route.connection.number)")
      coverage.signals += 1
      oracle.passed(
        from: connection, in: id, from: route.from, to: target, negotiation: number, receiver: route.connection)
      send(.signal(id, from: route.from, negotiation: number), to: [route.connection])
    } catch {
      transcript.note("  → refused: \(error)")
      coverage.signalsRefused += 1
      if let peer { oracle.held(from: connection, in: id, to: peer, error) }
    }
  }
}

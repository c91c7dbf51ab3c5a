import Rooms

/// A session as the broker has it.
struct BrokerSession {
  let person: PersonID
  var continuity: Continuity<Token>
  /// The connection that there is, or was last.
  var channel: Int
}

/// Whom to answer, and what they asked.
struct Asker {
  let connection: ConnectionID
  let re: Int
}

/// The broker's side of connections: the same decisions as the real one's, `Continuity` and `SessionTerms`, around the same
/// hall.
extension Schedule {
  // MARK: What arrives

  mutating func arriveAtBroker(_ index: Int) {
    let message = channels[index].up.removeFirst().message
    channels[index].lastHeard = clock.steady
    switch message {
    case .hello(let resumption): greet(index, resumption)
    case .request(let request):
      guard let connection = channels[index].session, sessions[connection] != nil else { return }
      sessions[connection]?.continuity.hear()
      oracle.hears(connection)
      handle(request, from: connection)
    case .close(let code):
      transcript.note(clock, "channel \(index) was closed with \(code)")
      isClosed(index, code: code)
    }
  }

  /// The client says what it has received.
  mutating func confirm(_ index: Int) {
    channels[index].pongAt = nil
    let channel = channels[index]
    let page = pages[channel.page]
    guard !channel.isCut, channel.isOpenAtBroker, channel.isOpenAtPage, page.channel == index,
      let connection = channel.session, let session = sessions[connection]
    else { return }
    if page.isOnline, page.session == connection {
      channels[index].lastHeard = clock.steady
      oracle.hears(connection)
      coverage.pongs += 1
      sessions[connection]?.continuity.confirm(through: page.sequence)
    }
    if page.sequence < session.continuity.sequence || !page.isOnline { expectPong(index) }
  }

  private mutating func expectPong(_ index: Int) {
    if channels[index].pongAt == nil { channels[index].pongAt = clock.steady + 4_000 + Int64(random.below(2_000)) }
  }

  // MARK: Coming

  private mutating func greet(_ index: Int, _ resumption: Channel.Resumption?) {
    let page = channels[index].page
    if let resumption {
      if resume(resumption, on: index) { return }
      judgeRefusal(of: resumption, page)
    }
    let person = pages[page].person
    let visitor = population.visitor(person, today: clock.today)
    let connection = ConnectionID(UInt64(oracle.clients.count))
    oracle.connects(visitor, page: page)
    let session = BrokerSession(
      person: person, continuity: Continuity(secret: nextToken(), terms: terms, limits: limits), channel: index)
    sessions.append(session)
    channels[index].session = connection
    oracle.isGivenSecret(session.continuity.secret, connection)
    if let cutAt = channels[index].upCutAt { oracle.isSilent(connection, since: cutAt) }
    if resumption != nil { coverage.resumesRefused += 1 }
    tell(index, .welcome(welcome(connection, after: nil)))
    step("\(person) on page \(page) connects as \(connection.number)") { $0.connect(connection, visitor) }
  }

  /// - Returns: whether the client can go on with its session.
  private mutating func resume(_ shown: Channel.Resumption, on index: Int) -> Bool {
    let connection = shown.session
    guard var session = sessions[connection] else { return false }
    var secret = shown.secret
    // Whoever shows a secret that was used up is let in.
    if fault == .staleSecret, oracle.hasIssued(secret, to: connection) { secret = session.continuity.secret }
    guard session.continuity.canResume(with: secret, after: shown.sequence) else {
      if !session.continuity.replay.reaches(backTo: shown.sequence) { coverage.overruns += 1 }
      return false
    }
    oracle.resumes(connection, with: shown.secret)
    let moment = clock.moment
    coverage.resumes += 1
    if session.continuity.absence?.hasLapsed == true { coverage.resumesAfterLapse += 1 }
    if session.continuity.isConnected {
      coverage.resumesOverHalfDead += 1
      hangUp(session.channel, code: 4001)
      channels[session.channel].session = nil
      step("the older connection of \(connection.number) is given up") { $0.lose(connection, at: moment) }
    }
    session = sessions[connection] ?? session
    session.channel = index
    session.continuity.resume(with: secret, after: shown.sequence, next: nextToken())
    sessions[connection] = session
    channels[index].session = connection
    oracle.isGivenSecret(session.continuity.secret, connection)
    tell(index, .welcome(welcome(connection, after: shown.sequence)))
    sendMissed(session, on: index)
    oracle.isBack(connection)
    if let cutAt = channels[index].upCutAt { oracle.isSilent(connection, since: cutAt) }
    step("\(connection.number) goes on after \(shown.sequence)") { $0.resume(connection, at: moment) }
    return true
  }

  /// Whoever shows the secret that they were given, and has not missed more than is kept, must not be refused.
  private mutating func judgeRefusal(of shown: Channel.Resumption, _ page: Int) {
    guard let session = sessions[shown.session], !session.continuity.isEnding, pages[page].secret == shown.secret else {
      return
    }
    oracle.refuses(shown.session, after: shown.sequence, limits, longest: 16 + Self.filling.count)
  }

  private func welcome(_ connection: ConnectionID, after sequence: UInt64?) -> Channel.Welcome {
    Channel.Welcome(
      session: connection, secret: sessions[connection]?.continuity.secret ?? Token(number: 0),
      isResumed: sequence != nil, sequence: sequence ?? 0)
  }

  private mutating func nextToken() -> Token {
    lastToken += 1
    return Token(number: lastToken)
  }

  private mutating func sendMissed(_ session: BrokerSession, on index: Int) {
    var missed: [(number: UInt64, index: Int)] = []
    session.continuity.replay.visit { missed.append(Self.read($0)) }
    coverage.replayed += missed.count
    // One gets lost.
    if fault == .replayGap, missed.count > 1 { missed.remove(at: 0) }
    for event in missed { tell(index, .event(number: event.number, index: event.index)) }
    if !missed.isEmpty { expectPong(index) }
  }

  // MARK: Going

  /// The broker learns that a connection is gone.
  ///
  /// - Parameter code: what it was closed with; nil if nobody closed it.
  private mutating func isClosed(_ index: Int, code: UInt16?) {
    guard channels[index].isOpenAtBroker else { return }
    channels[index].isOpenAtBroker = false
    channels[index].brokerNoticesAt = nil
    channels[index].pongAt = nil
    guard let connection = channels[index].session, let session = sessions[connection] else { return }
    channels[index].session = nil
    guard !session.continuity.isEnding, SessionTerms.mayComeBack(afterClosingWith: code) else {
      return forget(connection)
    }
    coverage.breaks += 1
    let moment = clock.moment
    oracle.breaks(connection)
    step("the connection of \(connection.number) breaks") { $0.lose(connection, at: moment) }
    let silence = clock.steady - channels[index].lastHeard
    sessions[connection]?.continuity.breaks(at: clock.steady, afterSilenceOf: silence)
    dropAbsentees(of: session.person)
  }

  mutating func brokerNotices(_ index: Int) {
    channels[index].brokerNoticesAt = nil
    transcript.note(clock, "the broker notices that channel \(index) is gone")
    isClosed(index, code: nil)
  }

  /// Nothing was heard for too long.
  mutating func isMissed(_ connection: ConnectionID) {
    switch sessions[connection]?.continuity.due(at: clock.steady) {
    case .lapse:
      coverage.lapses += 1
      // The lapse is forgotten: they stay as if they were there.
      if fault == .ghost { return }
      oracle.lapses(connection)
      step("\(connection.number) lapses") { $0.lapse(connection) }
    case .end:
      coverage.windowsOver += 1
      forget(connection)
    case nil: break
    }
  }

  private mutating func dropAbsentees(of person: PersonID) {
    var absent: [(connection: ConnectionID, since: Int64)] = []
    for (index, session) in sessions.enumerated() {
      guard let session, session.person == person, let absence = session.continuity.absence else { continue }
      absent.append((ConnectionID(UInt64(index)), absence.since))
    }
    for connection in terms.surplus(of: absent) {
      coverage.absenteesDropped += 1
      forget(connection)
    }
  }

  /// Takes leave of a session for good.
  private mutating func forget(_ connection: ConnectionID) {
    sessions[connection] = nil
    oracle.disconnects(connection)
    step("\(connection.number) disconnects") { $0.disconnect(connection) }
  }

  /// The broker ends a session: somebody signed out elsewhere.
  mutating func end(_ connection: ConnectionID) {
    guard let session = sessions[connection] else { return }
    transcript.note(clock, "the broker ends the session \(connection.number)")
    coverage.sessionsEnded += 1
    sessions[connection]?.continuity.end()
    if session.continuity.isConnected {
      // The session is over once the connection is closed.
      tell(session.channel, .closed(code: 4204))
      channels[session.channel].brokerNoticesAt = clock.steady + Int64(random.below(1_000))
    } else {
      forget(connection)
    }
  }

  /// The broker closes the connection of a client that does not read.
  mutating func closeSlowReader(_ connection: ConnectionID) {
    guard let session = sessions[connection], session.continuity.isConnected, !session.continuity.isEnding else {
      return
    }
    transcript.note(clock, "the broker closes channel \(session.channel), which does not read")
    tell(session.channel, .closed(code: 4101))
    channels[session.channel].lastHeard = clock.steady
    isClosed(session.channel, code: 4101)
  }

  private mutating func hangUp(_ index: Int, code: UInt16) {
    tell(index, .closed(code: code))
    channels[index].isOpenAtBroker = false
    channels[index].brokerNoticesAt = nil
    channels[index].pongAt = nil
  }

  // MARK: What leaves

  private mutating func tell(_ index: Int, _ message: Channel.Downward) {
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
    case .remind, .awaitReturn, .tell: break
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
      let filling = random.below(60)
      var head = number
      var body = index
      withUnsafeBytes(of: &head) { head in
        withUnsafeBytes(of: &body) { body in
          Self.filling.withUnsafeBytes { tail in
            sessions[connection]!.continuity.keep(head, body, UnsafeRawBufferPointer(rebasing: tail[..<filling]))
          }
        }
      }
      let session = sessions[connection]!
      guard session.continuity.isConnected else { continue }
      tell(session.channel, .event(number: number, index: index))
      expectPong(session.channel)
    }
  }

  /// What makes some events longer than others.
  private static let filling = [UInt8](repeating: 0, count: 60)

  /// An event's number, and which of all it is.
  private static func read(_ bytes: UnsafeRawBufferPointer) -> (number: UInt64, index: Int) {
    (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: Int.self))
  }
}

extension [BrokerSession?] {
  subscript(connection: ConnectionID) -> BrokerSession? {
    get { self[Int(connection.number)] }
    set { self[Int(connection.number)] = newValue }
  }
}

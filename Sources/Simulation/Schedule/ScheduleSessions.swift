import Rooms

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

  mutating func expectPong(_ index: Int) {
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
    oracle.refuses(shown.session, after: shown.sequence, limits, longest: KeptEvent.longest)
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
    var missed: [KeptEvent] = []
    session.continuity.replay.visit { missed.append(KeptEvent($0)) }
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
}

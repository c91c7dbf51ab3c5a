import Rooms

/// What pages do: they connect, ask, believe what they are told, and come back when their connection broke.
extension Schedule {
  /// Somebody opens a new page.
  @discardableResult
  mutating func openPage(of person: PersonID) -> Int {
    pages.append(Page(person: person))
    open(pages.count - 1)
    return pages.count - 1
  }

  /// A page connects, with what it shows to go on with its session.
  mutating func open(_ number: Int) {
    pages[number].retryAt = nil
    let page = pages[number]
    guard page.isOpen, page.channel == nil else { return }
    channels.append(Channel(page: number, lastHeard: clock.steady))
    let index = channels.count - 1
    pages[number].channel = index
    var resumption: Channel.Resumption?
    if let session = page.session, let secret = page.secret {
      var shown = secret
      // Somebody has got hold of a secret of before.
      if !isSettling, let spent = page.spent, random.chance(8) {
        coverage.spentSecretsShown += 1
        shown = spent
      }
      resumption = Channel.Resumption(session: session, secret: shown, sequence: page.sequence)
    }
    transcript.note(clock, "page \(number) of \(page.person) opens channel \(index)")
    channels[index].send(.hello(resumption), arrivingAt: clock.steady + delay())
    // Now and then the network is gone again before the answer comes.
    if !isSettling, random.chance(8) { cut(index, after: Int64(random.below(1_500))) }
  }

  // MARK: Asking

  /// A page asks for something: now, or as soon as it is online.
  mutating func ask(_ number: Int, _ content: Request.Content) {
    guard pages[number].isOpen else { return }
    pages[number].lastRequest += 1
    let request = Request(re: pages[number].lastRequest, content: content)
    pages[number].pending.append(request)
    transmit(request, from: number)
  }

  private mutating func transmit(_ request: Request, from number: Int) {
    guard pages[number].isOnline, let index = pages[number].channel else { return }
    var content = request.content
    if case .join(let id, let role, let takeOver, _) = content {
      // What runs now counts, not what ran when it was first asked for.
      let isSame = pages[number].linksRoom == id
      content = .join(id, role, takeOver: takeOver, connected: isSame ? pages[number].links : [:])
      if isSame, !pages[number].links.isEmpty { coverage.connectedTold += 1 }
    }
    transcript.note(clock, "page \(number) asks on channel \(index): \(content)")
    channels[index].send(.request(Request(re: request.re, content: content)), arrivingAt: clock.steady + delay())
  }

  /// A page asks for a seat; from another room it leaves first.
  mutating func join(_ number: Int, _ id: ConsultationID, as role: SeatRole, takeOver: Bool) {
    if let other = pages[number].wants?.consultation ?? pages[number].belief.room?.id, other != id {
      leave(number, other)
    }
    pages[number].wants = Page.Wish(consultation: id, role: role)
    ask(number, .join(id, role, takeOver: takeOver, connected: [:]))
  }

  mutating func leave(_ number: Int, _ id: ConsultationID) {
    if pages[number].linksRoom == id || pages[number].wants?.consultation == id { pages[number].hangUp() }
    ask(number, .leave(id))
  }

  /// Nothing was heard of the page for too long, or its session was over: it takes its seat again.
  mutating func rejoin(_ number: Int) {
    pages[number].rejoinAt = nil
    guard let wish = pages[number].wants, pages[number].belief.room == nil, !pages[number].isJoining else { return }
    if !isSettling, random.chance(8) { return pages[number].hangUp() }
    coverage.rejoins += 1
    join(number, wish.consultation, as: wish.role, takeOver: true)
  }

  // MARK: What arrives

  mutating func arriveAtPage(_ index: Int) {
    let message = channels[index].down.removeFirst().message
    let number = channels[index].page
    switch message {
    case .closed(let code): isClosedAtPage(index, code: code)
    case .welcome(let welcome): isWelcomed(number, welcome)
    case .answer(let re, let answer): hear(answer, to: re, number)
    case .event(let sequence, let event):
      let page = pages[number]
      guard page.isOnline, let connection = page.session else {
        return oracle.require(false, "page \(number) was sent an event before the answer to its hello")
      }
      oracle.receives(sequence, event, after: page.sequence, on: connection)
      guard oracle.violation == nil else { return }
      pages[number].sequence = sequence
      transcript.note(clock, "page \(number) has \(sequence): \(events[event])")
      learn(events[event], number)
    }
    pages[number].isDoubted = true
  }

  private mutating func isWelcomed(_ number: Int, _ welcome: Channel.Welcome) {
    transcript.note(
      clock, "page \(number) is welcomed to session \(welcome.session.number), resumed: \(welcome.isResumed)")
    let page = pages[number]
    if welcome.isResumed {
      oracle.require(
        page.session == welcome.session && page.sequence == welcome.sequence,
        "page \(number) was told to go on with something else than it asked for")
      pages[number].spent = page.secret
    } else {
      if page.session != nil, page.wants != nil { pages[number].rejoinAt = clock.steady + Int64(random.below(2_000)) }
      pages[number].session = welcome.session
      pages[number].sequence = 0
      pages[number].belief = Belief()
      pages[number].spent = nil
    }
    pages[number].secret = welcome.secret
    pages[number].isOnline = true
    if !welcome.isResumed, let declared = page.declared,
      !page.pending.contains(where: { if case .declare = $0.content { true } else { false } })
    {
      ask(number, .declare(available: declared))
      pages[number].pending.removeLast()
      pages[number].pending.insert(
        Request(re: pages[number].lastRequest, content: .declare(available: declared)), at: 0)
    }
    for request in page.pending {
      if case .mutation = request.content { coverage.sentAgain += 1 }
      transmit(request, from: number)
    }
  }

  private mutating func hear(_ answer: Channel.Answer, to re: Int, _ number: Int) {
    transcript.note(clock, "page \(number) has the answer to \(re): \(answer)")
    if case .seated(let view?) = answer {
      if pages[number].linksRoom == view.id {
        coverage.linksKept += view.peers.count { pages[number].links[$0.seat] == $0.negotiation }
      }
      pages[number].belief.room = view
      follow(view, number)
    }
    guard let position = pages[number].pending.firstIndex(where: { $0.re == re }) else { return }
    let request = pages[number].pending.remove(at: position)
    if case .mutation(let mutation, let key) = request.content {
      oracle.isAnswered(pages[number].person, mutation, key, answer)
    }
    switch (request.content, answer) {
    case (.leave(let id), _): if pages[number].belief.room?.id == id { pages[number].belief.room = nil }
    case (.join(let id, _, _, _), .refused):
      // What it asked before may have been what was refused.
      if pages[number].wants?.consultation == id, pages[number].belief.room == nil, !pages[number].isJoining {
        pages[number].hangUp()
      }
    case (.declare(let available), .accepted): pages[number].declared = available
    default: break
    }
  }

  private mutating func learn(_ event: Event, _ number: Int) {
    pages[number].belief.learn(event)
    switch event {
    case .room(let view): follow(view, number)
    case .roomClosed(let id, .connectionLost):
      if pages[number].wants?.consultation == id { pages[number].rejoinAt = clock.steady + Int64(random.below(1_500)) }
    case .roomClosed(let id, _):
      if pages[number].linksRoom == id || pages[number].wants?.consultation == id { pages[number].hangUp() }
    default: break
    }
  }

  /// The peer connections become those of the list: others end, new ones begin.
  private mutating func follow(_ view: RoomView, _ number: Int) {
    // Whoever is leaving makes none any more; whoever finds to have a seat after all uses it.
    guard !pages[number].isLeaving(view.id) else { return }
    if pages[number].wants == nil {
      let role: SeatRole =
        switch view.you {
        case .practitioner: .practitioner
        case .patient: .patient
        case .guardian1, .guardian2: .guardian
        }
      pages[number].wants = Page.Wish(consultation: view.id, role: role)
    }
    guard pages[number].wants?.consultation == view.id else { return }
    let before = pages[number].linksRoom == view.id ? pages[number].links : [:]
    let now = view.peers.reduce(into: [:]) { $0[$1.seat] = $1.negotiation }
    for peer in view.peers where before[peer.seat] != peer.negotiation {
      coverage.links += 1
      oracle.connectsPeer(page: number, peer, from: view.you, in: view.id)
    }
    for peer in view.peers where before[peer.seat] == peer.negotiation {
      oracle.keepsPeer(page: number, peer, from: view.you, in: view.id)
    }
    pages[number].links = now
    pages[number].linksRoom = view.id
  }

  // MARK: Connections that end

  private mutating func isClosedAtPage(_ index: Int, code: UInt16) {
    transcript.note(clock, "page \(channels[index].page) is told that channel \(index) is closed: \(code)")
    let number = channels[index].page
    dropAtPage(index)
    guard code == 4204 else { return }
    pages[number].hangUp()
    pages[number].isOpen = false
    pages[number].retryAt = nil
  }

  mutating func pageNotices(_ index: Int) {
    transcript.note(clock, "page \(channels[index].page) notices that channel \(index) is gone")
    dropAtPage(index)
  }

  /// The page is without this connection, and tries another one after a while.
  mutating func dropAtPage(_ index: Int) {
    channels[index].isOpenAtPage = false
    channels[index].pageNoticesAt = nil
    channels[index].down = []
    let number = channels[index].page
    guard pages[number].channel == index else { return }
    pages[number].channel = nil
    pages[number].isOnline = false
    // What was asked and is of no use later.
    pages[number].pending.removeAll {
      switch $0.content {
      case .signal, .report: true
      default: false
      }
    }
    guard pages[number].isOpen else { return }
    let patience =
      switch isSettling ? 0 : random.below(100) {
      case 0..<55: random.below(1_500)
      case 55..<75: random.below(9_000)
      case 75..<93: 9_000 + random.below(25_000)
      default: 30_000 + random.below(90_000)
      }
    pages[number].retryAt = clock.steady + Int64(patience)
  }

  /// Somebody closes a page.
  mutating func closePage(_ number: Int) {
    transcript.note(clock, "page \(number) is closed")
    pages[number].hangUp()
    pages[number].isOpen = false
    pages[number].retryAt = nil
    pages[number].rejoinAt = nil
    guard let index = pages[number].channel else { return }
    coverage.pagesClosed += 1
    channels[index].send(.close(code: 1001), arrivingAt: clock.steady + delay())
    pages[number].channel = nil
    pages[number].isOnline = false
    channels[index].isOpenAtPage = false
    channels[index].pageNoticesAt = nil
    channels[index].down = []
  }

  // MARK: What is believed

  /// Whether nothing is under way to or from the page, as far as anybody can tell.
  func isQuiet(_ page: Page) -> Bool {
    guard page.isOnline, page.pending.isEmpty, page.rejoinAt == nil, let index = page.channel,
      let connection = page.session
    else { return false }
    let channel = channels[index]
    guard !channel.isCut, channel.isOpenAtBroker, channel.isOpenAtPage, channel.up.isEmpty, channel.down.isEmpty,
      channel.session == connection, let session = sessions[connection]
    else { return false }
    return session.continuity.isConnected && session.channel == index && !session.continuity.isEnding
  }

  /// What pages believe to which nothing is under way is what is so.
  mutating func comparePages() {
    for number in pages.indices where pages[number].isDoubted && isQuiet(pages[number]) {
      guard oracle.violation == nil else { return }
      pages[number].isDoubted = false
      compare(number)
    }
  }

  private mutating func compare(_ number: Int) {
    let page = pages[number]
    guard let connection = page.session else { return }
    coverage.comparisons += 1
    let client = oracle.client(connection)
    oracle.require(
      page.sequence == sessions[connection]?.continuity.sequence,
      "page \(number) has \(page.sequence) events, not all that it was sent")
    let family = client.patients
    for item in page.belief.listed ?? [] {
      let id = item.consultation.id
      // What is over for long is forgotten, and not taken back from anybody.
      guard let truth = listing(id) else { continue }
      oracle.require(
        item.consultation == truth.consultation, "page \(number) believes otherwise of \(id) than it is")
      if family.contains(truth.consultation.patient), !truth.consultation.state.isOver {
        oracle.require(
          item.presence == truth.presence, "page \(number) believes the practitioner of \(id) to be elsewhere")
      }
    }
    let listed = page.belief.listed.map { $0.map(\.consultation.id).filter { oracle.fact($0) != nil } }
    let own = client.listed.filter { oracle.fact($0) != nil }
    oracle.require(
      listed.map(Set.init) == Set(own), "page \(number) has \(String(describing: listed)) in its list, not \(own)")
    if client.isVerified {
      oracle.require(
        page.belief.cards.map { Set($0.map(\.id)) } == Set(client.cards),
        "page \(number) sees other cards than there are")
      for card in page.belief.cards ?? [] {
        oracle.require(
          card == hall.entries[card.id]?.consultation, "page \(number) sees the card of \(card.id) otherwise than it is"
        )
      }
      oracle.require(page.belief.presence == client.presence, "page \(number) is mistaken about its own presence")
    }
    if !family.isEmpty {
      oracle.require(
        page.belief.available == client.available, "page \(number) is mistaken about how many are available")
    }
    let room = hall.room(of: connection).flatMap { RoomView(hall.rooms[$0], for: connection) }
    oracle.require(
      page.belief.room == room,
      "page \(number) believes its room to be \(String(describing: page.belief.room)), not \(String(describing: room))")
    compareLinks(of: number, room)
  }

  /// Both ends of a peer connection have it under the same number.
  private mutating func compareLinks(of number: Int, _ room: RoomView?) {
    let page = pages[number]
    guard let room, page.linksRoom == room.id, page.wants?.consultation == room.id else { return }
    for other in pages where isQuiet(other) && other.belief.room?.id == room.id && other.wants?.consultation == room.id
    {
      guard let seat = other.belief.room?.you, seat != room.you else { continue }
      oracle.require(
        page.links[seat] == other.links[room.you],
        "\(room.you) and \(seat) of \(room.id) have different peer connections with each other, on page \(number): "
          + "\(String(describing: page.links[seat])), \(String(describing: other.links[room.you]))")
    }
  }
}

import Rooms

/// What pages make of what they are told: they believe it, and connect to their peers.
extension Schedule {
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
}

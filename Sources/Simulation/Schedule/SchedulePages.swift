import Rooms

/// What pages do: they connect, ask, and come back when their connection broke.
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

  mutating func transmit(_ request: Request, from number: Int) {
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

  // MARK: Connections that end

  mutating func isClosedAtPage(_ index: Int, code: UInt16) {
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
}

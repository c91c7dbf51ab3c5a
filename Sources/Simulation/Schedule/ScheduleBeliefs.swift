import Rooms

/// What pages believe, against what is so.
extension Schedule {
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

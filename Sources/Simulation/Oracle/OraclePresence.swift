import Rooms

/// Presence is what is heard of somebody, and media run only where they may (CU-5.1, CU-6.3).
extension Oracle {
  /// A seat that nobody holds, kept for who was lost from it.
  struct Kept {
    let consultation: ConsultationID
    let seat: Seat
    let person: PersonID
    /// By the steady clock.
    let until: Int64
  }

  /// A room that was open when the process died.
  struct Returning {
    let consultation: ConsultationID
    /// Whether all whom the persons rule asks for have been there since.
    var isGathered = false
  }

  /// How long a seat is kept, in milliseconds.
  static let hold: Int64 = 90_000
  /// After how many milliseconds of silence somebody counts as gone: 9 s, and one look a second.
  private static let patience: Int64 = 10_000
  /// And before that nobody does: 9 s after the last answer to a ping, and those are asked for when 4 s, and a look, have
  /// passed in silence.
  private static let shortestSilence: Int64 = 4_000

  // MARK: What is heard

  /// Nothing can be heard of a client from then on.
  mutating func isSilent(_ connection: ConnectionID, since steady: Int64) {
    let index = Int(connection.number)
    clients[index].silentSince = min(steady, clients[index].silentSince ?? .max)
  }

  /// The broker learns that the connection is no good.
  mutating func breaks(_ connection: ConnectionID) {
    isSilent(connection, since: steady)
  }

  mutating func lapses(_ connection: ConnectionID) {
    let silence = clients[Int(connection.number)].silentSince.map { steady - $0 } ?? 0
    let isLong = silence >= Self.shortestSilence
    require(isLong, "connection \(connection.number) lapsed although it was heard of")
    clients[Int(connection.number)].isLapsed = true
  }

  /// The client goes on with its session.
  mutating func isBack(_ connection: ConnectionID) {
    clients[Int(connection.number)].silentSince = nil
    clients[Int(connection.number)].isLapsed = false
  }

  /// The time for which people were waited for after a restart is over.
  mutating func comebackIsOver(in id: ConsultationID) {
    returning.removeAll { $0.consultation == id }
  }

  /// Nobody is there of whom nothing was heard for too long.
  mutating func checkGhosts() {
    for number in clients.indices where clients[number].isConnected && !clients[number].isLapsed {
      guard let since = clients[number].silentSince else { continue }
      let silence = steady - since
      require(
        silence <= Self.patience,
        "CU-5.1: connection \(number) is there still, \(silence) ms after the last that was heard of it")
    }
  }

  // MARK: Media

  /// Those whom a seat is told to have peer connections with.
  mutating func judge(_ peers: [Room.Peer], toldTo seat: Seat, of fact: Fact, others: [Seat]) {
    let relays = mayRelay(fact)
    let listed = peers.map(\.seat)
    require(Set(listed).count == listed.count, "\(seat) of \(fact.id) was told of a peer twice")
    if relays {
      require(others.allSatisfy(listed.contains), "CU-6.3: \(seat) of \(fact.id) was not told of all its peers")
    } else if !peers.isEmpty {
      require(mayRunOn(fact), "CU-6.3: \(seat) of \(fact.id) was told of peers while somebody is missing")
    }
    for peer in listed where !others.contains(peer) {
      let isKept = kept.contains { $0.consultation == fact.id && $0.seat == peer && steady <= $0.until }
      require(
        isKept || returning.contains { $0.consultation == fact.id },
        "\(seat) of \(fact.id) was told of a peer \(peer), who is not there and not expected")
    }
  }

  /// CU-5.1: whoever is lost just now is let go of by nobody, unless media must stop.
  mutating func checkKept(_ fact: Fact, _ before: Room, _ after: Room) {
    let lost = kept.filter { $0.consultation == fact.id && $0.until == steady + Self.hold }.map(\.seat)
    guard !lost.isEmpty, mayRunOn(fact) else { return }
    for (connection, _, _) in seated(in: fact.id) {
      guard let seat = before.seat(of: connection), seat == after.seat(of: connection) else { continue }
      let peers = after.peers(of: seat)
      for peer in before.peers(of: seat) where lost.contains(peer.seat) {
        require(peers.contains(peer), "CU-5.1: \(seat) of \(fact.id) has to let go of \(peer.seat), who may be back")
      }
    }
  }

  /// Whether media that run may run on: everybody is there, or a patient is expected back; after a restart also while people
  /// find their way back to what was in progress.
  private func mayRunOn(_ fact: Fact) -> Bool {
    let back = returning.first { $0.consultation == fact.id }
    if let back, !back.isGathered, fact.consultation.state.name == .inProgress { return true }
    guard fact.consultation.state.name != .suspended, mayBeAlone(fact) || guardianIsThere(fact) else { return false }
    return back != nil || seated(in: fact.id).contains { $0.place.seat == .patient }
      || kept.contains { $0.consultation == fact.id && $0.seat == .patient && steady <= $0.until }
  }

  /// Takes note of it when everybody is back after a restart.
  mutating func noteReturn(to fact: Fact) {
    guard let index = returning.firstIndex(where: { $0.consultation == fact.id }) else { return }
    let isComplete =
      seated(in: fact.id).contains { $0.place.seat == .patient } && (mayBeAlone(fact) || guardianIsThere(fact))
    if isComplete { returning[index].isGathered = true }
  }
}

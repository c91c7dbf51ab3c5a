import Rooms

/// The heart of it: what passes between whom (CU-6.3).
extension Oracle {
  /// A peer connection between two pages, under the number that both seats were told.
  struct PeerConnection {
    let consultation: ConsultationID
    let number: Int
    let seats: [Seat]
    /// The page at each end, as far as it is known.
    var pages: [Int?] = [nil, nil]
    /// Whether the page at each end has made it.
    var isMade = [false, false]
    /// How often the consultation had gone on after a suspension when signals first passed.
    var resumptions: Int?
  }

  /// A signal was let through to `receiver`.
  mutating func passed(
    from sender: ConnectionID, in id: ConsultationID, from ownSeat: Seat, to seat: Seat, negotiation: Int,
    receiver: ConnectionID
  ) {
    guard let fact = fact(id) else { return require(false, "a signal passed in an unknown room") }
    let from = client(sender)
    let to = client(receiver)
    require(from.isConnected && to.isConnected, "a signal passed to or from a connection that is gone")
    require(mayRelay(fact), "CU-6.3: a signal passed in \(id) while nothing may (\(fact.consultation.state.name))")
    guard let own = from.place, let other = to.place, own.consultation == id, other.consultation == id else {
      return require(false, "CU-6.3: a signal passed to or from somebody without a seat in \(id)")
    }
    require(
      isAdmitted(from.person, to: own.seat, of: fact) && isAdmitted(to.person, to: other.seat, of: fact),
      "CU-6.3: a signal passed to or from somebody who is not admitted to \(id)")
    require(own.sitting != other.sitting, "a signal passed from a seat to itself")
    let index = peerConnection(negotiation, of: id, between: ownSeat, and: seat)
    occupy(index, ownSeat, by: from.page)
    occupy(index, seat, by: to.page)
    let resumptions = peerConnections[index].resumptions ?? fact.resumptions
    require(
      resumptions == fact.resumptions, "negotiation \(negotiation) of \(id) was gone on with after a suspension")
    peerConnections[index].resumptions = resumptions
  }

  /// A page makes a peer connection. A number stands for one only, with a page at each end that stays the same, and is made
  /// once at each.
  mutating func connectsPeer(page: Int, _ peer: Room.Peer, from seat: Seat, in id: ConsultationID) {
    let index = peerConnection(peer.negotiation, of: id, between: seat, and: peer.seat)
    occupy(index, seat, by: page)
    let end = peerConnections[index].seats.firstIndex(of: seat) ?? 0
    let isMade = peerConnections[index].isMade[end]
    require(
      !isMade,
      "negotiation \(peer.negotiation) of \(id) between \(seat) and \(peer.seat) was used for two peer connections")
    peerConnections[index].isMade[end] = true
  }

  /// A page goes on with a peer connection.
  mutating func keepsPeer(page: Int, _ peer: Room.Peer, from seat: Seat, in id: ConsultationID) {
    occupy(peerConnection(peer.negotiation, of: id, between: seat, and: peer.seat), seat, by: page)
  }

  private mutating func peerConnection(_ number: Int, of id: ConsultationID, between one: Seat, and other: Seat) -> Int
  {
    let seats = [one, other].sorted()
    let known = peerConnections.firstIndex { $0.consultation == id && $0.number == number && $0.seats == seats }
    if let known { return known }
    peerConnections.append(PeerConnection(consultation: id, number: number, seats: seats))
    return peerConnections.count - 1
  }

  private mutating func occupy(_ index: Int, _ seat: Seat, by page: Int) {
    let end = peerConnections[index].seats.firstIndex(of: seat) ?? 0
    let connection = peerConnections[index]
    let known = connection.pages[end] ?? page
    require(
      known == page,
      "negotiation \(connection.number) of \(connection.consultation) was used by the pages "
        + "\(known) and \(page) at \(seat)")
    peerConnections[index].pages[end] = page
  }

  /// A signal was refused that one of the peers told to the sender should have let through.
  mutating func held(from sender: ConnectionID, in id: ConsultationID, to peer: Room.Peer, _ refusal: Refusal) {
    guard let fact = fact(id), client(sender).place?.consultation == id, mayRelay(fact),
      seated(in: id).contains(where: { $0.place.seat == peer.seat })
    else { return }
    require(false, "a signal to the peer \(peer.seat) of \(id) was refused: \(refusal)")
  }
}

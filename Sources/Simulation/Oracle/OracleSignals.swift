import Rooms

/// The heart of it: what passes between whom (CU-6.3).
extension Oracle {
  /// A number under which two seats negotiated, and for which sitting of both.
  struct Negotiation {
    let consultation: ConsultationID
    let number: Int
    let seats: [Seat]
    let sittings: [Int]
    let resumptions: Int
  }

  /// A signal was let through to `receiver`.
  mutating func passed(
    from sender: ConnectionID, in id: ConsultationID, to seat: Seat, negotiation: Int, receiver: ConnectionID
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
    note(
      Negotiation(
        consultation: id, number: negotiation, seats: [own.seat, seat].sorted(),
        sittings: [own.sitting, other.sitting].sorted(), resumptions: fact.resumptions))
  }

  /// A number stands for one peer connection only: for these two sittings, and no suspension in between.
  private mutating func note(_ negotiation: Negotiation) {
    let known = negotiations.first {
      $0.consultation == negotiation.consultation && $0.number == negotiation.number && $0.seats == negotiation.seats
    }
    guard let known else { return negotiations.append(negotiation) }
    require(
      known.sittings == negotiation.sittings && known.resumptions == negotiation.resumptions,
      "negotiation \(negotiation.number) of \(negotiation.consultation) was used for two peer connections")
  }

  /// A signal was refused that one of the peers told to the sender should have let through.
  mutating func held(from sender: ConnectionID, in id: ConsultationID, to peer: Room.Peer, _ refusal: Refusal) {
    guard let fact = fact(id), client(sender).place?.consultation == id, mayRelay(fact) else { return }
    require(false, "a signal to the peer \(peer.seat) of \(id) was refused: \(refusal)")
  }
}

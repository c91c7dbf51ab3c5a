import Rooms

/// What a client is told, as it was when it was sent.
enum Event: Equatable {
  case consultations([Listing])
  case consultationChanged(Listing)
  case consultationLost(ConsultationID)
  case queue([Consultation])
  case queueGained(Consultation)
  case queueLost(ConsultationID)
  case availability(Int)
  case presence(Presence)
  case room(RoomView)
  case roomClosed(ConsultationID, RoomClosure)
  case signal(ConsultationID, from: Seat, negotiation: Int)

  /// A consultation in somebody's list.
  struct Listing: Equatable {
    let consultation: Consultation
    /// Of the practitioner who claimed it, or whom it is assigned to.
    let presence: Presence?
  }
}

/// A room as it is seen from one seat.
struct RoomView: Equatable {
  let id: ConsultationID
  let phase: Room.Phase
  let you: Seat
  let seats: [Taken]
  let missing: [PersonsRule.Missing]
  let peers: [Room.Peer]

  struct Taken: Equatable {
    let seat: Seat
    let persons: [PersonID]
  }

  /// Nil for who has no seat there.
  init?(_ room: Room?, for connection: ConnectionID) {
    guard let room, let own = room.seat(of: connection) else { return nil }
    id = room.id
    phase = room.phase
    you = own
    seats = room.rule.seats.map { Taken(seat: $0, persons: room.persons(in: $0)) }
    missing = room.missing
    peers = room.peers(of: own)
  }
}

/// What a client believes, from what it was told alone.
struct Belief {
  /// Nil before it was given the whole list.
  var listed: [Event.Listing]?
  var cards: [Consultation]?
  var available: Int?
  var presence: Presence?
  var room: RoomView?

  mutating func learn(_ event: Event) {
    switch event {
    case .consultations(let items): listed = items
    case .consultationChanged(let item):
      if let index = listed?.firstIndex(where: { $0.consultation.id == item.consultation.id }) {
        listed?[index] = item
      } else {
        listed?.append(item)
      }
    case .consultationLost(let id): listed?.removeAll { $0.consultation.id == id }
    case .queue(let items): cards = items
    case .queueGained(let card):
      if let index = cards?.firstIndex(where: { $0.id == card.id }) {
        cards?[index] = card
      } else {
        cards?.append(card)
      }
    case .queueLost(let id): cards?.removeAll { $0.id == id }
    case .availability(let count): available = count
    case .presence(let presence): self.presence = presence
    case .room(let view): room = view
    case .roomClosed(let id, _): if room?.id == id { room = nil }
    case .signal: break
    }
  }
}

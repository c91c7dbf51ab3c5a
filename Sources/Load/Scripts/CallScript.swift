import Rooms

/// Negotiates with every peer that the room names, as browsers do, and checks what comes from each.
struct CallScript {
  private struct Peer {
    var negotiation = 0
    var sent = 0
    var received = 0
    var hasDescription = false
    /// Ends of candidates that came from there.
    var completed = 0
  }

  private let room: ConsultationID
  private var peers: [Seat: Peer] = [:]
  /// Seats that the room names now.
  private var present: Set<Seat> = []

  init(room: ConsultationID) {
    self.room = room
  }

  /// Signals sent to each seat, and received from each.
  var sent: [Seat: Int] { peers.mapValues(\.sent) }
  var received: [Seat: Int] { peers.mapValues(\.received) }

  /// Whether everybody who should be connected is, so many rounds of candidates done.
  func isConnected(rounds: Int = 1) -> Bool {
    !present.isEmpty && present.allSatisfy { peers[$0].map { $0.hasDescription && $0.completed >= rounds } ?? false }
  }

  /// What the room says about peers.
  mutating func take(_ view: ServerMessage.RoomView, at: UInt64) -> [Act] {
    present = Set(view.peers.map(\.seat))
    var acts: [Act] = []
    for peer in view.peers where peers[peer.seat]?.negotiation != peer.negotiation {
      peers[peer.seat, default: Peer()].negotiation = peer.negotiation
      peers[peer.seat]?.hasDescription = false
      peers[peer.seat]?.completed = 0
      if peer.offers == view.you { acts += describe(.offer, to: peer.seat, at: at) }
    }
    return acts
  }

  /// A signal came.
  mutating func take(_ signal: ServerMessage.SignalView, at: UInt64) -> [Act] {
    var acts: [Act] = [.measured(.relay, from: signal.stamp.intended, to: at)]
    guard signal.isWhole else { return acts + [.failed(.signalChanged)] }
    guard signal.stamp.number == (peers[signal.from]?.received ?? 0) + 1 else {
      peers[signal.from, default: Peer()].received = signal.stamp.number
      return acts + [.failed(.signalsOutOfOrder)]
    }
    peers[signal.from, default: Peer()].received += 1
    switch signal.kind {
    case .offer:
      peers[signal.from]?.hasDescription = true
      // It may be here before the room's news of the same number.
      peers[signal.from]?.negotiation = signal.negotiation
      acts += describe(.answer, to: signal.from, at: at)
    case .answer: peers[signal.from]?.hasDescription = true
    case .candidate: break
    case .endOfCandidates: peers[signal.from]?.completed += 1
    }
    return acts
  }

  /// An ICE restart with everybody, which either side may begin.
  mutating func restart(at: UInt64) -> [Act] {
    present.sorted().flatMap { describe(.offer, to: $0, at: at) }
  }

  /// - Parameter room: where the timer was set; nothing happens if that was another.
  mutating func trickle(room: ConsultationID, to seat: Seat, negotiation: Int, step: Int, at: UInt64) -> [Act] {
    guard room == self.room, peers[seat]?.negotiation == negotiation, present.contains(seat) else { return [] }
    let count = CallStyle.trickle[step].count
    if count == 0 { return [signal(.endOfCandidates, to: seat, at: at)] }
    return (0..<count).map { _ in signal(.candidate, to: seat, at: at) }
  }

  private mutating func describe(_ kind: SignalKind, to seat: Seat, at: UInt64) -> [Act] {
    let negotiation = peers[seat]?.negotiation ?? 0
    present.insert(seat)
    var acts = [signal(kind, to: seat, at: at)]
    for (step, part) in CallStyle.trickle.enumerated() {
      if part.after == 0 {
        acts += trickle(room: room, to: seat, negotiation: negotiation, step: step, at: at)
      } else {
        let due = at + part.after * 1_000_000
        acts.append(.wake(at: due, .trickle(room: room, to: seat, negotiation: negotiation, step: step)))
      }
    }
    return acts
  }

  private mutating func signal(_ kind: SignalKind, to seat: Seat, at: UInt64) -> Act {
    peers[seat, default: Peer()].sent += 1
    let peer = peers[seat] ?? Peer()
    return .signal(
      room: room, to: seat, kind: kind, negotiation: peer.negotiation,
      stamp: SignalStamp(number: peer.sent, intended: at))
  }
}

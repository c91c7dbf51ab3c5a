import Rooms

/// A practitioner's day: available, sees the queue, takes one consultation after the other.
struct PractitionerScript: Script {
  private enum State: Equatable {
    case free
    case claiming(ConsultationID)
    case inRoom(ConsultationID)
    case ending(ConsultationID)
  }

  private let style: CallStyle
  private var state = State.free
  private(set) var call: CallScript?
  private var room: ServerMessage.RoomView?
  private var isStarting = false
  private var isRunning = false
  private var isHangingUp = false
  private var closes = false
  /// Cards that this one sees now.
  private(set) var queue: Set<ConsultationID> = []

  init(style: CallStyle) {
    self.style = style
  }

  var isFree: Bool { state == .free }

  var sent: [Seat: Int] { call?.sent ?? [:] }
  var received: [Seat: Int] { call?.received ?? [:] }

  /// Tries to have it.
  ///
  /// - Parameter closes: whether this one closes the consultation in the end, instead of the patient's side.
  mutating func claim(_ consultation: ConsultationID, closes: Bool, at: UInt64) -> [Act] {
    leaveRoom()
    state = .claiming(consultation)
    self.closes = closes
    return [.send(.of("request.claim", consultation: consultation), intended: at)]
  }

  mutating func take(_ cue: Cue, at: UInt64) -> [Act] {
    switch cue {
    case .greeted(_, let since):
      return [
        .measured(.signIn, from: since, to: at),
        .send(Request(type: "presence.set", body: #"{"presence":"available"}"#), intended: at),
      ]
    case .accepted(let sent, let answer): return accepted(sent, answer, at: at)
    case .refused(let sent, let code):
      guard case .claiming = state, sent.request.type == "request.claim", code == "already_claimed" else {
        return giveUp(.refused(request: sent.request.type, code: code))
      }
      state = .free
      return [.free]
    case .complaint(let code): return giveUp(.signalRefused(code: code))
    case .event(let event): return take(event, at: at)
    case .timer(let alarm): return take(alarm, at: at)
    }
  }

  private mutating func giveUp(_ trouble: Trouble) -> [Act] {
    state = .free
    leaveRoom()
    return [.failed(trouble), .free]
  }

  private mutating func leaveRoom() {
    call = nil
    room = nil
    isStarting = false
    isRunning = false
    isHangingUp = false
  }

  private mutating func accepted(_ sent: ClientSession.Sent, _ answer: ServerMessage.Answer, at: UInt64) -> [Act] {
    switch (sent.request.type, state) {
    case ("presence.set", _): return [.free]
    case ("request.claim", .claiming(let id)):
      return [
        .measured(.claim, from: sent.intended, to: at), .claimed(id),
        .send(.of("room.open", consultation: id), intended: at),
      ]
    case ("room.open", .claiming(let id)):
      state = .inRoom(id)
      call = CallScript(room: id)
      let body = #"{"room":"\#(id)","as":"practitioner"}"#
      return [
        .measured(.acknowledgement, from: sent.intended, to: at),
        .send(Request(type: "room.join", body: body), intended: at),
      ]
    case ("room.join", .inRoom(let id)):
      return answer.room.map { enter(id, $0, at: at) } ?? []
    case ("consultation.start", _): return [.measured(.acknowledgement, from: sent.intended, to: at)]
    case ("consultation.end", .ending(let id)):
      let measured = Act.measured(.acknowledgement, from: sent.intended, to: at)
      if closes { return [measured, .send(.of("consultation.close", consultation: id), intended: at)] }
      return [measured] + finish()
    case ("consultation.close", .ending):
      return [.measured(.acknowledgement, from: sent.intended, to: at)] + finish()
    default: return []
    }
  }

  /// What was sent and received can be asked for until the next claim.
  private mutating func finish() -> [Act] {
    state = .free
    return [.finished, .free]
  }

  private mutating func take(_ event: ServerMessage.Event, at: UInt64) -> [Act] {
    switch event {
    case .queue(let isSnapshot, let upsert, let remove):
      if isSnapshot { queue.removeAll() }
      queue.subtract(remove)
      return upsert.compactMap { card in
        queue.insert(card.id).inserted ? .sees(card.id, reason: card.reason, isNews: !isSnapshot) : nil
      }
    case .room(let id, let view): return enter(id, view, at: at)
    case .signal(let signal):
      guard case .inRoom(let id) = state, signal.room == id else {
        // The last ones may cross the end.
        guard case .ending(let id) = state, signal.room == id else { return [] }
        return call?.take(signal, at: at) ?? []
      }
      return (call?.take(signal, at: at) ?? []) + start(at: at) + hangUp(at: at)
    case .roomClosed(let room, let why):
      guard case .inRoom(let id) = state, room == id else { return [] }
      return giveUp(.roomClosed(why: why))
    case .consultations, .other: return []
    }
  }

  private mutating func enter(_ id: ConsultationID, _ view: ServerMessage.RoomView, at: UInt64) -> [Act] {
    guard case .inRoom(id) = state else { return [] }
    room = view
    var acts = call?.take(view, at: at) ?? []
    if view.state == "in_progress", !isRunning {
      isRunning = true
      acts.append(.wake(at: at + style.length.nanosecondCount / 2, .restart(id)))
      acts.append(.wake(at: at + style.length.nanosecondCount, .hangUp(id)))
    }
    return acts + start(at: at)
  }

  /// Begins when everybody who must be there is, and is seen.
  private mutating func start(at: UInt64) -> [Act] {
    guard !isStarting, case .inRoom(let id) = state, let room, room.isAdmitted, room.state == "open",
      call?.isConnected() == true
    else { return [] }
    isStarting = true
    let persons = room.persons.map { "\"\($0)\"" }.joined(separator: ",")
    let body = #"{"consultation":"\#(id)","persons":[\#(persons)]}"#
    return [.send(Request(type: "consultation.start", body: body), intended: at)]
  }

  private mutating func take(_ alarm: Alarm, at: UInt64) -> [Act] {
    switch alarm {
    case .trickle(let room, let seat, let negotiation, let step):
      return call?.trickle(room: room, to: seat, negotiation: negotiation, step: step, at: at) ?? []
    case .restart(let id): return state == .inRoom(id) ? call?.restart(at: at) ?? [] : []
    case .hangUp(let id):
      guard state == .inRoom(id) else { return [] }
      isHangingUp = true
      return hangUp(at: at)
    }
  }

  /// Ends when it is time, and what the peers had to say has been said.
  private mutating func hangUp(at: UInt64) -> [Act] {
    guard isHangingUp, case .inRoom(let id) = state, call?.isConnected(rounds: 2) == true else { return [] }
    state = .ending(id)
    let body = #"{"consultation":"\#(id)","reason":"completed"}"#
    return [.send(Request(type: "consultation.end", body: body), intended: at)]
  }
}

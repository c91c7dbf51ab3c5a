import Rooms

/// The patient's side of one consultation: an adult, a child on a device of their own, or a parent who asks for the child.
struct PatientScript: Script {
  /// Which of them this is.
  enum Part: Equatable, Sendable {
    /// Asks for themselves and sits in the patient's seat.
    case adult
    /// Asks for the child, sits in a guardian's seat.
    case parent
    /// Sits in the patient's seat.
    case child

    var asks: Bool { self != .child }
    var seat: String { self == .parent ? "guardian" : "patient" }
  }

  private let part: Part
  /// What the card says; practitioners see it before anybody knows the consultation's id.
  private let reason: String
  /// When the consultation was to begin.
  private let arrival: UInt64
  /// Whether this one closes the consultation afterwards.
  private let confirms: Bool
  private var consultation: ConsultationID?
  private var call: CallScript?
  private var isJoining = false
  private var isConnected = false
  private var isOver = false

  init(part: Part, reason: String, arrival: UInt64, confirms: Bool) {
    self.part = part
    self.reason = reason
    self.arrival = arrival
    self.confirms = confirms && part.asks
  }

  var sent: [Seat: Int] { call?.sent ?? [:] }
  var received: [Seat: Int] { call?.received ?? [:] }
  private(set) var seat: Seat?

  mutating func take(_ cue: Cue, at: UInt64) -> [Act] {
    switch cue {
    case .greeted(let greeting, let since):
      return [.measured(.signIn, from: since, to: at)] + ask(greeting, at: at)
    case .accepted(let sent, let answer): return accepted(sent, answer, at: at)
    case .refused(let sent, let code): return [.failed(.refused(request: sent.request.type, code: code))]
    case .complaint(let code): return [.failed(.signalRefused(code: code))]
    case .event(let event): return take(event, at: at)
    case .timer(.trickle(let room, let seat, let negotiation, let step)):
      return call?.trickle(room: room, to: seat, negotiation: negotiation, step: step, at: at) ?? []
    case .timer: return []
    }
  }

  private func ask(_ greeting: ServerMessage.Greeting, at: UInt64) -> [Act] {
    guard part.asks else { return [] }
    let relation = part == .adult ? "self" : "parent"
    guard let patient = greeting.patients.first(where: { $0.relation == relation }) else {
      return [.failed(.protocolBroken("hello names no patient"))]
    }
    let body =
      #"{"patient":"\#(patient.id)","assignment":"unassigned","reason":"\#(reason)","payment":"carte_bancaire"}"#
    return [.send(Request(type: "request.create", body: body), intended: at)]
  }

  private mutating func accepted(_ sent: ClientSession.Sent, _ answer: ServerMessage.Answer, at: UInt64) -> [Act] {
    var acts: [Act] = sent.request.isMutation ? [.measured(.acknowledgement, from: sent.intended, to: at)] : []
    switch sent.request.type {
    case "request.create":
      guard let id = answer.consultation else { return acts + [.failed(.protocolBroken("no consultation created"))] }
      consultation = id
      acts.append(.created(id))
    case "room.join":
      if let room = answer.room, let consultation { acts += enter(consultation, room, at: at) }
    case "consultation.confirm": acts.append(.finished)
    default: break
    }
    return acts
  }

  private mutating func take(_ event: ServerMessage.Event, at: UInt64) -> [Act] {
    switch event {
    case .consultations(_, let views): return views.flatMap { take($0, at: at) }
    case .room(let room, let view): return enter(room, view, at: at)
    case .roomClosed(let room, let why):
      guard room == consultation else { return [] }
      guard why == "ended" else { return [.failed(.roomClosed(why: why))] }
      return []
    case .signal(let signal):
      guard signal.room == consultation, call != nil else {
        return [.failed(.protocolBroken("a signal of another room"))]
      }
      return (call?.take(signal, at: at) ?? []) + connectedActs(at: at)
    case .queue, .other: return []
    }
  }

  private mutating func take(_ view: ServerMessage.ConsultationView, at: UInt64) -> [Act] {
    // A child hears of it when the parent has asked; older ones of the same people are over.
    let isUnderWay = ["requested", "claimed", "open"].contains(view.state)
    if consultation == nil, !part.asks, isUnderWay { consultation = view.id }
    guard view.id == consultation, !isOver else { return [] }
    switch view.state {
    case "open" where !isJoining:
      isJoining = true
      let body = #"{"room":"\#(view.id)","as":"\#(part.seat)"}"#
      return [.send(Request(type: "room.join", body: body), intended: at)]
    case "ended":
      guard confirms else { return [] }
      isOver = true
      return [.send(.of("consultation.confirm", consultation: view.id), intended: at)]
    case "closed":
      isOver = true
      return [.finished]
    default: return []
    }
  }

  private mutating func enter(_ room: ConsultationID, _ view: ServerMessage.RoomView, at: UInt64) -> [Act] {
    guard room == consultation else { return [] }
    seat = view.you
    if call == nil { call = CallScript(room: room) }
    return (call?.take(view, at: at) ?? []) + connectedActs(at: at)
  }

  /// The time from when the consultation was to begin until everybody sees everybody.
  private mutating func connectedActs(at: UInt64) -> [Act] {
    guard !isConnected, part.asks, call?.isConnected() == true else { return [] }
    isConnected = true
    return [.measured(.setUp, from: arrival, to: at)]
  }
}

import Rooms
import Signaling

/// Reads what the broker sends (docs/protocol.md), with no more of it than scripts need.
enum MessageReader {
  /// What the broker sent is not of the protocol.
  struct Unreadable: Error, Equatable {
    let detail: String
  }

  static func read(_ text: UnsafeRawBufferPointer) throws(Unreadable) -> ServerMessage {
    do {
      let message = try JSONObject(text)
      if message.has("re") { return try reply(message) }
      return .event(seq: try message.integer("seq"), try event(message))
    } catch {
      // Only the shape is told: what is in it may be anybody's.
      throw Unreadable(detail: "\(error)")
    }
  }

  private static func reply(_ message: JSONObject) throws -> ServerMessage {
    let re = try? message.integer("re")
    guard try message.flag("ok") else {
      let error = try message.object("error")
      let wait = try? error.integer("after_ms")
      return .reply(re: re, .refused(code: try error.string("code", limit: 64), afterMilliseconds: wait))
    }
    let body = try message.objectIfPresent("body")
    var answer = ServerMessage.Answer()
    if body.has("session") { answer.greeting = try greeting(body) }
    if body.has("consultation") { answer.consultation = try body.object("consultation").id("id") }
    if body.has("room"), let room = try? body.object("room") { answer.room = try self.room(room) }
    return .reply(re: re, .accepted(answer))
  }

  private static func greeting(_ body: JSONObject) throws -> ServerMessage.Greeting {
    var greeting = ServerMessage.Greeting()
    greeting.session = try body.string("session", limit: 64)
    greeting.secret = try body.optionalString("secret", limit: 256)
    greeting.isResumed = try body.flag("resumed")
    greeting.seq = body.has("seq") ? try body.integer("seq") : 0
    // Whoever goes on with a session knows the rest.
    guard !greeting.isResumed else { return greeting }
    greeting.messagesPerSecond = try body.object("limits").integer("messages_per_second")
    var patients: [ServerMessage.Greeting.Patient] = []
    try body.forEachObject("patients") { (patient) throws(JSONObject.Invalid) in
      patients.append(.init(id: try patient.id("id"), relation: try patient.string("relation", limit: 32)))
    }
    greeting.patients = patients
    return greeting
  }

  private static func event(_ message: JSONObject) throws -> ServerMessage.Event {
    let type = try message.string("type", limit: 64)
    switch type {
    case "signal": return .signal(try signal(message))
    case "room": return .room(try message.id("room"), try room(try message.object("body")))
    case "room.closed":
      return .roomClosed(try message.id("room"), why: try message.object("body").string("why", limit: 64))
    case "queue": return try queue(try message.object("body"))
    case "consultations": return try consultations(try message.object("body"))
    default: return .other(type)
    }
  }

  private static func queue(_ body: JSONObject) throws -> ServerMessage.Event {
    var cards: [ServerMessage.CardView] = []
    let card = { (card: JSONObject) throws(JSONObject.Invalid) in
      cards.append(.init(id: try card.id("id"), reason: try card.string("reason", limit: 1_000)))
    }
    guard try body.string("kind", limit: 16) == "delta" else {
      try body.forEachObject("items", card)
      return .queue(isSnapshot: true, upsert: cards, remove: [])
    }
    try body.forEachObject("upsert", card)
    var gone: [ConsultationID] = []
    try body.forEachObject("remove") { (card) throws(JSONObject.Invalid) in gone.append(try card.id("id")) }
    return .queue(isSnapshot: false, upsert: cards, remove: gone)
  }

  private static func consultations(_ body: JSONObject) throws -> ServerMessage.Event {
    let isSnapshot = try body.string("kind", limit: 16) == "snapshot"
    var views: [ServerMessage.ConsultationView] = []
    let view = { (view: JSONObject) throws(JSONObject.Invalid) in
      views.append(.init(id: try view.id("id"), state: try view.string("state", limit: 32)))
    }
    if isSnapshot { try body.forEachObject("items", view) } else { try body.forEachObject("upsert", view) }
    return .consultations(isSnapshot: isSnapshot, views)
  }

  private static func room(_ body: JSONObject) throws -> ServerMessage.RoomView {
    var room = ServerMessage.RoomView()
    room.state = try body.string("state", limit: 32)
    room.you = try body.choice("you")
    room.isAdmitted = try body.object("admission").flag("holds")
    var peers: [ServerMessage.RoomView.Peer] = []
    try body.forEachObject("peers") { (peer) throws(JSONObject.Invalid) in
      peers.append(
        .init(
          seat: try peer.choice("seat"), negotiation: try peer.integer("negotiation"), offers: try peer.choice("offers")
        ))
    }
    room.peers = peers
    var persons: [PersonID] = []
    try body.forEachObject("seats") { (seat) throws(JSONObject.Invalid) in
      guard try seat.choice("seat", of: Seat.self) != .practitioner else { return }
      try seat.forEachObject("persons") { (person) throws(JSONObject.Invalid) in persons.append(try person.id("id")) }
    }
    room.persons = persons
    return room
  }

  private static func signal(_ message: JSONObject) throws -> ServerMessage.SignalView {
    let kind: SignalKind = try message.choice("kind")
    let raw = try message.raw("data")
    let data = try message.object("data")
    let stamp = SignalStamp(number: try data.integer("n"), intended: UInt64(try data.integer("t")))
    return .init(
      room: try message.id("room"), from: try message.choice("from"), kind: kind,
      negotiation: try message.integer("negotiation"), stamp: stamp, isWhole: SignalData.matches(raw, kind, stamp))
  }
}

import Rooms
import Signaling

/// What a client wants of the broker.
struct Request: Equatable, Sendable {
  let type: String
  /// A JSON object.
  var body = "{}"

  /// Whether it carries a `key` (docs/protocol.md, section 4).
  var isMutation: Bool { Self.mutations.contains(type) }

  private static let mutations: Set = [
    "request.create", "request.claim", "room.open", "consultation.start", "consultation.end", "consultation.confirm",
    "consultation.close",
  ]

  static func of(_ type: String, consultation: ConsultationID) -> Request {
    Request(type: type, body: #"{"consultation":"\#(consultation)"}"#)
  }
}

/// One client's side of the protocol over any number of connections: numbers requests, finds what a reply is for, and checks
/// that no event is missing, doubled or out of order. Pure: text in, text out.
struct ClientSession {
  /// What the broker did wrong, as seen from here.
  enum Fault: Error, Equatable {
    case unreadable(String)
    /// `seq` was not the next one.
    case sequence(expected: Int, got: Int)
    case replyToNothing(Int)
  }

  struct Sent: Equatable {
    let request: Request
    let intended: UInt64
  }

  enum Input: Equatable {
    case reply(Sent, ServerMessage.Reply)
    /// An error about a signal or something that could not be read.
    case complaint(code: String)
    case event(ServerMessage.Event)
  }

  private var nextID = 1
  private var pending: [Int: Sent] = [:]
  /// The number of the last event.
  private(set) var seq = 0
  private(set) var greeting: ServerMessage.Greeting?
  /// Requests without an answer yet.
  var waiting: Int { pending.count }

  /// The first message of a connection; resumes the session before if there is one that can be.
  mutating func hello(token: String, intended: UInt64) -> [UInt8] {
    // What was not answered before the connection broke is not answered on this one.
    pending.removeAll()
    var writer = JSONWriter()
    writer.object { body in
      body.member("token", token)
      body.member("client", "mqm-load/1")
      if let greeting, let secret = greeting.secret {
        body.member("resume") { resume in
          resume.member("session", greeting.session)
          resume.member("secret", secret)
          resume.member("seq", seq)
        }
      }
    }
    return send(
      Request(type: "hello", body: String(decoding: writer.bytes, as: UTF8.self)), key: nil, intended: intended)
  }

  /// - Parameter key: a UUID, for mutations.
  mutating func send(_ request: Request, key: String?, intended: UInt64) -> [UInt8] {
    let id = nextID
    nextID += 1
    // The body of hello has the token in it, and is not kept.
    let kept = request.type == "hello" ? Request(type: "hello") : request
    pending[id] = Sent(request: kept, intended: intended)
    let key = key.map { #","key":"\#($0)""# } ?? ""
    return Array(#"{"id":\#(id),"type":"\#(request.type)"\#(key),"body":\#(request.body)}"#.utf8)
  }

  /// A signal's frame; it has no id, as browsers' have none.
  static func signal(room: ConsultationID, to: Seat, kind: SignalKind, negotiation: Int, stamp: SignalStamp) -> [UInt8]
  {
    var text = Array(
      #"{"type":"signal","room":"\#(room)","to":"\#(to.rawValue)","kind":"\#(kind.rawValue)","negotiation":\#(negotiation),"data":"#
        .utf8)
    text.append(contentsOf: SignalData.text(kind, stamp))
    text.append(UInt8(ascii: "}"))
    return text
  }

  /// Takes a message of the broker's.
  mutating func take(_ text: UnsafeRawBufferPointer) throws(Fault) -> Input {
    let message: ServerMessage
    do { message = try MessageReader.read(text) } catch { throw .unreadable(error.detail) }
    switch message {
    case .event(let number, let event):
      guard number == seq + 1 else {
        let expected = seq + 1
        seq = number
        throw .sequence(expected: expected, got: number)
      }
      seq = number
      return .event(event)
    case .reply(nil, .refused(let code, _)): return .complaint(code: code)
    case .reply(let re, let reply):
      guard let re, let sent = pending.removeValue(forKey: re) else { throw .replyToNothing(re ?? 0) }
      if case .accepted(let answer) = reply, let greeting = answer.greeting { try greet(greeting) }
      return .reply(sent, reply)
    }
  }

  private mutating func greet(_ greeting: ServerMessage.Greeting) throws(Fault) {
    self.greeting = greeting
    guard greeting.isResumed else {
      seq = greeting.seq
      return
    }
    // What follows is what was missed: the server must agree on where that begins.
    guard greeting.seq == seq else {
      let expected = seq
      seq = greeting.seq
      throw .sequence(expected: expected, got: greeting.seq)
    }
  }
}

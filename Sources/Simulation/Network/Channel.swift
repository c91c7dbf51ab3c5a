import Rooms

/// One connection between a page and the broker. Messages of one direction keep their order, as TCP does; each takes its
/// time, and what was under way when the network broke never arrives.
struct Channel {
  let page: Int
  /// Whose session it carries, as the broker sees it; nil before the answer to `hello`.
  var session: ConnectionID?
  var up: [(message: Upward, due: Int64)] = []
  var down: [(message: Downward, due: Int64)] = []
  /// Since when nothing gets through, in each direction.
  var upCutAt: Int64?
  var downCutAt: Int64?
  /// Whether each side takes it for open.
  var isOpenAtBroker = true
  var isOpenAtPage = true
  /// When each side finds out, by itself, that it is no good any more.
  var brokerNoticesAt: Int64?
  var pageNoticesAt: Int64?
  /// When the broker last heard anything through it.
  var lastHeard: Int64
  /// When the page's next confirmation arrives.
  var pongAt: Int64?

  var isCut: Bool { upCutAt != nil }

  /// What the page sends.
  enum Upward {
    case hello(Resumption?)
    case request(Request)
    case close(code: UInt16)
  }

  /// What the broker sends.
  enum Downward {
    case welcome(Welcome)
    case answer(re: Int, Answer)
    /// An event, as its bytes say: its number, and which of all events it is.
    case event(number: UInt64, index: Int)
    case closed(code: UInt16)
  }

  /// What a page shows to go on with its session.
  struct Resumption {
    let session: ConnectionID
    let secret: Token
    let sequence: UInt64
  }

  /// The answer to `hello`.
  struct Welcome {
    let session: ConnectionID
    let secret: Token
    let isResumed: Bool
    let sequence: UInt64
  }

  enum Answer {
    case accepted
    /// With the room as it is seen from the seat.
    case seated(RoomView?)
    case consultation(Consultation?)
    case refused(Refusal)
  }

  /// A message is sent towards the broker.
  mutating func send(_ message: Upward, arrivingAt due: Int64) {
    up.append((message, max(due, up.last?.due ?? 0)))
  }

  /// A message is sent towards the page.
  mutating func send(_ message: Downward, arrivingAt due: Int64) {
    down.append((message, max(due, down.last?.due ?? 0)))
  }

  /// When the next message reaches the broker; nil for never.
  var nextUp: Int64? {
    guard isOpenAtBroker, let due = up.first?.due else { return nil }
    return due < upCutAt ?? .max ? due : nil
  }

  /// When the next message reaches the page; nil for never.
  var nextDown: Int64? {
    guard isOpenAtPage, let due = down.first?.due else { return nil }
    return due < downCutAt ?? .max ? due : nil
  }

  /// Whether nothing more can come of it.
  var isDead: Bool { !isOpenAtBroker && !isOpenAtPage }
}

/// A secret as the simulation has it: a number that is drawn once.
struct Token: SessionSecret, Equatable {
  let number: Int

  func matches(_ other: Token) -> Bool { number == other.number }
}

import Rooms

/// One page in somebody's browser: a client that keeps its session through every connection, as far as the broker lets it.
struct Page {
  let person: PersonID
  /// False once it was closed, or sent away for good.
  var isOpen = true
  var channel: Int?
  /// Whether the answer to its `hello` has come.
  var isOnline = false
  var session: ConnectionID?
  var secret: Token?
  /// A secret that it has used up.
  var spent: Token?
  /// The number of the last event that it has.
  var sequence: UInt64 = 0
  /// When it tries to connect again, and when it takes its seat again; nil for not at all.
  var retryAt: Int64?
  var rejoinAt: Int64?
  /// What is not answered yet, oldest first. It is sent again over the next connection.
  var pending: [Request] = []
  var lastRequest = 0
  var belief = Belief()
  /// The seat that it has, or wants back.
  var wants: Wish?
  /// The peer connections that run in it, by the other's seat: the negotiation of each.
  var links: Room.Connected = [:]
  /// Whose peer connections they are.
  var linksRoom: ConsultationID?
  var declared: Bool?
  /// Whether it is still to be compared with the truth.
  var isDoubted = false

  struct Wish {
    let consultation: ConsultationID
    let role: SeatRole
  }

  init(person: PersonID) {
    self.person = person
  }

  /// Whether it has asked to leave that room, and does not know yet what came of it.
  func isLeaving(_ id: ConsultationID) -> Bool {
    pending.contains { if case .leave(id) = $0.content { true } else { false } }
  }

  /// Whether it has asked for a seat, and does not know yet what came of it.
  var isJoining: Bool {
    pending.contains { if case .join = $0.content { true } else { false } }
  }

  /// It hangs up on everybody.
  mutating func hangUp() {
    links = [:]
    linksRoom = nil
    wants = nil
  }
}

import Rooms

/// What a script is told. `at` in the call that tells it is when it arrived, in nanoseconds of the monotonic clock.
enum Cue: Equatable {
  /// Signed in: `hello` was answered. `since` is when that was to begin.
  case greeted(ServerMessage.Greeting, since: UInt64)
  case accepted(ClientSession.Sent, ServerMessage.Answer)
  case refused(ClientSession.Sent, code: String)
  /// The broker refused a signal.
  case complaint(code: String)
  case event(ServerMessage.Event)
  /// A timer that the script asked for is due.
  case timer(Alarm)
}

/// What timers are for.
enum Alarm: Equatable, Sendable {
  /// The next few candidates of a negotiation.
  case trickle(room: ConsultationID, to: Seat, negotiation: Int, step: Int)
  /// An ICE restart in the middle of a call.
  case restart(ConsultationID)
  /// The call has lasted as long as it should.
  case hangUp(ConsultationID)
}

/// What a script does.
enum Act: Equatable {
  /// `intended` is when it was to be sent.
  case send(Request, intended: UInt64)
  case signal(room: ConsultationID, to: Seat, kind: SignalKind, negotiation: Int, stamp: SignalStamp)
  /// At that time of the monotonic clock.
  case wake(at: UInt64, Alarm)
  case measured(Latency, from: UInt64, to: UInt64)
  /// A practitioner sees a card that they did not see before; `isNews` if it came by itself, not with a whole list.
  case sees(ConsultationID, reason: String, isNews: Bool)
  /// The consultation of these waiting people exists.
  case created(ConsultationID)
  /// A practitioner has claimed it, and nobody else may have.
  case claimed(ConsultationID)
  /// A practitioner may take the next one.
  case free
  /// Done, and well.
  case finished
  /// It cannot go on.
  case failed(Trouble)
}

/// What went wrong in a consultation. The raw values are what the report says.
enum Trouble: Hashable, Sendable {
  case refused(request: String, code: String)
  case signalRefused(code: String)
  /// Signals that were never delivered.
  case signalsLost(Int)
  /// A signal whose number was not the next one.
  case signalsOutOfOrder
  case signalChanged
  /// The room closed for another reason than the end of the consultation.
  case roomClosed(why: String)
  case claimedTwice
  /// The connection ended although nobody wanted that.
  case disconnected(String)
  /// Not over within the time that there was.
  case unfinished
  /// The broker broke the protocol.
  case protocolBroken(String)

  var text: String {
    switch self {
    case .refused(let request, let code): "\(request) refused: \(code)"
    case .signalRefused(let code): "signal refused: \(code)"
    case .signalsLost(let count): "signals lost: \(count)"
    case .signalsOutOfOrder: "signals out of order"
    case .signalChanged: "a signal changed on its way"
    case .roomClosed(let why): "room closed: \(why)"
    case .claimedTwice: "claimed by two"
    case .disconnected(let how): "disconnected: \(how)"
    case .unfinished: "not over in time"
    case .protocolBroken(let how): "protocol broken: \(how)"
    }
  }
}

/// What one client does in the course of a consultation: a pure function of what it is told.
protocol Script {
  mutating func take(_ cue: Cue, at: UInt64) -> [Act]
}

/// How a call goes.
struct CallStyle: Sendable, Equatable {
  /// From the start to the end of a consultation.
  var length: Duration = .seconds(2)

  /// When how many candidates go after a description, in milliseconds: at once those of the machine itself, then those of
  /// STUN and TURN; after the last `end_of_candidates`.
  static let trickle: [(after: UInt64, count: Int)] = [(0, 3), (40, 2), (120, 3), (200, 0)]
}

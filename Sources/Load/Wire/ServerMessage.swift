import Rooms
import Signaling

/// A message of the broker's, as far as a client under load looks at it.
enum ServerMessage: Equatable {
  /// `re` is nil for an error about what could not be read, or had no `id`.
  case reply(re: Int?, Reply)
  case event(seq: Int, Event)

  enum Reply: Equatable {
    case accepted(Answer)
    case refused(code: String, afterMilliseconds: Int?)
  }

  /// What the body of a reply has; which of it depends on the request.
  struct Answer: Equatable {
    var greeting: Greeting?
    var consultation: ConsultationID?
    var room: RoomView?
  }

  /// The answer to `hello`.
  struct Greeting: Equatable {
    struct Patient: Equatable {
      let id: PersonID
      let relation: String
    }

    var session = ""
    /// Good for one resumption; nil if the broker has none to give.
    var secret: String?
    var isResumed = false
    /// The number of the last event that the client has.
    var seq = 0
    var patients: [Patient] = []
    var messagesPerSecond = 0
  }

  enum Event: Equatable {
    case consultations(isSnapshot: Bool, [ConsultationView])
    case queue(isSnapshot: Bool, upsert: [CardView], remove: [ConsultationID])
    case room(ConsultationID, RoomView)
    case roomClosed(ConsultationID, why: String)
    case signal(SignalView)
    /// One that nothing follows from here.
    case other(String)
  }

  struct ConsultationView: Equatable {
    let id: ConsultationID
    let state: String
  }

  struct CardView: Equatable {
    let id: ConsultationID
    let reason: String
  }

  struct RoomView: Equatable {
    struct Peer: Equatable {
      let seat: Seat
      let negotiation: Int
      let offers: Seat
    }

    var state = ""
    var you = Seat.patient
    var isAdmitted = false
    var peers: [Peer] = []
    /// Who sits there now, but for the practitioner.
    var persons: [PersonID] = []
  }

  struct SignalView: Equatable {
    let room: ConsultationID
    let from: Seat
    let kind: SignalKind
    let negotiation: Int
    /// What the sender counted, and when it meant to send.
    let stamp: SignalStamp
    /// Whether what follows the stamp is, byte for byte, what was sent.
    let isWhole: Bool
  }
}

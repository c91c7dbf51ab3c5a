import Rooms

/// What a page asks for.
struct Request {
  /// The number under which it is answered.
  let re: Int
  let content: Content

  enum Content {
    case declare(available: Bool)
    /// The same key whenever it is sent again.
    case mutation(Mutation, MutationKey)
    case join(ConsultationID, SeatRole, takeOver: Bool, connected: Room.Connected)
    case leave(ConsultationID)
    case accompany(ConsultationID, by: PersonID)
    case unaccompany(ConsultationID)
    case report(ConsultationID)
    case signal(ConsultationID, to: Seat, negotiation: Int)
  }
}

enum Mutation {
  case request(PersonID, toAttending: Bool)
  case cancel(ConsultationID)
  case claim(ConsultationID)
  case open(ConsultationID)
  case start(ConsultationID, [PersonID])
  case end(ConsultationID, Consultation.EndReason)
  case refuse(ConsultationID, Consultation.Grounds)
  case assign(ConsultationID, to: PersonID)
  case unassign(ConsultationID)
  case release(ConsultationID)
  case handOver(ConsultationID, DocumentID)
  case fetch(ConsultationID, DocumentID)
  case withdraw(ConsultationID, DocumentID)
  case confirm(ConsultationID)
  case close(ConsultationID)

  /// Whether it goes over HTTP.
  var isExchange: Bool {
    switch self {
    case .handOver, .fetch, .withdraw: true
    default: false
    }
  }
}

import Rooms

/// Judges a hall from outside, by the clauses of the domain document alone.
///
/// It sees what goes in and what comes out, keeps its own small picture of who is connected, who sits where and what has
/// been decided, and uses none of the hall's rules to judge. The first clause that is broken is kept in `violation`.
struct Oracle {
  /// A client, with what it has been told and must therefore believe.
  struct Client {
    let person: PersonID
    let isVerified: Bool
    let patients: [PersonID]
    var isConnected = true
    var place: Place?
    /// The cards of its queue.
    var cards: [ConsultationID] = []
    var presence: Presence?
    var available: Int?
    /// Whether it was told of its room during the present step.
    var wasToldOfRoom = false
  }

  /// A seat as the client took it.
  struct Place {
    let consultation: ConsultationID
    let seat: Seat
    var companion: PersonID?
    /// Different for each time a seat is taken.
    let sitting: Int
  }

  /// A consultation as the store has decided it and the hall was told, with the file that the hall was last given.
  struct Fact {
    var consultation: Consultation
    var file: PatientFile
    /// How often it went on after a suspension.
    var resumptions = 0

    var id: ConsultationID { consultation.id }
  }

  /// What somebody waits for an answer to.
  enum Question {
    case presence(available: Bool, ConnectionID)
    case join(ConnectionID, ConsultationID)
    case leave(ConnectionID, ConsultationID)
    case accompany(ConnectionID, ConsultationID, by: PersonID)
    case unaccompany(ConnectionID, ConsultationID)
    /// Answered only once the store has decided.
    case mutation(ConnectionID, ConsultationID?)
  }

  enum Ticketed {
    case open(Question)
    case answered
    /// The hall that knew of it crashed.
    case lost
  }

  private(set) var violation: String?
  var clients: [Client] = []
  var facts: [Fact] = []
  var tickets: [Ticketed] = []
  var declared: [PersonID] = []
  /// Who won each claim: never anybody else after that, whatever crashes (CU-6.1).
  var winners: [(consultation: ConsultationID, practitioner: PersonID)] = []
  /// What is being delivered to the hall: only now may its ticket be answered with success.
  var delivered: (proposal: Proposal, outcome: Outcome)?
  var negotiations: [Negotiation] = []
  var rooms: [ConsultationID: Room] = [:]
  /// What the hall knew before it crashed.
  var lostFacts: [Fact] = []
  var sittings = 0
  let curatorRequired: Bool

  init(curatorRequired: Bool) {
    self.curatorRequired = curatorRequired
  }

  mutating func require(_ condition: Bool, _ clause: @autoclosure () -> String) {
    if !condition, violation == nil { violation = clause() }
  }

  func fact(_ id: ConsultationID) -> Fact? { facts.first { $0.id == id } }

  func client(_ connection: ConnectionID) -> Client { clients[Int(connection.number)] }

  /// The connections that are there now, and fulfil `condition`.
  func connections(where condition: (Client) -> Bool) -> [ConnectionID] {
    clients.indices.filter { clients[$0].isConnected && condition(clients[$0]) }.map { ConnectionID(UInt64($0)) }
  }

  /// Everybody who holds a place in that room.
  func seated(in id: ConsultationID) -> [(connection: ConnectionID, client: Client, place: Place)] {
    clients.indices.compactMap { index in
      guard let place = clients[index].place, place.consultation == id else { return nil }
      return (ConnectionID(UInt64(index)), clients[index], place)
    }
  }
}

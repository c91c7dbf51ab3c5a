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
    /// The page whose session it is.
    let page: Int
    /// Whether the broker knows the session.
    var isConnected = true
    /// Whether they count as gone, and may come back.
    var isLapsed = false
    /// Since when nothing can have been heard of the client, by the steady clock; nil while something can.
    var silentSince: Int64?
    var place: Place?
    /// The cards of its queue.
    var cards: [ConsultationID] = []
    /// The consultations of its list.
    var listed: [ConsultationID] = []
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
    /// Answered only once the store has decided. Whoever could see it when they asked may hear what became of it.
    case mutation(ConnectionID, ConsultationID?, couldSee: Bool)
  }

  enum Ticketed {
    case open(Question)
    case answered
    /// The hall that knew of it crashed.
    case lost
  }

  private(set) var violation: String?
  var clients: [Client] = []
  /// What each of them was given, by the same index.
  var deliveries: [Deliveries] = []
  var facts: [Fact] = []
  var tickets: [Ticketed] = []
  var declared: [PersonID] = []
  /// What the record has decided, whatever crashes.
  var lives: [Life] = []
  /// Clocks whose stroke could not be recorded, and when that was told.
  var strikesThatFailed: [(consultation: ConsultationID, at: Int64)] = []
  /// Consultations of whose closing the patient was told by this process.
  var toldOfClosing: [ConsultationID] = []
  /// Notices of the present step.
  var told: [Notice] = []
  /// The machine's clock at the present step, in milliseconds, and the day.
  var now: Int64 = 0
  var today = CivilDate(year: 1970, month: 1, day: 1)
  /// Whether the hall has been told what time it is since that changed.
  var hasTicked = false
  /// What is being delivered to the hall: only now may its ticket be answered with success.
  var delivered: (proposal: Proposal, outcome: Outcome)?
  var peerConnections: [PeerConnection] = []
  /// Seats that are kept for who was lost from them.
  var kept: [Kept] = []
  /// Rooms whose people may still be on their way back after a restart.
  var returning: [Returning] = []
  /// By the clock that nobody can set, in milliseconds.
  var steady: Int64 = 0
  /// What is on record with a key.
  var recordedKeys: Set<RecordedKey> = []
  /// Who was told to have won a claim.
  var winners: [ConsultationID: PersonID] = [:]
  var rooms: [ConsultationID: Room] = [:]
  /// What the hall knew before it crashed.
  var lostFacts: [Fact] = []
  var sittings = 0
  let curatorRequired: Bool
  let terms: Consultation.Terms
  /// Those who may practise.
  let physicians: [PersonID]

  init(curatorRequired: Bool, terms: Consultation.Terms, physicians: [PersonID]) {
    self.curatorRequired = curatorRequired
    self.terms = terms
    self.physicians = physicians
  }

  mutating func require(_ condition: Bool, _ clause: @autoclosure () -> String) {
    if !condition, violation == nil { violation = clause() }
  }

  func fact(_ id: ConsultationID) -> Fact? { facts.first { $0.id == id } }

  func client(_ connection: ConnectionID) -> Client { clients[Int(connection.number)] }

  /// Everybody who holds a place in that room.
  func seated(in id: ConsultationID) -> [(connection: ConnectionID, client: Client, place: Place)] {
    clients.indices.compactMap { index in
      guard let place = clients[index].place, place.consultation == id else { return nil }
      return (ConnectionID(UInt64(index)), clients[index], place)
    }
  }
}

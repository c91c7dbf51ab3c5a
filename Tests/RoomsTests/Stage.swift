import Rooms
import Testing

/// A hall with a store that decides at once, and the people of the stories already at the door.
struct Stage {
  static let physician = ConnectionID(1)
  static let colleague = ConnectionID(2)
  static let child = ConnectionID(3)
  static let mother = ConnectionID(4)
  static let father = ConnectionID(5)
  static let stranger = ConnectionID(6)
  static let id = Cast.consultation

  var hall = Hall()
  var file: PatientFile
  var record: [ConsultationID: Consultation] = [:]
  var moment = Moment(now: Cast.now, today: Cast.today)
  private var tickets: UInt64 = 0

  init(file: PatientFile = Cast.child(of: Cast.mother, Cast.father)) {
    self.file = file
  }

  /// Everybody is connected: two verified practitioners, the child and the parents, and a stranger.
  static func crowded(file: PatientFile = Cast.child(of: Cast.mother, Cast.father)) -> Stage {
    var stage = Stage(file: file)
    stage.connectEverybody()
    return stage
  }

  mutating func connectEverybody() {
    connect(Self.physician, Cast.physician, practitioner: .verified)
    connect(Self.colleague, Cast.colleague, practitioner: .verified)
    connect(Self.child, Cast.patient, patients: [Cast.patient])
    connect(Self.mother, Cast.mother, patients: [Cast.patient])
    connect(Self.father, Cast.father, patients: [Cast.patient])
    connect(Self.stranger, Cast.stranger, patients: [Cast.stranger])
  }

  @discardableResult
  mutating func connect(
    _ connection: ConnectionID, _ person: PersonID, practitioner: Visitor.Standing = .none, patients: [PersonID] = []
  ) -> [Effect] {
    hall.connect(connection, Visitor(person: person, practitioner: practitioner, patients: patients))
  }

  /// The ticket of the next request; `ticket` is the one given out last.
  mutating func next() -> Ticket {
    tickets += 1
    return ticket
  }

  var ticket: Ticket { Ticket(tickets) }

  /// A key for each ticket.
  var key: MutationKey { MutationKey(high: 3, low: tickets) }

  mutating func pass(milliseconds: Int64) {
    moment = Moment(now: moment.now.advanced(byMilliseconds: milliseconds), today: moment.today)
  }

  // MARK: The store

  /// The store decides the only proposal among `effects`, and the hall hears of it.
  mutating func decide(_ effects: [Effect]) throws -> [Effect] {
    let proposal = try #require(Self.proposal(in: effects))
    return hall.recorded(proposal, outcome(of: proposal), at: moment)
  }

  static func proposal(in effects: [Effect]) -> Proposal? {
    for effect in effects {
      if case .record(let proposal) = effect { return proposal }
    }
    return nil
  }

  private mutating func outcome(of proposal: Proposal) -> Outcome {
    switch proposal.change {
    case .create(let consultation, _):
      record[consultation.id] = consultation
      return .recorded(consultation)
    case .transition(let id, let command):
      guard var consultation = record[id] else { return .refused(.unknownConsultation) }
      do throws(Refusal) {
        try consultation.apply(command, at: moment.now)
      } catch {
        return .refused(error)
      }
      record[id] = consultation
      return .recorded(consultation)
    case .clockStepped, .incident: return .noted
    }
  }

  // MARK: What people do

  mutating func request(from connection: ConnectionID = child, toAttending: Bool = false) -> [Effect] {
    let wish = Hall.Wish(
      id: Self.id, toAttending: toAttending, notes: HealthNotes(reason: "cough"), payment: .carteBancaire)
    return hall.request(next(), key: key, from: connection, for: file, wish, at: moment)
  }

  mutating func claim(from connection: ConnectionID = physician) -> [Effect] {
    hall.claim(next(), key: key, from: connection, Self.id)
  }

  mutating func cancel(from connection: ConnectionID = child) -> [Effect] {
    hall.cancel(next(), key: key, from: connection, Self.id)
  }

  mutating func open(from connection: ConnectionID = physician) -> [Effect] {
    hall.open(next(), key: key, from: connection, Self.id, file: file, at: moment)
  }

  mutating func start(from connection: ConnectionID = physician, _ attested: [PersonID]) -> [Effect] {
    hall.start(next(), key: key, from: connection, Self.id, attested: attested)
  }

  mutating func end(from connection: ConnectionID = physician) -> [Effect] {
    hall.end(next(), key: key, from: connection, Self.id, reason: .completed)
  }

  mutating func refuse(
    from connection: ConnectionID = physician, _ grounds: Consultation.Grounds = .professional
  ) -> [Effect] {
    hall.refuse(next(), key: key, from: connection, Self.id, grounds: grounds)
  }

  mutating func assign(
    from connection: ConnectionID = child, to physician: PersonID, isVerified: Bool = true
  ) -> [Effect] {
    hall.assign(next(), key: key, from: connection, Self.id, to: physician, isVerified: isVerified)
  }

  mutating func unassign(from connection: ConnectionID = child) -> [Effect] {
    hall.unassign(next(), key: key, from: connection, Self.id)
  }

  mutating func release(from connection: ConnectionID = physician) -> [Effect] {
    hall.release(next(), key: key, from: connection, Self.id)
  }

  mutating func confirm(from connection: ConnectionID = child) -> [Effect] {
    hall.confirm(next(), key: key, from: connection, Self.id)
  }

  mutating func close(from connection: ConnectionID = physician) -> [Effect] {
    hall.close(next(), key: key, from: connection, Self.id)
  }

  /// The practitioner hands document 1 over.
  mutating func handOver(by person: PersonID = Cast.physician, isVerified: Bool = true) -> [Effect] {
    hall.handOver(
      next(), by: person, isVerified: isVerified, Self.id, Cast.document, Cast.details, at: moment)
  }

  mutating func fetch(by person: PersonID = Cast.patient) -> [Effect] {
    hall.fetched(next(), by: person, Self.id, Cast.document.id, key: key, at: moment)
  }

  mutating func withdraw(by person: PersonID = Cast.physician) -> [Effect] {
    hall.withdraw(next(), by: person, Self.id, Cast.document.id, key: key, at: moment)
  }

  mutating func join(
    _ connection: ConnectionID, as role: SeatRole, takeOver: Bool = false, connected: Room.Connected = [:]
  ) -> [Effect] {
    hall.join(next(), from: connection, Self.id, as: role, takeOver: takeOver, connected: connected, file: file)
  }

  mutating func leave(_ connection: ConnectionID) -> [Effect] {
    hall.leave(next(), from: connection, Self.id)
  }

  // MARK: Shortcuts to a chapter of the story

  /// - Returns: what followed from the request.
  @discardableResult
  mutating func playToRequested() throws -> [Effect] { try decide(request()) }

  /// Requested of the physician alone.
  ///
  /// - Returns: what followed from the request.
  @discardableResult
  mutating func playToAssigned() throws -> [Effect] {
    file = PatientFile(
      person: file.person, birthDate: file.birthDate, protection: file.protection, guardians: file.guardians,
      attending: Cast.physician)
    return try decide(request(toAttending: true))
  }

  /// - Returns: what followed from the claim.
  @discardableResult
  mutating func playToClaimed() throws -> [Effect] {
    try playToRequested()
    return try decide(claim())
  }

  mutating func playToOpen() throws {
    try playToClaimed()
    _ = try decide(open())
  }

  /// Open, with practitioner, child and mother seated.
  mutating func playToSeated() throws {
    try playToOpen()
    _ = join(Self.physician, as: .practitioner)
    _ = join(Self.child, as: .patient)
    _ = join(Self.mother, as: .guardian)
  }

  mutating func playToInProgress() throws {
    try playToSeated()
    _ = try decide(start([Cast.patient, Cast.mother]))
  }

  mutating func play(to state: Consultation.StateName) throws {
    switch state {
    case .requested: try playToRequested()
    case .refused:
      try playToAssigned()
      _ = try decide(refuse())
    case .claimed: try playToClaimed()
    case .open: try playToSeated()
    case .inProgress: try playToInProgress()
    case .suspended:
      try playToInProgress()
      _ = try decide(leave(Self.mother))
    case .ended:
      try playToInProgress()
      _ = try decide(end())
    case .closed:
      try play(to: .ended)
      _ = try decide(confirm())
    case .cancelled:
      try playToSeated()
      _ = try decide(cancel())
    }
  }

  /// The number under which these two signal to each other now.
  func negotiation(_ seat: Seat, _ other: Seat) -> Int? {
    hall.rooms[Self.id]?.peers(of: seat).first { $0.seat == other }?.negotiation
  }
}

import MQMSessions
import Rooms
import Testing

/// A hall before a real record, and everybody who may want something of one consultation.
final class LifeStage {
  /// Who wants something.
  enum Role: String, CaseIterable {
    case patient, guardian, claimant, assigned, another, unverified, stranger
  }

  /// How far the consultation has come. The claimant has claimed it from "claimed" on; "assigned" is the physician whom
  /// the patient named, "late" is when the clock that runs then has run out, "papers" is with a document that nobody has
  /// fetched, "fetched" with one that was.
  enum Situation: String, CaseIterable {
    case requested, assigned, late, refused, claimed, claimedLate, open, openLate, inProgress, suspended, papers, ended
    case fetched, closed, cancelled
  }

  enum Wish: String, CaseIterable {
    case claim, refuse, assign, unassign, release, cancel, open, start, end, handOver, fetch, withdraw, confirm, close
  }

  static let id = ConsultationID(high: 2, low: 1)
  /// Handed over on the way to a situation.
  static let document = Way.document
  private static let details = DocumentDetails(name: "arrêt.png", salt: String(repeating: "5", count: 64))
  /// What the claimant would hand over next.
  private static let another = Document(
    id: DocumentID(high: 4, low: 2), kind: .letter, type: .pdf, size: 2_000,
    commitment: String(repeating: "b", count: 64), handedOverAt: document.handedOverAt)
  private static let today = CivilDate(year: 2026, month: 11, day: 23)

  let record: RecordFixture
  var hall: Hall
  private var lastTicket: UInt64 = 0
  private var isPrepared = false
  private let file: PatientFile
  /// What followed from what was recorded, and is to be recorded too.
  private var pending: [Effect] = []

  init(_ situation: Situation) throws {
    record = try RecordFixture()
    hall = Hall()
    file = PatientFile(
      person: Self.person(.patient), birthDate: CivilDate(year: 2016, month: 1, day: 1), protection: .none,
      guardians: [Guardian(person: Self.person(.guardian), relation: .parent)],
      attending: situation == .assigned || situation == .refused ? Self.person(.assigned) : nil)
    for role in Role.allCases { connect(role) }
    try play(to: situation)
    isPrepared = true
  }

  static func person(_ role: Role) -> PersonID {
    PersonID(high: 1, low: UInt64(1 + (Role.allCases.firstIndex(of: role) ?? 0)))
  }

  static func connection(_ role: Role) -> ConnectionID { ConnectionID(person(role).low) }

  var moment: Moment { Moment(now: Instant(milliseconds: record.now), today: Self.today) }

  private func connect(_ role: Role) {
    let standing: Visitor.Standing =
      switch role {
      case .patient, .guardian, .stranger: .none
      case .unverified: .unverified
      case .claimant, .assigned, .another: .verified
      }
    let patients: [PersonID] =
      switch role {
      case .patient, .guardian: [Self.person(.patient)]
      case .stranger: [Self.person(.stranger)]
      default: []
      }
    _ = hall.connect(
      Self.connection(role), Visitor(person: Self.person(role), practitioner: standing, patients: patients))
  }

  // MARK: What is wanted, and what comes of it

  private func next() -> (Ticket, MutationKey) {
    lastTicket += 1
    return (Ticket(lastTicket), MutationKey(high: 3, low: lastTicket))
  }

  /// What the hall makes of it, before the record has decided.
  func want(_ wish: Wish, _ role: Role) -> [Effect] {
    let (ticket, key) = next()
    let (id, from, by) = (Self.id, Self.connection(role), Self.person(role))
    switch wish {
    case .claim: return hall.claim(ticket, key: key, from: from, id)
    case .refuse: return hall.refuse(ticket, key: key, from: from, id, grounds: .professional)
    case .assign:
      return hall.assign(ticket, key: key, from: from, id, to: Self.person(.another), isVerified: true)
    case .unassign: return hall.unassign(ticket, key: key, from: from, id)
    case .release: return hall.release(ticket, key: key, from: from, id)
    case .cancel: return hall.cancel(ticket, key: key, from: from, id)
    case .open: return hall.open(ticket, key: key, from: from, id, file: file, at: moment)
    case .start:
      return hall.start(
        ticket, key: key, from: from, id, attested: [Self.person(.patient), Self.person(.guardian)])
    case .end: return hall.end(ticket, key: key, from: from, id, reason: .completed)
    case .handOver:
      let isVerified = [.claimant, .assigned, .another].contains(role)
      let document = isPrepared ? Self.another : Self.document
      return hall.handOver(ticket, by: by, isVerified: isVerified, id, document, Self.details, at: moment)
    case .fetch: return hall.fetched(ticket, by: by, id, Self.document.id, key: key, at: moment)
    case .withdraw: return hall.withdraw(ticket, by: by, id, Self.document.id, key: key, at: moment)
    case .confirm: return hall.confirm(ticket, key: key, from: from, id)
    case .close: return hall.close(ticket, key: key, from: from, id)
    }
  }

  /// The record decides over the proposal among `effects`, and the hall hears of it.
  ///
  /// - Returns: the state after it, or the code of the refusal.
  func outcome(of effects: [Effect]) throws -> String {
    for effect in effects {
      switch effect {
      case .refuse(_, let refusal): return refusal.code
      case .record(let proposal):
        let decided = try record.store.decide([Submission(proposal, at: moment.now)])[0]
        let answers = hall.recorded(proposal, decided, at: moment)
        if case .refused(let refusal) = decided {
          guard case .request(let ticket, _, _) = proposal.origin else { return refusal.code }
          #expect(answers == [.refuse(ticket, refusal)], "the refusal of the record is told to who asked")
          return refusal.code
        }
        pending += answers.filter { if case .record = $0 { true } else { false } }
        guard case .recorded(let consultation) = decided else { return "\(decided)" }
        return consultation.state.name.rawValue
      default: continue
      }
    }
    return "nothing"
  }

  /// What has followed from that is recorded, until nothing follows any more.
  func settle() throws {
    while !pending.isEmpty { _ = try outcome(of: [pending.removeFirst()]) }
  }

  /// By a rule, a clock, or what became of an account.
  func propose(_ origin: Proposal.Origin, _ command: Consultation.Command) -> [Effect] {
    [.record(Proposal(origin: origin, change: .transition(Self.id, command)))]
  }

  /// The only consultation on record; what the hall believes is the same.
  func consultation() throws -> Consultation {
    let stored = try #require(try record.load().first).consultation
    #expect(hall.entries[Self.id]?.consultation == stored, "the hall and the record disagree")
    return stored
  }

  /// How many entries the journal has of it.
  func length() throws -> Int { try record.store.entries(of: Self.id).count }

  // MARK: Chapters

  func pass(milliseconds: Int64) throws {
    record.now += milliseconds
    let due = hall.tick(at: moment)
    if !due.isEmpty { _ = try outcome(of: due) }
  }

  private func act(_ wish: Wish, _ role: Role) throws { _ = try outcome(of: want(wish, role)) }

  private func sit() {
    for (role, seat) in [(Role.claimant, SeatRole.practitioner), (.patient, .patient), (.guardian, .guardian)] {
      _ = hall.join(next().0, from: Self.connection(role), Self.id, as: seat, takeOver: false, file: file)
    }
  }

  private func request() throws {
    let (ticket, key) = next()
    let wish = Hall.Wish(
      id: Self.id, toAttending: file.attending != nil, notes: HealthNotes(reason: "Fièvre"), payment: .carteBancaire)
    _ = try outcome(
      of: hall.request(ticket, key: key, from: Self.connection(.patient), for: file, wish, at: moment))
  }

  private func play(to situation: Situation) throws {
    switch situation {
    case .requested, .assigned: try request()
    case .late:
      try play(to: .requested)
      try pass(milliseconds: 24 * 3_600_000)
    case .refused:
      try request()
      try act(.refuse, .assigned)
    case .claimed:
      try request()
      try act(.claim, .claimant)
    case .claimedLate:
      try play(to: .claimed)
      try pass(milliseconds: 24 * 3_600_000)
    case .open:
      try play(to: .claimed)
      try act(.open, .claimant)
      sit()
    case .openLate:
      try play(to: .open)
      try pass(milliseconds: 24 * 3_600_000)
    case .inProgress:
      try play(to: .open)
      try act(.start, .claimant)
    case .suspended:
      try play(to: .inProgress)
      _ = try outcome(of: hall.leave(next().0, from: Self.connection(.guardian), Self.id))
    case .ended:
      try play(to: .inProgress)
      try act(.end, .claimant)
    case .papers:
      try play(to: .ended)
      try act(.handOver, .claimant)
    case .fetched:
      try play(to: .papers)
      try act(.fetch, .guardian)
    case .closed:
      try play(to: .fetched)
      try act(.confirm, .patient)
    case .cancelled:
      try play(to: .claimed)
      try act(.cancel, .patient)
    }
  }
}

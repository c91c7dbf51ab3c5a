import Foundation
import MQMSessions
import Rooms
import Simulation

/// A year of consultations before a real record: people come, the server is down, somebody sets its clock, and all the while
/// it is noted by true time what must happen when.
struct Year {
  /// What must happen to a consultation, by true time.
  struct Promise {
    var claimDue: Int64
    var startDue: Int64?
    var closeDue: Int64?
    /// From when on the clock that runs now could strike.
    var armedAt: Int64
    var hasStruck: Set<Consultation.Clock> = []
    var isClosed = false
  }

  /// A strike, as the journal has to show it.
  struct Strike: Hashable {
    let id: String
    let clock: String
    let dueAt: Int64
  }

  static let second: Int64 = 1_000
  static let hour: Int64 = 3_600_000
  static let day = 24 * hour
  /// 2027-01-01T00:00 in Europe/Paris.
  static let begin: Int64 = 1_798_758_000_000
  /// The clocks go forward on 28 March and back on 31 October, both at 01:00 UTC.
  static let changes: [Int64] = [1_806_195_600_000, 1_824_944_400_000]

  let record: RecordFixture
  private var random: SplitMix64
  private var hall = Hall()
  private let parisian: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "Europe/Paris") ?? .gmt
    return calendar
  }()

  /// What has truly passed, and by how much the server's clock is ahead of it.
  private var truth = Year.begin
  private var ahead: Int64 = 0
  /// When the server came up last.
  private var upSince = Year.begin
  private var promises: [ConsultationID: Promise] = [:]
  private var lastID: UInt64 = 0
  private var toldOfClosing: Set<ConsultationID> = []

  private(set) var faults: [String] = []
  private(set) var strikes: [Strike] = []
  private(set) var closures: [ConsultationID] = []
  private(set) var restarts = 0
  private(set) var clockSteps = 0
  private(set) var notices = 0
  /// Clocks that ran across a change of daylight saving time and struck.
  private(set) var strikesAcrossChange = 0
  private(set) var strikesAfterDowntime = 0

  init(seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    record = try RecordFixture()
  }

  // MARK: The year

  /// - Parameter consultations: how many people ask for one.
  mutating func run(consultations: Int) throws {
    let end = Self.begin + 365 * Self.day
    let pause = 365 * Self.day / Int64(consultations * 6)
    var requests = Self.changes.flatMap { [$0 - 20 * Self.hour, $0 - Self.hour] }
    var nextAction = truth
    var nextAccident = truth + Self.day
    while truth < end {
      let due = hall.nextDue.map { $0.milliseconds - ahead + random(0...250) } ?? .max
      let next = max(truth, min(due, nextAction, nextAccident, requests.first ?? .max))
      truth = next
      if next == due {
        try strike()
      } else if next == requests.first {
        requests.removeFirst()
        try request()
      } else if next == nextAction {
        try act(limit: consultations)
        nextAction = truth + random(1...2 * pause)
      } else {
        try haveAccident()
        nextAccident = truth + random(Self.hour...10 * Self.day)
        nextAction = max(nextAction, truth)
        requests = requests.map { max($0, truth) }
      }
      lookForMissed()
    }
    // Nobody does anything any more, and everything comes to its end.
    while let due = hall.nextDue {
      truth = max(truth, due.milliseconds - ahead + random(0...250))
      try strike()
      lookForMissed()
    }
  }

  private mutating func random(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
  private mutating func chance(_ percent: Int64) -> Bool { random(0...99) < percent }

  private var moment: Moment {
    let now = truth + ahead
    let day = parisian.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(now) / 1_000))
    return Moment(
      now: Instant(milliseconds: now), today: CivilDate(year: day.year ?? 0, month: day.month ?? 0, day: day.day ?? 0))
  }

  // MARK: What the server does

  /// What is due by the server's clock; now and then the server dies over it.
  private mutating func strike() throws {
    for effect in hall.tick(at: moment) {
      switch effect {
      case .record(let proposal):
        switch random(0...29) {
        case 0: return try restart()
        case 1:
          _ = try record.store.decide([Submission(proposal, at: moment.now)])
          try keep(proposal)
          return try restart()
        default: try submit(proposal)
        }
      case .tell(.closesTomorrow, let id): tell(id)
      default: break
      }
    }
  }

  private mutating func submit(_ proposal: Proposal) throws {
    let outcome = try record.store.decide([Submission(proposal, at: moment.now)])[0]
    if case .recorded = outcome { try keep(proposal) }
    _ = hall.recorded(proposal, outcome, at: moment)
  }

  private mutating func command(_ id: ConsultationID, _ command: Consultation.Command) throws {
    lastID += 1
    let origin = Proposal.Origin.request(
      Ticket(lastID), by: command.actor ?? id.patient, key: MutationKey(high: 3, low: lastID))
    try submit(Proposal(origin: origin, change: .transition(id, command)))
  }

  /// The process dies, and is started again after a while.
  private mutating func restart() throws {
    restarts += 1
    hall = Hall()
    toldOfClosing = []
    truth += chance(70) ? random(300...60_000) : random(Self.hour...3 * Self.day)
    try record.reopen()
    let since = moment.now.advanced(byMilliseconds: -Self.day)
    for stored in try record.store.load(finalSince: since) {
      _ = hall.restore(
        stored.consultation, file: stored.consultation.id.file, reason: stored.reason, at: moment)
    }
    upSince = truth
    try strike()
  }

  private mutating func haveAccident() throws {
    guard chance(50) else { return try restart() }
    clockSteps += 1
    let step = random(1...(chance(50) ? Self.hour : 3 * Self.day)) * (chance(50) ? 1 : -1)
    ahead += step
    try submit(Proposal(origin: .clock, change: .clockStepped(byMilliseconds: step)))
  }

  // MARK: What people do

  private mutating func request() throws {
    lastID += 1
    let id = ConsultationID(high: 2, low: lastID)
    let physician = PersonID.physician
    let consultation = Consultation(
      id: id, patient: id.patient, requester: id.patient, assignment: chance(50) ? .attending(physician) : .unassigned,
      payment: .carteBancaire, requestedAt: moment.now)
    let ticket = Ticket(lastID)
    // The hall takes note of whose request it is only when it makes the proposal itself.
    let connection = ConnectionID(lastID)
    _ = hall.connect(connection, Visitor(person: id.patient, practitioner: .none, patients: [id.patient]))
    let wish = Hall.Wish(
      id: id, toAttending: consultation.assignedPhysician != nil, notes: HealthNotes(reason: "Fièvre"),
      payment: .carteBancaire)
    let effects = hall.request(
      ticket, key: MutationKey(high: 3, low: lastID), from: connection, for: id.file, wish, at: moment)
    for case .record(let proposal) in effects { try submit(proposal) }
    _ = hall.disconnect(connection)
  }

  private mutating func act(limit: Int) throws {
    let open = promises.filter { !$0.value.isClosed }.keys.sorted()
    if promises.count < limit, open.isEmpty || chance(25) { return try request() }
    guard let id = open.randomElement(using: &random), let consultation = hall.entries[id]?.consultation else { return }
    switch consultation.state {
    case .requested:
      switch random(0...99) {
      case 0..<35: try command(id, .claim(by: .physician))
      case 35..<42: try command(id, .refuse(by: .physician, .personal))
      case 42..<50: try command(id, .unassign(by: id.patient))
      case 50..<55: try command(id, .cancel(by: id.patient))
      default: break
      }
    case .refused: try command(id, chance(80) ? .assign(by: id.patient, to: .physician) : .cancel(by: id.patient))
    case .claimed, .open:
      switch random(0...99) {
      case 0..<20: try command(id, .open(by: .physician, status: .adult))
      case 20..<35: try command(id, .start(by: .physician, attested: [id.patient]))
      case 35..<45: try command(id, .release(by: .physician))
      case 45..<60: try command(id, .unassign(by: id.patient))
      case 60..<65: try command(id, .end(by: .physician, reason: .technical))
      default: break
      }
    case .inProgress: try command(id, .end(by: .physician, reason: .completed))
    case .ended: if chance(10) { try command(id, .close(by: id.patient, why: .confirmed)) }
    case .suspended, .closed, .cancelled: break
    }
  }

  // MARK: What was promised

  /// It is on record: what follows from it by true time.
  private mutating func keep(_ proposal: Proposal) throws {
    guard case .transition(let id, let command) = proposal.change, var promise = promises[id] else {
      if case .create(let consultation, _) = proposal.change {
        promises[consultation.id] = Promise(claimDue: truth + Self.day, armedAt: truth)
      }
      return
    }
    switch command {
    case .claim:
      promise.startDue = truth + Self.day
      promise.hasStruck.remove(.start)
    case .assign, .unassign:
      promise = Promise(claimDue: truth + Self.day, armedAt: truth)
    case .release:
      promise.startDue = nil
      promise.armedAt = truth
    case .end: promise.closeDue = truth + 7 * Self.day
    case .cancel, .close(_, .confirmed): promise.isClosed = true
    case .markOverdue(let clock, let dueAt):
      let due = clock == .claim ? promise.claimDue : promise.startDue
      judge(due, promise, "the \(clock.rawValue) clock of \(id)")
      if !promise.hasStruck.insert(clock).inserted {
        faults.append("the \(clock.rawValue) clock of \(id) struck twice")
      }
      strikes.append(Strike(id: id.description, clock: clock.rawValue, dueAt: dueAt.milliseconds))
    case .close:
      judge(promise.closeDue, promise, "the retention time of \(id)")
      promise.isClosed = true
      closures.append(id)
    default: break
    }
    promises[id] = promise
  }

  /// Not before its time, and at most a second after it, or after the server was there again.
  private mutating func judge(_ due: Int64?, _ promise: Promise, _ what: String) {
    guard let due else { return faults.append("\(what) struck, and did not run") }
    if truth < due { faults.append("\(what) struck \(due - truth) ms too early") }
    let late = truth - max(due, upSince, promise.armedAt)
    if late > Self.second { faults.append("\(what) struck \(late) ms too late") }
    if due < upSince { strikesAfterDowntime += 1 }
    for change in Self.changes where (due - Self.day..<due).contains(change) { strikesAcrossChange += 1 }
  }

  private mutating func lookForMissed() {
    for (id, promise) in promises where !promise.isClosed {
      guard let consultation = hall.entries[id]?.consultation else {
        faults.append("\(id) is not there")
        continue
      }
      let due: Int64? =
        switch consultation.state {
        case .requested: promise.hasStruck.contains(.claim) ? nil : promise.claimDue
        case .claimed, .open: promise.hasStruck.contains(.start) ? nil : promise.startDue
        case .ended: promise.closeDue
        default: nil
        }
      if let due, max(due, upSince, promise.armedAt) + Self.second < truth {
        faults.append("a deadline of \(id), \(consultation.state.name), was missed")
      }
      if case .ended = consultation.state, let closeDue = promise.closeDue,
        max(closeDue - Self.day, upSince) + Self.second < truth, truth < closeDue, !toldOfClosing.contains(id)
      {
        faults.append("the patient of \(id) was not told that it is closed soon")
      }
    }
  }

  private mutating func tell(_ id: ConsultationID) {
    notices += 1
    guard let closeDue = promises[id]?.closeDue, (closeDue - Self.day..<closeDue).contains(truth) else {
      return faults.append("the patient of \(id) was told that it is closed soon, which is not so")
    }
    if !toldOfClosing.insert(id).inserted { faults.append("the patient of \(id) was told twice by the same process") }
  }
}

extension ConsultationID {
  /// Everybody asks once.
  fileprivate var patient: PersonID { PersonID(high: 1, low: 1_000 + low) }

  fileprivate var file: PatientFile {
    PatientFile(
      person: patient, birthDate: CivilDate(year: 1980, month: 1, day: 1), protection: .none, guardians: [],
      attending: .physician)
  }
}

extension PersonID {
  fileprivate static let physician = PersonID(high: 1, low: 1)
}

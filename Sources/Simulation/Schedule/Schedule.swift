import Rooms

/// One random schedule: a hall with a shell around it, a network, and pages at its other end, in which everything is played,
/// the clock included.
struct Schedule {
  let seed: UInt64
  let fault: Fault?
  let length: Length
  var random: SplitMix64
  var clock: VirtualClock
  var population: Population
  var hall: Hall
  var store: ModelStore
  var oracle: Oracle
  /// Proposals on their way to the store, with the time at which they were made, and decisions on their way back; each in
  /// order.
  var proposals: [(proposal: Proposal, at: Int64)] = []
  var decisions: [(proposal: Proposal, outcome: Outcome)] = []
  var reminders: [(consultation: ConsultationID, due: Int64)] = []
  /// Rooms whose people find their way back after a restart, and until when.
  var comebacks: [(consultation: ConsultationID, due: Int64)] = []
  /// Seats that are kept for somebody, and until when.
  var holds: [(consultation: ConsultationID, hold: Int, due: Int64)] = []
  var sent: [Sent] = []
  var lastID: UInt64 = 0
  var transcript: Transcript
  var coverage = Coverage()

  var pages: [Page] = []
  var channels: [Channel] = []
  /// The sessions that the broker knows, by the number of the connection id.
  var sessions: [BrokerSession?] = []
  var events: [Event] = []
  /// Whom to answer, by the ticket's number; nil for what came over HTTP.
  var askers: [Asker?] = []
  /// Whose request is being handled.
  var asker: Asker?
  var lastToken = 0
  let terms: SessionTerms
  let limits: ReplayBuffer.Limits
  /// Of 100 messages, how many take long.
  let slowMessages: Int
  /// Whether nobody does anything new, and the network holds.
  var isSettling = false
  /// How much has happened so far, each of which leaves the process in one piece or dead.
  private(set) var beats = 0
  /// After how many beats the process dies; nil for not on purpose.
  let crashPoint: Int?
  /// Claims that the fault answered from the cache.
  var answeredEarly: [Ticket] = []

  /// A mutation with its key, which may be sent again.
  struct Sent {
    let person: PersonID
    let mutation: Mutation
    let key: MutationKey
  }

  /// How many things people do.
  enum Length: Sendable {
    case full, short
  }

  init(
    seed: UInt64, fault: Fault?, length: Length = .full, crashPoint: Int? = nil, keepsTranscript: Bool
  ) {
    self.seed = seed
    self.fault = fault
    self.length = length
    self.crashPoint = crashPoint
    random = SplitMix64(seed: seed)
    transcript = Transcript(isKept: keepsTranscript)
    clock = VirtualClock(daysSinceEpoch: 20_780 + random.below(1_500))
    population = Population(using: &random, today: clock.today)
    var settings = Hall.Settings()
    settings.curatorRequired = random.chance(80)
    settings.terms = Self.terms(using: &random)
    hall = Hall(settings: settings)
    store = ModelStore(terms: settings.terms, fault: fault)
    oracle = Oracle(
      curatorRequired: settings.curatorRequired, terms: settings.terms, physicians: population.physicians)
    var terms = SessionTerms()
    terms.absentees = random.chance(60) ? 1 : 8
    self.terms = terms
    limits = ReplayBuffer.Limits(bytes: 150 + random.below(3_000), events: 3 + random.below(60))
    slowMessages = random.chance(70) ? random.below(10) : random.below(60)
  }

  /// Plays it to the end, or to the first clause that is broken.
  mutating func run() {
    transcript.introduce(population)
    connectMany()
    let count = length == .full ? 20 + random.below(61) : 12 + random.below(14)
    for _ in 0..<count {
      pass(milliseconds: pause())
      playEvent()
      beat()
      for _ in 0..<random.below(4) { moveRecord() }
      guard oracle.violation == nil else { return }
    }
    settle()
  }

  private mutating func pause() -> Int64 {
    switch random.below(100) {
    case 0: 86_400_000
    case 1...3: Int64(random.below(90_000))
    default: Int64(1 + random.below(4_000))
    }
  }

  // MARK: Steps

  /// One event: the hall is told, the oracle sees what comes of it.
  mutating func step(_ what: @autoclosure () -> String, _ event: (inout Hall) -> [Effect]) {
    guard oracle.violation == nil else { return }
    transcript.note(clock, what())
    oracle.now = clock.milliseconds
    oracle.today = clock.today
    let effects = event(&hall)
    coverage.steps += 1
    for effect in effects {
      transcript.note(effect)
      switch effect {
      case .record(let proposal): proposals.append((proposal, clock.milliseconds))
      case .remind(let id, let delay): reminders.append((id, clock.steady + delay))
      case .awaitComeback(let id, let delay): comebacks.append((id, clock.steady + delay))
      case .awaitReturn(let id, let hold, let delay): holds.append((id, hold, clock.steady + delay))
      default: break
      }
      coverage.note(effect)
    }
    oracle.observe(effects)
    check()
    for effect in effects { carryOut(effect) }
  }

  /// Something has happened, and the process may die before anything else does.
  mutating func beat() {
    guard oracle.violation == nil else { return }
    beats += 1
    if beats == crashPoint { crash() }
    comparePages()
  }

  private mutating func check() {
    let proposals = proposals
    let decisions = decisions
    let expected = reminders + comebacks
    let isMoving = { (origin: Proposal.Origin, id: ConsultationID) in
      proposals.contains { $0.proposal.origin == origin && $0.proposal.consultation == id }
        || decisions.contains { $0.proposal.origin == origin && $0.proposal.consultation == id }
    }
    oracle.check(
      hall, isUnderWay: { id in expected.contains { $0.consultation == id } || isMoving(.rule, id) },
      isStriking: { isMoving(.clock, $0) })
  }

  // MARK: The record

  /// The store decides a proposal, or a decision arrives.
  mutating func moveRecord() {
    if !proposals.isEmpty, decisions.isEmpty || random.chance(50) {
      decide(isAvailable: !random.chance(4))
      beat()
    } else {
      deliver()
    }
  }

  private mutating func decide(isAvailable: Bool) {
    guard !proposals.isEmpty else { return }
    let (proposal, madeAt) = proposals.removeFirst()
    // The broker asks again and again until a step of the clock is on record.
    let isAvailable = isAvailable || proposal.consultation == nil
    let outcome: Outcome =
      isAvailable ? store.decide(proposal, at: Instant(milliseconds: madeAt)) : .refused(.unavailable)
    oracle.isDecided(proposal, outcome, at: madeAt)
    transcript.note(clock, "the store decides \(proposal.change): \(outcome)")
    decisions.append((proposal, outcome))
  }

  private mutating func deliver() {
    guard !decisions.isEmpty else { return }
    let (proposal, outcome) = decisions.removeFirst()
    coverage.note(proposal, outcome)
    let moment = clock.moment
    oracle.now = clock.milliseconds
    oracle.hasTicked = false
    let file: PatientFile? =
      if case .create(let consultation, _) = proposal.change { filesGiven[consultation.id] } else { nil }
    oracle.isDelivered(proposal, outcome, file: file)
    step("the decision arrives: \(proposal.change)") { $0.recorded(proposal, outcome, at: moment) }
    strike()
    beat()
  }

  /// Everything under way comes to its end, and nobody does anything new: the network holds, and every page is back.
  private mutating func settle() {
    isSettling = true
    var rounds = 0
    while oracle.violation == nil, !isAtRest {
      rounds += 1
      guard rounds < 1_000 else { return oracle.require(false, "the rule and the record never come to rest") }
      decide(isAvailable: true)
      deliver()
      guard proposals.isEmpty, decisions.isEmpty else { continue }
      let toNextDue = hall.nextDue.map { $0.milliseconds - clock.milliseconds } ?? 0
      pass(milliseconds: max(rounds < 4 ? 5_000 : 61_000, toNextDue))
    }
    guard oracle.violation == nil else { return }
    oracle.checkSettled()
    for number in pages.indices where pages[number].isOpen {
      let isQuiet = isQuiet(pages[number])
      oracle.require(isQuiet, "page \(number) never comes to rest")
      pages[number].isDoubted = true
    }
    comparePages()
  }

  private var isAtRest: Bool {
    proposals.isEmpty && decisions.isEmpty && reminders.isEmpty && comebacks.isEmpty && holds.isEmpty
      && hall.nextDue == nil && !pages.contains { $0.isOpen && !isQuiet($0) }
  }

  // MARK: Crashes

  /// The process dies. Some of what was on its way to disk has got there; the rest, and every answer that had not left, is
  /// lost.
  mutating func crash() {
    for _ in 0..<random.below(proposals.count + 1) { decide(isAvailable: true) }
    transcript.note(clock, "CRASH")
    coverage.crashes += 1
    proposals = []
    decisions = []
    reminders = []
    comebacks = []
    holds = []
    answeredEarly = []
    breakAllChannels()
    oracle.crashes()
    hall = Hall(settings: hall.settings)
    // Mostly at once, sometimes only when deadlines have passed.
    clock.advance(byMilliseconds: Int64(300 + random.below(random.chance(80) ? 3_000 : 200_000)))
    let moment = clock.moment
    let limit = moment.now.advanced(byMilliseconds: -hall.settings.overVisibleMilliseconds)
    let restored = store.kept(since: limit).map { (kept: $0, file: population[$0.consultation.patient].file) }
    let details = detailsGiven
    for (kept, file) in restored { oracle.isRestored(kept.consultation, file: file) }
    // All in one step: before that the hall is not complete, and nobody is connected anyway.
    step("the record is read back") { hall in
      restored.flatMap { kept, file in
        let documents = kept.consultation.documents.map {
          ($0.id, details[$0.id] ?? DocumentDetails(name: "", salt: ""))
        }
        return hall.restore(
          kept.consultation, file: file, reason: kept.reason, documents: Dictionary(uniqueKeysWithValues: documents),
          at: moment)
      }
    }
    strike()
  }

  /// The files with which consultations were requested, by consultation.
  var filesGiven: [ConsultationID: PatientFile] = [:]
  /// What the documents handed over are called.
  var detailsGiven: [DocumentID: DocumentDetails] = [:]
}

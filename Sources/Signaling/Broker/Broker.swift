public import Accounts
import Foundation
public import Logging
public import MQMSessions
import Rooms
public import Transport

/// The shell around the hall: takes messages from sockets, asks accounts and record, and carries the effects out.
///
/// An actor whose executor is the event loop: a socket's callback enters it without a hop, and whatever it awaits elsewhere
/// comes back to the loop by itself.
public actor Broker {
  nonisolated let loop: EventLoop
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  nonisolated let settings: BrokerSettings
  let files: StaticFiles?
  /// Origins of pages that may change something with their cookie; the same as for the socket.
  var allowedOrigins: Set<String> = []
  let people: People
  nonisolated let documents: DocumentDesk
  let log: Logger
  nonisolated let metrics: BrokerMetrics
  private nonisolated let clock: Clock
  private var clockWatch = ClockWatch()
  /// Steps of the system's clock that are not on record yet.
  var clockStepsUnderWay = 0
  /// A step of the clock that could not be written waits to be tried again, and everything else behind it.
  var isClockStepWaiting = false
  nonisolated let store: any Store
  nonisolated let recordQueue = DispatchQueue(label: "mqm.record.reading")
  private let bus: any Bus
  var journal: GroupCommit?

  var hall: Hall
  var directory = Directory()
  /// Sessions, those whose connection broke included.
  var clients: [ConnectionID: Client] = [:]
  /// Those that are greeted, by the name that their clients know.
  var sessions: [UUID: Client] = [:]
  var fanOut = FanOut()
  /// Whether many patients are about to be told how many practitioners are available.
  var isAvailabilityDue = false
  var greetings = GreetingLine<Newcomer>()
  var allowancesOfAccounts: AllowanceTable<PersonID>
  var allowancesOfAddresses: AllowanceTable<RemoteAddress>
  var requestRates: RequestRates
  /// What those who have a seat were given for the TURN servers; what is left over goes when its timer fires.
  var relays: [ConnectionID: SeatRelay] = [:]
  var isDraining = false
  /// What is announced now.
  var maintenance: Maintenance?
  var pending: [Ticket: Pending] = [:]
  /// What is measured of requests on sockets that are under way.
  var inquiries: [Ticket: Inquiry] = [:]
  var lastTicket: UInt64 = 0
  /// Whose long bodies are let in at once.
  var knownTokens = KnownTokens()
  /// Long answers that are being made or sent.
  var answers = AnswersUnderWay()
  /// The last entry of the accounts' audit that has taken effect here.
  var lastAudit: Int64 = 0
  /// The last one of those that take effect before all others.
  var lastUrgentAudit: Int64 = 0
  /// What is being done about the audit now.
  var following: Task<Void, Never>?
  /// Connections that are closed as soon as their seat is given up.
  var dueToClose: Set<ConnectionID> = []
  /// Whether something that was erased may still be in a write-ahead log.
  var mustScrub = true
  /// When unused accounts were last looked for.
  var lastHousekeeping: Int64 = .min
  /// When the patient's file that the hall has was read, by patient: a slower read of before must not replace it.
  var readings: [PersonID: UInt64] = [:]
  var lastReading: UInt64 = 0
  /// The day on which visitors were last judged.
  var dayOfVisitors: Rooms.CivilDate?
  private var quarterOfToday: Int64 = .min
  private var today = Rooms.CivilDate(year: 1970, month: 1, day: 1)

  public init(
    loop: EventLoop, accounts: AccountStore, store: any Store, documents: DocumentStore, bus: any Bus,
    settings: BrokerSettings,
    files: StaticFiles?,
    log: Logger,
    metrics: BrokerMetrics,
    clock: Clock
  ) {
    self.loop = loop
    self.settings = settings
    self.files = files
    self.people = People(accounts: accounts)
    self.documents = DocumentDesk(documents)
    self.store = store
    self.bus = bus
    self.log = log
    self.metrics = metrics
    self.clock = clock
    allowancesOfAccounts = AllowanceTable(settings.traffic.account)
    allowancesOfAddresses = AllowanceTable(settings.traffic.address)
    requestRates = RequestRates(settings.traffic.requestsOfAddress)
    var rules = Hall.Settings()
    rules.curatorRequired = settings.curatorRequired
    rules.holdMilliseconds = settings.holdMilliseconds
    rules.terms = settings.terms
    hall = Hall(settings: rules)
  }

  // MARK: Start and end

  /// Brings back what the record holds, and begins to write to it. To be called once, before the server listens.
  public func start() async throws {
    let moment = moment()
    let stored = try store.load(
      finalSince: moment.now.advanced(byMilliseconds: -hall.settings.overVisibleMilliseconds))
    bus.subscribe { [self] decisions in loop.execute { self.assumeIsolated { $0.apply(decisions) } } }
    journal = GroupCommit(
      store: store, deliver: bus.publish,
      report: { [log] error in log.critical("the record cannot be written", metadata: ["error": "\(error)"]) },
      observe: { [metrics] count, duration in metrics.noteCommit(of: count, taking: duration) })
    loop.observeTurns { [metrics] in metrics.noteTurn(nanoseconds: $0) }
    lastAudit = try await people.accounts.lastAuditID()
    lastUrgentAudit = lastAudit
    for each in stored {
      try await restore(each, at: moment)
      followRelaySecret(of: each.consultation.id)
    }
    try await noteEarlierErasures()
    await keepDocuments(isAtRest: true)
    log.notice("record read", metadata: ["consultations": "\(stored.count)"])
    tellWhatWasMissed()
    watchAccounts()
    watchRemains()
    watchDeadlines()
    watchMemory()
    sweep()
  }

  /// To be called before the first client comes.
  public func allow(origins: [String]) {
    allowedOrigins = Set(origins)
  }

  /// Says goodbye to everybody with a time to come back, different for each, and refuses newcomers.
  public func beginShutdown() {
    isDraining = true
    for client in clients.values {
      close(
        client, .serverRestarting(afterMilliseconds: Int64.random(in: 0...settings.restartJitterMilliseconds)))
    }
  }

  /// Returns when everybody has been taken leave of, or after that time.
  public func waitUntilClientsAreGone(atMost limit: Duration) async {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while !clients.isEmpty, ContinuousClock.now < deadline {
      await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
        _ = loop.schedule(after: .milliseconds(20)) { done.resume() }
      }
    }
  }

  /// Writes what still waits to the record. Returns when it is on disk.
  public nonisolated func flushRecord() async {
    let journal = await self.journal
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread {
        journal?.stop()
        done.resume()
      }
    }
  }

  // MARK: Time

  /// Now, and the day that it is in Europe/Paris.
  func moment() -> Moment {
    let (now, steady) = clock.read()
    if let step = clockWatch.look(wall: now, steady: steady) { clockWasSet(byMilliseconds: step, at: now) }
    // Midnight anywhere on earth falls on a quarter of an hour, so the calendar is asked only that often.
    let quarter = now / 900_000
    if quarter != quarterOfToday {
      quarterOfToday = quarter
      today = Moment(milliseconds: now).today
    }
    return Moment(now: Instant(milliseconds: now), today: today)
  }

  func note(_ profiles: [Profile]) {
    // A slow answer of the accounts may be of before.
    for profile in profiles where !hall.isErased(PersonID(profile.id)) { directory.note(profile) }
  }

  // MARK: The record

  func submit(_ proposal: Proposal, at now: Instant) {
    let submission = Submission(proposal, at: now)
    if let journal, !isClockStepWaiting {
      journal.submit(submission)
    } else {
      apply([Decision(submission, .refused(.unavailable))])
    }
  }

  private func apply(_ decisions: [Decision]) {
    let moment = moment()
    for decision in decisions {
      note(decision)
      if case .clockStepped = decision.submission.proposal.change { clockStepDecided(decision) }
      perform(hall.recorded(decision.submission.proposal, decision.outcome, at: moment))
      followDocuments(decision)
      followRelaySecret(of: decision.submission.proposal.consultation)
    }
  }
}

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
  private nonisolated let clock: Clock
  private var clockWatch = ClockWatch()
  /// Steps of the system's clock that are not on record yet.
  var clockStepsUnderWay = 0
  nonisolated let store: any Store
  private let bus: any Bus
  private var journal: GroupCommit?

  var hall: Hall
  var directory = Directory()
  var clients: [ConnectionID: Client] = [:]
  var isDraining = false
  /// What is announced now.
  var maintenance: Maintenance?
  private var pending: [Ticket: Pending] = [:]
  private var lastTicket: UInt64 = 0
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

  /// Who waits for what becomes of a request.
  private enum Pending {
    /// A client on a socket, and the body of the answer if it is accepted, where the effect does not say it.
    case client(ConnectionID, re: Int, body: [UInt8])
    /// A request over HTTP.
    case call(CheckedContinuation<Refusal?, Never>)
  }

  public init(
    loop: EventLoop, accounts: AccountStore, store: any Store, documents: DocumentStore, bus: any Bus,
    settings: BrokerSettings,
    files: StaticFiles?,
    log: Logger,
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
    self.clock = clock
    var rules = Hall.Settings()
    rules.curatorRequired = settings.curatorRequired
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
      report: { [log] error in log.critical("the record cannot be written", metadata: ["error": "\(error)"]) })
    lastAudit = try await people.accounts.lastAuditID()
    lastUrgentAudit = lastAudit
    for each in stored { try await restore(each, at: moment) }
    try await noteEarlierErasures()
    await keepDocuments()
    log.notice("record read", metadata: ["consultations": "\(stored.count)"])
    tellWhatWasMissed()
    watchAccounts()
    watchRemains()
    watchDeadlines()
    sweep()
  }

  private func restore(_ stored: StoredConsultation, at moment: Moment) async throws {
    let consultation = stored.consultation
    // An account that was closed meanwhile still has its consultations, which somebody must be able to end.
    guard let dossier = try await people.dossier(of: consultation.patient, evenIfClosed: true) else {
      return withdraw(consultation)
    }
    let parties = [
      consultation.patient, consultation.state.claim?.practitioner, consultation.assignedPhysician,
      consultation.state.rejection?.physician,
    ].compactMap { $0 }
    let profiles = try await people.accounts.profiles(parties.map { AccountID($0) })
    note(dossier.profiles + profiles.values)
    let details = await detailsOfDocuments(in: consultation)
    perform(
      hall.restore(consultation, file: dossier.file, reason: stored.reason, documents: details, at: moment))
    if stored.reason == nil { giveUp(consultation) }
    for party in parties {
      let profile = profiles[AccountID(party)]
      if profile == nil {
        perform(hall.bar(party, because: .erased))
      } else if profile?.isSuspended == true {
        perform(hall.bar(party, because: .closed))
      } else if profile?.practitioner != nil, profile?.isVerifiedPractitioner == false {
        perform(hall.bar(party, because: .notVerified))
      }
    }
  }

  /// Its health data was destroyed since the backup that this record comes from (CU-5.2), and a request that says nothing
  /// is for nobody.
  private func giveUp(_ consultation: Consultation) {
    switch consultation.state {
    case .requested, .refused, .claimed, .open:
      submit(
        Proposal(origin: .rule, change: .transition(consultation.id, .cancel(by: consultation.patient))),
        at: moment().now)
    case .inProgress, .suspended, .ended, .closed, .cancelled: break
    }
  }

  /// The patient was erased while the broker was down, or just before it was killed (CU-12.1).
  private func withdraw(_ consultation: Consultation) {
    let commands: [Consultation.Command] =
      switch consultation.state {
      case .requested, .refused, .claimed, .open: [.cancel(by: consultation.patient)]
      case .inProgress(let claim, _, _), .suspended(let claim, _, _):
        [.end(by: claim.practitioner, reason: .other), .close(by: nil, why: .account)]
      case .ended: [.close(by: nil, why: .account)]
      case .closed, .cancelled: []
      }
    for command in commands {
      submit(
        Proposal(origin: .account(.erased), change: .transition(consultation.id, command)), at: moment().now)
    }
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
    let now = clock.wall()
    if let step = clockWatch.look(wall: now, steady: clock.steady()) { clockWasSet(byMilliseconds: step, at: now) }
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

  // MARK: Clients

  func close(_ client: Client, _ reason: CloseReason) {
    client.socket.close(code: reason.code, reason: reason.text)
  }

  /// Takes leave of a connection that is gone.
  ///
  /// - Parameter isBroken: whether nobody closed it.
  func forget(_ client: Client, isBroken: Bool) {
    if case .strange(let timer) = client.stage { timer.cancel() }
    let wasGreeted = client.identity != nil
    client.stage = .gone
    clients[client.id] = nil
    dueToClose.remove(client.id)
    // Whoever is sent away because the server goes down has not left the room; the record must not say so.
    guard wasGreeted, !isDraining else { return }
    perform(isBroken ? hall.lose(client.id, at: moment()) : hall.disconnect(client.id))
  }

  // MARK: Requests under way

  /// - Parameter body: of the answer, if the request is simply accepted.
  func ticket(for client: Client, re: Int, body: [UInt8] = Array("{}".utf8)) -> Ticket {
    lastTicket += 1
    let ticket = Ticket(lastTicket)
    pending[ticket] = .client(client.id, re: re, body: body)
    return ticket
  }

  /// Has the hall decide over something that was asked over HTTP. Returns when it is on record.
  ///
  /// - Throws: why it was not done.
  func decide(_ decision: @escaping (isolated Broker, Ticket) -> [Effect]) async throws(Refusal) {
    lastTicket += 1
    let ticket = Ticket(lastTicket)
    let refusal: Refusal? = await withCheckedContinuation { continuation in
      pending[ticket] = .call(continuation)
      perform(decision(self, ticket))
    }
    if let refusal { throw refusal }
  }

  /// How many requests are not answered yet. Those of clients that are gone count until they are decided, which each of
  /// them is: by the record, or by the file that was read for it.
  var requestsUnderWay: Int { pending.count }

  /// The client who waits for the answer, if they are still there; who asked over HTTP has it now.
  private func accept(_ ticket: Ticket) -> (client: Client, re: Int, body: [UInt8])? {
    switch pending.removeValue(forKey: ticket) {
    case .client(let connection, let re, let body): return clients[connection].map { ($0, re, body) }
    case .call(let continuation):
      continuation.resume(returning: nil)
      return nil
    case nil: return nil
    }
  }

  /// Everything on record in which somebody has a part, read off the loop.
  nonisolated func consultationsOnRecord(of person: PersonID) async throws -> [StoredConsultation] {
    let store = self.store
    return try await Task.detached { try store.consultations(of: person) }.value
  }

  /// The consultation's copy of what is known of the patient's health, read off the loop.
  nonisolated func healthNotes(of id: ConsultationID) async throws -> HealthNotes? {
    let store = self.store
    return try await Task.detached { try store.healthNotes(of: id) }.value
  }

  /// What a patient changes while they wait or consult is what the practitioner sees (CU-1).
  nonisolated func replaceCopies(of patient: PersonID, _ file: HealthFile, at instant: Instant) async throws {
    let store = self.store
    try await Task.detached {
      try store.replaceHealthFile(
        of: patient, history: file.history, socialSecurityNumber: file.socialSecurityNumber, at: instant)
    }.value
  }

  func refuse(_ ticket: Ticket, _ fault: Fault) {
    switch pending.removeValue(forKey: ticket) {
    case .client(let connection, let re, _): if let client = clients[connection] { refuse(client, re: re, fault) }
    case .call(let continuation):
      if case .refused(let refusal) = fault {
        continuation.resume(returning: refusal)
      } else {
        continuation.resume(returning: .unavailable)
      }
    case nil: break
    }
  }

  func submit(_ proposal: Proposal, at now: Instant) {
    let submission = Submission(proposal, at: now)
    if let journal { journal.submit(submission) } else { apply([Decision(submission, .refused(.unavailable))]) }
  }

  // MARK: Effects

  private func apply(_ decisions: [Decision]) {
    let moment = moment()
    for decision in decisions {
      if case .clockStepped = decision.submission.proposal.change { clockStepDecided(decision) }
      perform(hall.recorded(decision.submission.proposal, decision.outcome, at: moment))
      followDocuments(decision)
    }
  }

  func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
    if !dueToClose.isEmpty { closeThoseDue() }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .record(let proposal): submit(proposal, at: moment().now)
    case .remind(let id, let milliseconds):
      _ = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
        self?.assumeIsolated { $0.perform($0.hall.reminded(id)) }
      }

    case .accept(let ticket):
      guard let (client, re, body) = accept(ticket) else { return }
      reply(to: client, re: re) { $0.raw(body) }
    case .acceptConsultation(let ticket, let id):
      guard let (client, re, _) = accept(ticket) else { return }
      guard let entry = hall.entries[id] else { return refuse(client, re: re, .refused(.unknownConsultation)) }
      reply(to: client, re: re) { writer in
        writer.object { writer in
          writer.key("consultation")
          write(entry, to: &writer)
        }
      }
    case .acceptSeat(let ticket, let connection, let id, let seat):
      guard let (client, re, _) = accept(ticket) else { return }
      reply(to: client, re: re) { writer in
        writer.object { writer in
          writer.member("seat", seat.rawValue)
          writer.member("ice_servers", array: settings.iceServers) { writer, server in write(server, to: &writer) }
          writer.key("room")
          writeRoom(id, for: connection, to: &writer)
        }
      }
    case .refuse(let ticket, let refusal): refuse(ticket, .refused(refusal))

    case .consultations(let connection, let ids):
      send("consultations", to: [connection]) { writer in
        writer.object { writer in
          writer.member("kind", "snapshot")
          writer.member("items", array: ids.compactMap { hall.entries[$0] }) { write($1, to: &$0) }
        }
      }
    case .consultationChanged(let id, let connections):
      guard let entry = hall.entries[id] else { return }
      send("consultations", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: [entry]) { write($1, to: &$0) }
          writer.member("remove", array: EmptyCollection<String>()) { $0.string($1) }
        }
      }
    case .consultationLost(let id, let connections):
      send("consultations", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: EmptyCollection<String>()) { $0.string($1) }
          writer.member("remove", array: [id]) { $0.string($1.description) }
        }
      }
    case .queue(let connection, let ids):
      send("queue", to: [connection]) { writer in
        writer.object { writer in
          writer.member("kind", "snapshot")
          writer.member("items", array: ids.compactMap { hall.entries[$0] }) { writeCard($1, to: &$0) }
        }
      }
    case .queueGained(let id, let connections):
      guard let entry = hall.entries[id] else { return }
      send("queue", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: [entry]) { writeCard($1, to: &$0) }
          writer.member("remove", array: EmptyCollection<String>()) { $0.string($1) }
        }
      }
    case .queueLost(let id, let departure, let connections):
      send("queue", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: EmptyCollection<String>()) { $0.string($1) }
          writer.member("remove", array: [id]) { writer, id in
            writer.object { writer in
              writer.member("id", id)
              writer.member("why", departure.rawValue)
            }
          }
        }
      }
    case .availability(let count, let connections):
      send("availability", to: connections) { writer in writer.object { $0.member("available", count) } }
    case .presence(let presence, let connections):
      send("presence", to: connections) { writer in writer.object { $0.member("presence", presence.rawValue) } }

    case .room(let id, let connections):
      for connection in connections {
        send("room", room: id, to: [connection]) { writeRoom(id, for: connection, to: &$0) }
      }
    case .roomClosed(let id, let closure, let connections):
      send("room.closed", room: id, to: connections) { write(closure, to: &$0) }
    case .tell(let notice, let id): tell(notice, about: id)
    }
  }
}

import Rooms

extension Consultation {
  // Kept out of line: inlined across modules it crashes the optimiser of Swift 6.3.1 ("Found ownership error").
  @inline(never)
  func isFinal(before limit: Instant) -> Bool {
    state.finalAt.map { $0 < limit } ?? false
  }

  /// The same in another state, or with other clocks.
  func with(assignment: Assignment? = nil, state: State? = nil, clocks: Clocks? = nil) -> Consultation {
    Consultation(
      id: id, patient: patient, requester: requester, assignment: assignment ?? self.assignment, payment: payment,
      requestedAt: requestedAt, state: state ?? self.state, clocks: clocks ?? self.clocks, documents: documents)
  }

  /// As it stands once the system's clock was set by so much: what still runs goes on for as long as before.
  func afterClockStep(byMilliseconds step: Int64) -> Consultation {
    guard !state.isFinal else { return self }
    let moved = { (deadline: Deadline) in
      deadline.overdueAt == nil ? Deadline(deadline.dueAt.advanced(byMilliseconds: step)) : deadline
    }
    return with(
      clocks: Clocks(
        claim: moved(clocks.claim), start: clocks.start.map(moved),
        close: clocks.close?.advanced(byMilliseconds: step)))
  }
}

/// The record as the domain wants it, in memory: proposals are decided one after another, and a key counts once.
struct ModelStore {
  let terms: Consultation.Terms
  let fault: Fault?
  /// On disk: what survives a crash.
  private(set) var consultations: [Kept] = []
  private var keys: [(by: PersonID, key: MutationKey, change: Proposal.Change)] = []

  struct Kept {
    var consultation: Consultation
    /// Health data, until it is closed or cancelled.
    var reason: String?
  }

  /// How many requests of one patient may be under way.
  private static let requestsPerPatient = 3

  init(terms: Consultation.Terms, fault: Fault?) {
    self.terms = terms
    self.fault = fault
  }

  func consultation(_ id: ConsultationID) -> Consultation? {
    consultations.first { $0.consultation.id == id }?.consultation
  }

  /// Those that are neither closed nor cancelled, or were not at that time.
  func kept(since limit: Instant) -> [Kept] {
    consultations.filter { !$0.consultation.isFinal(before: limit) }
  }

  mutating func decide(_ proposal: Proposal, at now: Instant) -> Outcome {
    if case .request(_, let by, let key) = proposal.origin {
      if let known = keys.first(where: { $0.by == by && $0.key == key }) {
        return repeated(known.change, proposal.change) ?? .refused(.keyReused)
      }
      let outcome = carryOut(proposal.change, at: now)
      if case .recorded = outcome { keys.append((by, key, proposal.change)) }
      return outcome
    }
    return carryOut(proposal.change, at: now)
  }

  private mutating func carryOut(_ change: Proposal.Change, at now: Instant) -> Outcome {
    switch change {
    case .create(let consultation, let notes):
      let underWay = consultations.count {
        $0.consultation.patient == consultation.patient && !$0.consultation.state.isOver
      }
      guard underWay < Self.requestsPerPatient else { return .refused(.tooManyRequests) }
      consultations.append(Kept(consultation: consultation, reason: notes.reason))
      return .recorded(consultation)
    case .transition(let id, let command):
      guard let index = consultations.firstIndex(where: { $0.consultation.id == id }) else {
        return .refused(.unknownConsultation)
      }
      do throws(Refusal) {
        try fault.apply(command, to: &consultations[index].consultation, at: now, under: terms)
      } catch {
        return .refused(error)
      }
      if consultations[index].consultation.state.isFinal { consultations[index].reason = nil }
      return .recorded(consultations[index].consultation)
    case .clockStepped(let step):
      for index in consultations.indices {
        consultations[index].consultation = consultations[index].consultation.afterClockStep(byMilliseconds: step)
      }
      return .noted
    case .incident(let id, _):
      switch consultation(id)?.state.name {
      case nil: return .refused(.unknownConsultation)
      case .closed: return .refused(.consultationClosed)
      case .cancelled: return .refused(.consultationCancelled)
      default: return .noted
      }
    }
  }

  /// The answer to what was sent again under the same key, if it is the same.
  private func repeated(_ known: Proposal.Change, _ again: Proposal.Change) -> Outcome? {
    switch (known, again) {
    // A request sent again carries another fresh id, but is for the same patient.
    case (.create(let first, _), .create(let second, _)):
      first.patient == second.patient ? .repeated(first.id) : nil
    case (.transition(let id, _), .transition): known == again ? .repeated(id) : nil
    default: nil
    }
  }
}

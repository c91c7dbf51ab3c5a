import Rooms

extension Consultation {
  // Kept out of line: inlined across modules it crashes the optimiser of Swift 6.3.1 ("Found ownership error").
  @inline(never)
  func isOver(before limit: Instant) -> Bool {
    state.overAt.map { $0 < limit } ?? false
  }
}

/// The record as the domain wants it, in memory: proposals are decided one after another, and a key counts once.
struct ModelStore {
  /// On disk: what survives a crash.
  private(set) var consultations: [Kept] = []
  private var keys: [(by: PersonID, key: MutationKey, change: Proposal.Change)] = []

  struct Kept {
    var consultation: Consultation
    /// The patient whom the shell looks up by id; the reason, until it is purged.
    var reason: String?
  }

  /// How many requests of one patient may be under way.
  private static let requestsPerPatient = 3

  func consultation(_ id: ConsultationID) -> Consultation? {
    consultations.first { $0.consultation.id == id }?.consultation
  }

  /// Those that are not over, or were not at that time.
  func kept(since limit: Instant) -> [Kept] {
    consultations.filter { !$0.consultation.isOver(before: limit) }
  }

  mutating func decide(_ proposal: Proposal, at now: Instant) -> Outcome {
    if case .request(_, let by, let key) = proposal.origin {
      if let known = keys.first(where: { $0.by == by && $0.key == key }) {
        return Self.areTheSame(known.change, proposal.change)
          ? .repeated(Proposal(origin: .rule, change: known.change).consultation) : .refused(.keyReused)
      }
      let outcome = carryOut(proposal.change, at: now)
      if case .recorded = outcome { keys.append((by, key, proposal.change)) }
      return outcome
    }
    return carryOut(proposal.change, at: now)
  }

  private mutating func carryOut(_ change: Proposal.Change, at now: Instant) -> Outcome {
    switch change {
    case .create(let consultation, let reason):
      let underWay = consultations.count {
        $0.consultation.patient == consultation.patient && !$0.consultation.state.isOver
      }
      guard underWay < Self.requestsPerPatient else { return .refused(.tooManyRequests) }
      consultations.append(Kept(consultation: consultation, reason: reason))
      return .recorded(consultation)
    case .transition(let id, let command):
      guard let index = consultations.firstIndex(where: { $0.consultation.id == id }) else {
        return .refused(.unknownConsultation)
      }
      do throws(Refusal) {
        try consultations[index].consultation.apply(command, at: now)
      } catch {
        return .refused(error)
      }
      if consultations[index].consultation.state.isOver { consultations[index].reason = nil }
      return .recorded(consultations[index].consultation)
    }
  }

  /// A request sent again carries another fresh id, but is for the same patient.
  private static func areTheSame(_ left: Proposal.Change, _ right: Proposal.Change) -> Bool {
    if case .create(let first, _) = left, case .create(let second, _) = right {
      return first.patient == second.patient
    }
    return left == right
  }
}

/// One teleconsultation as it stands on record: who, when, and how far it has come.
///
/// The value moves only through `apply(_:at:under:)`, which is run by the store inside the transaction that makes the
/// transition durable: a race between two commands has the outcome that the store gives it, never that of a cache.
public struct Consultation: Equatable, Sendable {
  public let id: ConsultationID
  public let patient: PersonID
  /// Who asked: the patient, or who represents them.
  public let requester: PersonID
  public internal(set) var assignment: Assignment
  public let payment: PaymentMode
  public let requestedAt: Instant
  public internal(set) var state: State
  public internal(set) var clocks: Clocks
  /// What the practitioner handed over, in that order; none once it is closed.
  public internal(set) var documents: [Document]

  /// A new request, not claimed by anybody.
  public init(
    id: ConsultationID, patient: PersonID, requester: PersonID, assignment: Assignment, payment: PaymentMode,
    requestedAt: Instant, under terms: Terms = Terms()
  ) {
    self.init(
      id: id, patient: patient, requester: requester, assignment: assignment, payment: payment,
      requestedAt: requestedAt, state: .requested,
      clocks: Clocks(claim: Deadline(requestedAt.advanced(byMilliseconds: terms.claimMilliseconds))), documents: [])
  }

  /// One that is on record.
  public init(
    id: ConsultationID, patient: PersonID, requester: PersonID, assignment: Assignment, payment: PaymentMode,
    requestedAt: Instant, state: State, clocks: Clocks, documents: [Document]
  ) {
    self.id = id
    self.patient = patient
    self.requester = requester
    self.assignment = assignment
    self.payment = payment
    self.requestedAt = requestedAt
    self.state = state
    self.clocks = clocks
    self.documents = documents
  }

  /// To whom a request goes (CU-6.1).
  public enum Assignment: Hashable, Sendable {
    /// The physician whom the patient named.
    case attending(PersonID)
    case unassigned
  }

  /// How the patient will pay; recorded, not processed (CU-8).
  public enum PaymentMode: String, Hashable, Sendable, CaseIterable {
    case tiersPayantIntegral = "tiers_payant_integral"
    case tiersPayantAMO = "tiers_payant_amo"
    case carteBancaire = "carte_bancaire"
  }

  /// Why the practitioner ended it (CU-6.4).
  public enum EndReason: String, Hashable, Sendable, CaseIterable {
    case completed
    case conditionsNotMet = "conditions_not_met"
    case technical
    case emergency
    case other
  }

  /// Why the assigned physician does not take a request (CU-6.5). No free text.
  public enum Grounds: String, Hashable, Sendable, CaseIterable {
    case professional, personal
    /// They may not practise on the platform any more: the broker refuses in their place.
    case unavailable
  }

  /// What closed it for good.
  public enum ClosingReason: String, Hashable, Sendable, CaseIterable {
    /// The patient's side has fetched everything and says so.
    case confirmed
    /// The practitioner closed it, and nothing was left to fetch.
    case practitioner
    /// The retention time ran out.
    case retention
    /// The patient's account was erased (CU-12.1).
    case account
  }

  /// That the assigned physician does not take it (CU-6.5).
  public struct Rejection: Hashable, Sendable {
    public let physician: PersonID
    public let grounds: Grounds
    public let at: Instant

    public init(physician: PersonID, grounds: Grounds, at: Instant) {
      self.physician = physician
      self.grounds = grounds
      self.at = at
    }
  }

  public struct Closing: Hashable, Sendable {
    public let at: Instant
    public let why: ClosingReason

    public init(at: Instant, why: ClosingReason) {
      self.at = at
      self.why = why
    }
  }

  public struct Claim: Hashable, Sendable {
    public let practitioner: PersonID
    public let at: Instant

    public init(practitioner: PersonID, at: Instant) {
      self.practitioner = practitioner
      self.at = at
    }
  }

  public struct Opening: Hashable, Sendable {
    public let at: Instant
    /// The patient's status on that day, which decides who must be there (CU-6.3).
    public let status: PatientStatus

    public init(at: Instant, status: PatientStatus) {
      self.at = at
      self.status = status
    }
  }

  public struct Start: Hashable, Sendable {
    public let at: Instant
    /// The persons whom the practitioner attested to see (CU-6.3b).
    public let attested: [PersonID]

    public init(at: Instant, attested: [PersonID]) {
      self.at = at
      self.attested = attested
    }
  }

  public struct Ending: Hashable, Sendable {
    public let at: Instant
    public let reason: EndReason

    public init(at: Instant, reason: EndReason) {
      self.at = at
      self.reason = reason
    }
  }

  /// How far it has come, with what is known from then on.
  public enum State: Hashable, Sendable {
    case requested
    case refused(Rejection)
    case claimed(Claim)
    case open(Claim, Opening)
    case inProgress(Claim, Opening, Start)
    case suspended(Claim, Opening, Start)
    case ended(Claim, Opening?, Start?, Ending)
    case closed(Claim, Opening?, Start?, Ending, Closing)
    case cancelled(Claim?, Opening?, at: Instant)
  }

  /// A state without what it carries: the name on the wire and on disk.
  public enum StateName: String, Hashable, Sendable, CaseIterable {
    case requested, refused, claimed, open
    case inProgress = "in_progress"
    case suspended, ended, closed, cancelled
  }
}

extension Consultation {
  /// Which clock has run out, of those that the present state waits for (CU-6.2); nil if none.
  public var overdue: (clock: Clock, since: Instant)? {
    switch state {
    case .requested: clocks.claim.overdueAt.map { (.claim, $0) }
    case .claimed, .open: (clocks.start?.overdueAt).map { (.start, $0) }
    default: nil
    }
  }

  public var assignedPhysician: PersonID? {
    if case .attending(let physician) = assignment { physician } else { nil }
  }

  /// How many documents the patient's side has not fetched yet.
  public var unfetchedDocuments: Int { documents.count { $0.fetchedAt == nil } }
}

extension Consultation.State {
  public var name: Consultation.StateName {
    switch self {
    case .requested: .requested
    case .refused: .refused
    case .claimed: .claimed
    case .open: .open
    case .inProgress: .inProgress
    case .suspended: .suspended
    case .ended: .ended
    case .closed: .closed
    case .cancelled: .cancelled
    }
  }

  public var rejection: Consultation.Rejection? {
    if case .refused(let rejection) = self { rejection } else { nil }
  }

  public var claim: Consultation.Claim? {
    switch self {
    case .requested, .refused: nil
    case .claimed(let claim), .open(let claim, _), .inProgress(let claim, _, _), .suspended(let claim, _, _),
      .ended(let claim, _, _, _), .closed(let claim, _, _, _, _):
      claim
    case .cancelled(let claim, _, _): claim
    }
  }

  public var opening: Consultation.Opening? {
    switch self {
    case .requested, .refused, .claimed: nil
    case .open(_, let opening), .inProgress(_, let opening, _), .suspended(_, let opening, _): opening
    case .ended(_, let opening, _, _), .closed(_, let opening, _, _, _), .cancelled(_, let opening, _): opening
    }
  }

  public var start: Consultation.Start? {
    switch self {
    case .requested, .refused, .claimed, .open, .cancelled: nil
    case .inProgress(_, _, let start), .suspended(_, _, let start): start
    case .ended(_, _, let start, _), .closed(_, _, let start, _, _): start
    }
  }

  public var ending: Consultation.Ending? {
    switch self {
    case .ended(_, _, _, let ending), .closed(_, _, _, let ending, _): ending
    default: nil
    }
  }

  public var closing: Consultation.Closing? {
    if case .closed(_, _, _, _, let closing) = self { closing } else { nil }
  }

  /// When it was over for signalling, ended or cancelled; nil while it is not.
  public var overAt: Instant? {
    switch self {
    case .ended(_, _, _, let ending), .closed(_, _, _, let ending, _): ending.at
    case .cancelled(_, _, let at): at
    default: nil
    }
  }

  public var isOver: Bool { overAt != nil }

  /// When nothing of it could change any more, and its health data went: closed or cancelled (CU-5.2).
  public var finalAt: Instant? {
    switch self {
    case .closed(_, _, _, _, let closing): closing.at
    case .cancelled(_, _, let at): at
    default: nil
    }
  }

  public var isFinal: Bool { finalAt != nil }
}

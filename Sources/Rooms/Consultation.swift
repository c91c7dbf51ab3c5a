/// One teleconsultation as it stands on record: who, when, and how far it has come.
///
/// The value moves only through `apply(_:at:)`, which is run by the store inside the transaction that makes the transition
/// durable: a race between two commands has the outcome that the store gives it, never that of a cache.
public struct Consultation: Equatable, Sendable {
  public let id: ConsultationID
  public let patient: PersonID
  /// Who asked: the patient, or who represents them.
  public let requester: PersonID
  public let assignment: Assignment
  public let payment: PaymentMode
  public let requestedAt: Instant
  public internal(set) var state: State

  /// A new request, not claimed by anybody.
  public init(
    id: ConsultationID, patient: PersonID, requester: PersonID, assignment: Assignment, payment: PaymentMode,
    requestedAt: Instant, state: State = .requested
  ) {
    self.id = id
    self.patient = patient
    self.requester = requester
    self.assignment = assignment
    self.payment = payment
    self.requestedAt = requestedAt
    self.state = state
  }

  /// To whom a request goes (CU-6.1).
  public enum Assignment: Hashable, Sendable {
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
    case claimed(Claim)
    case open(Claim, Opening)
    case inProgress(Claim, Opening, Start)
    case suspended(Claim, Opening, Start)
    case ended(Claim, Opening?, Start?, Ending)
    case cancelled(Claim?, Opening?, at: Instant)
  }

  /// A state without what it carries: the name on the wire and on disk.
  public enum StateName: String, Hashable, Sendable, CaseIterable {
    case requested, claimed, open
    case inProgress = "in_progress"
    case suspended, ended, cancelled
  }
}

extension Consultation.State {
  public var name: Consultation.StateName {
    switch self {
    case .requested: .requested
    case .claimed: .claimed
    case .open: .open
    case .inProgress: .inProgress
    case .suspended: .suspended
    case .ended: .ended
    case .cancelled: .cancelled
    }
  }

  public var claim: Consultation.Claim? {
    switch self {
    case .requested: nil
    case .claimed(let claim), .open(let claim, _), .inProgress(let claim, _, _), .suspended(let claim, _, _),
      .ended(let claim, _, _, _):
      claim
    case .cancelled(let claim, _, _): claim
    }
  }

  public var opening: Consultation.Opening? {
    switch self {
    case .requested, .claimed: nil
    case .open(_, let opening), .inProgress(_, let opening, _), .suspended(_, let opening, _): opening
    case .ended(_, let opening, _, _), .cancelled(_, let opening, _): opening
    }
  }

  public var start: Consultation.Start? {
    switch self {
    case .requested, .claimed, .open, .cancelled: nil
    case .inProgress(_, _, let start), .suspended(_, _, let start): start
    case .ended(_, _, let start, _): start
    }
  }

  public var ending: Consultation.Ending? {
    if case .ended(_, _, _, let ending) = self { ending } else { nil }
  }

  /// When it was over, ended or cancelled; nil while it is not.
  public var overAt: Instant? {
    switch self {
    case .ended(_, _, _, let ending): ending.at
    case .cancelled(_, _, let at): at
    default: nil
    }
  }

  public var isOver: Bool { overAt != nil }
}

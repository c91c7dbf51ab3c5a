import Foundation
import GRDB
import Rooms

/// A consultation as a row: the only place that knows how a state is spread over columns.
struct ConsultationRow: Codable, Equatable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "consultation"

  var id: String
  var patient: String
  var requester: String
  var assigned: String?
  var payment: String
  var state: String
  var requestedAt: Int64
  var practitioner: String?
  var claimedAt: Int64?
  var openedAt: Int64?
  var status: String?
  var startedAt: Int64?
  var attested: String?
  var overAt: Int64?
  var endReason: String?
  var claimDueAt: Int64
  var claimOverdueAt: Int64?
  var startDueAt: Int64?
  var startOverdueAt: Int64?
  var closeDueAt: Int64?
  var closedAt: Int64?
  var closedWhy: String?
  var refusedBy: String?
  var refusedGrounds: String?
  var refusedAt: Int64?

  private enum CodingKeys: String, CodingKey {
    case id, patient, requester, assigned, payment, state, practitioner, status, attested
    case claimDueAt = "claim_due_at"
    case claimOverdueAt = "claim_overdue_at"
    case startDueAt = "start_due_at"
    case startOverdueAt = "start_overdue_at"
    case closeDueAt = "close_due_at"
    case closedAt = "closed_at"
    case closedWhy = "closed_why"
    case refusedBy = "refused_by"
    case refusedGrounds = "refused_grounds"
    case refusedAt = "refused_at"
    case requestedAt = "requested_at"
    case claimedAt = "claimed_at"
    case openedAt = "opened_at"
    case startedAt = "started_at"
    case overAt = "over_at"
    case endReason = "end_reason"
  }

  init(_ consultation: Consultation) {
    let state = consultation.state
    id = consultation.id.description
    patient = consultation.patient.description
    requester = consultation.requester.description
    assigned = if case .attending(let physician) = consultation.assignment { physician.description } else { nil }
    payment = consultation.payment.rawValue
    self.state = state.name.rawValue
    requestedAt = consultation.requestedAt.milliseconds
    practitioner = state.claim?.practitioner.description
    claimedAt = state.claim?.at.milliseconds
    openedAt = state.opening?.at.milliseconds
    status = state.opening?.status.rawValue
    startedAt = state.start?.at.milliseconds
    attested = state.start.map { JSONText.array($0.attested) }
    overAt = state.overAt?.milliseconds
    endReason = state.ending?.reason.rawValue
    claimDueAt = consultation.clocks.claim.dueAt.milliseconds
    claimOverdueAt = consultation.clocks.claim.overdueAt?.milliseconds
    startDueAt = consultation.clocks.start?.dueAt.milliseconds
    startOverdueAt = consultation.clocks.start?.overdueAt?.milliseconds
    closeDueAt = consultation.clocks.close?.milliseconds
    closedAt = state.closing?.at.milliseconds
    closedWhy = state.closing?.why.rawValue
    refusedBy = state.rejection?.physician.description
    refusedGrounds = state.rejection?.grounds.rawValue
    refusedAt = state.rejection?.at.milliseconds
  }

  /// - Throws: `RecordDamaged` if the row is not one that this program could have written.
  func consultation(documents: [Document]) throws -> Consultation {
    guard let id = ConsultationID(id), let patient = PersonID(patient), let requester = PersonID(requester),
      let payment = Consultation.PaymentMode(rawValue: payment), let state = readState(),
      assigned == nil || PersonID(assigned ?? "") != nil
    else { throw RecordDamaged(consultation: self.id) }
    return Consultation(
      id: id, patient: patient, requester: requester,
      assignment: assigned.flatMap { PersonID($0) }.map { .attending($0) } ?? .unassigned,
      payment: payment, requestedAt: Instant(milliseconds: requestedAt), state: state, clocks: clocks,
      documents: documents)
  }

  private var clocks: Consultation.Clocks {
    let instant = { (milliseconds: Int64?) in milliseconds.map { Instant(milliseconds: $0) } }
    return Consultation.Clocks(
      claim: Deadline(Instant(milliseconds: claimDueAt), overdueAt: instant(claimOverdueAt)),
      start: instant(startDueAt).map { Deadline($0, overdueAt: instant(startOverdueAt)) }, close: instant(closeDueAt))
  }

  private func readState() -> Consultation.State? {
    guard let name = Consultation.StateName(rawValue: state) else { return nil }
    let claim = practitioner.flatMap { PersonID($0) }.flatMap { practitioner in
      claimedAt.map { Consultation.Claim(practitioner: practitioner, at: Instant(milliseconds: $0)) }
    }
    let opening = status.flatMap(PatientStatus.init(rawValue:)).flatMap { status in
      openedAt.map { Consultation.Opening(at: Instant(milliseconds: $0), status: status) }
    }
    let start = attested.flatMap(JSONText.persons(in:)).flatMap { attested in
      startedAt.map { Consultation.Start(at: Instant(milliseconds: $0), attested: attested) }
    }
    let ending = overAt.flatMap { at in
      endReason.flatMap(Consultation.EndReason.init(rawValue:)).map {
        Consultation.Ending(at: Instant(milliseconds: at), reason: $0)
      }
    }
    switch (name, claim, opening, start) {
    case (.requested, _, _, _): return .requested
    case (.refused, _, _, _):
      guard let physician = refusedBy.flatMap({ PersonID($0) }), let refusedAt,
        let grounds = refusedGrounds.flatMap(Consultation.Grounds.init(rawValue:))
      else { return nil }
      return .refused(
        Consultation.Rejection(physician: physician, grounds: grounds, at: Instant(milliseconds: refusedAt)))
    case (.claimed, let claim?, _, _): return .claimed(claim)
    case (.open, let claim?, let opening?, _): return .open(claim, opening)
    case (.inProgress, let claim?, let opening?, let start?): return .inProgress(claim, opening, start)
    case (.suspended, let claim?, let opening?, let start?): return .suspended(claim, opening, start)
    case (.ended, let claim?, let opening, let start):
      return ending.map { .ended(claim, opening, start, $0) }
    case (.closed, let claim?, let opening, let start):
      guard let ending, let closedAt, let why = closedWhy.flatMap(Consultation.ClosingReason.init(rawValue:)) else {
        return nil
      }
      return .closed(
        claim, opening, start, ending, Consultation.Closing(at: Instant(milliseconds: closedAt), why: why))
    case (.cancelled, let claim, let opening, _):
      return overAt.map { .cancelled(claim, opening, at: Instant(milliseconds: $0)) }
    default: return nil
    }
  }
}

/// A row that this program cannot have written.
public struct RecordDamaged: Error, CustomStringConvertible {
  public let consultation: String

  public var description: String {
    "The record of consultation \(consultation) cannot be read. Restore the data folder from a backup, or ask for help."
  }
}

public import Foundation
public import Rooms

/// The truth about consultations. What it says has happened has happened, also after a crash; what it has not said has not.
///
/// One of the two seams behind which several processes will meet: a claim is decided here and nowhere else.
public protocol Store: Sendable {
  /// Decides the submissions in their order and makes all of it durable before it returns.
  ///
  /// - Returns: one outcome for each submission.
  /// - Throws: if nothing of it could be made durable; then nothing of it has happened.
  func decide(_ submissions: [Submission]) throws -> [Outcome]

  /// Returns if something can be made durable now; changes nothing that anybody sees.
  ///
  /// - Throws: what is in the way.
  func checkIsWritable() throws

  /// Takes what was deleted out of the places where it could still be read. Called after decisions by which a consultation
  /// is closed or cancelled, when they have been delivered.
  ///
  /// - Returns: false if it has to be tried again.
  func scrub() -> Bool

  /// The consultations that are neither closed nor cancelled, and those that are only since `finalSince`, oldest first.
  func load(finalSince: Instant) throws -> [StoredConsultation]

  /// All in which somebody is patient, practitioner or requester, oldest first (CU-11).
  func consultations(of person: PersonID) throws -> [StoredConsultation]

  /// What is known of the patient's health for a consultation; nil once it is closed or cancelled (CU-5.2), or if it cannot
  /// be opened.
  func healthNotes(of id: ConsultationID) throws -> HealthNotes?

  /// Replaces the copies of a patient's health file in those of their consultations that are not over. From any thread.
  func replaceHealthFile(
    of patient: PersonID, history: String?, socialSecurityNumber: String?, at instant: Instant) throws

  /// Those that are over, of these patients or of that practitioner: the last that was asked for first.
  ///
  /// - Parameters:
  ///   - before: only those that come after that place in this order; nil for all.
  ///   - limit: how many at most.
  func pastConsultations(
    of patients: Set<PersonID>, practitioner: PersonID, before: PastPlace?, limit: Int
  ) throws -> [Consultation]

  // MARK: The record as evidence (CU-13)

  /// The public half of the key that signs the record: 32 bytes; nil for a store that signs nothing.
  var publicKey: Data? { get }

  /// A consultation's entries, oldest first; none if there is no such consultation.
  func entries(of consultation: ConsultationID) throws -> [RecordEntry]

  /// All that proves what happened in a consultation; nil if there is no such consultation.
  func bundle(of consultation: ConsultationID) throws -> RecordBundle?

  /// Notes that accounts were erased (CU-12.1); each is noted once.
  func noteErasures(_ erasures: [(account: PersonID, at: Instant)]) throws
}

extension Store {
  public func checkIsWritable() throws {}
  public func scrub() -> Bool { true }
  public func pastConsultations(
    of patients: Set<PersonID>, practitioner: PersonID, before: PastPlace?, limit: Int
  ) throws -> [Consultation] { [] }
  public var publicKey: Data? { nil }
  public func entries(of consultation: ConsultationID) throws -> [RecordEntry] { [] }
  public func bundle(of consultation: ConsultationID) throws -> RecordBundle? { nil }
  public func noteErasures(_ erasures: [(account: PersonID, at: Instant)]) throws {}
}

/// A proposal, and when it was made.
public struct Submission: Equatable, Sendable {
  public let proposal: Proposal
  public let at: Instant

  public init(_ proposal: Proposal, at: Instant) {
    self.proposal = proposal
    self.at = at
  }
}

/// A place in the list of past consultations: when one was asked for, and which of those of the same moment it is.
public struct PastPlace: Equatable, Sendable {
  public let requestedAt: Instant
  /// Nil for the first one of that moment: none of it comes after that place.
  public let id: ConsultationID?

  public init(requestedAt: Instant, id: ConsultationID?) {
    self.requestedAt = requestedAt
    self.id = id
  }
}

/// A consultation as it is kept.
public struct StoredConsultation: Equatable, Sendable {
  public let consultation: Consultation
  /// Health data; nil once the consultation is closed or cancelled (CU-5.2), or if it cannot be opened.
  public let reason: String?
  /// Whether there is sealed health data that cannot be opened: it, or its key, was damaged, or the key is wrapped under a
  /// master key that is not at hand.
  public let isUnreadable: Bool

  public init(_ consultation: Consultation, reason: String?, isUnreadable: Bool = false) {
    self.consultation = consultation
    self.reason = reason
    self.isUnreadable = isUnreadable
  }
}

/// Why something was not done: a value with a stable code that goes over the wire (docs/protocol.md, section 8).
public enum Refusal: Error, Hashable, Sendable {
  case forbidden
  case notVerified
  case unknownConsultation
  case unknownPatient
  case noAttendingPhysician
  case tooManyRequests
  case alreadyClaimed(by: PersonID)
  case wrongState(Consultation.StateName)
  case consultationEnded
  case consultationCancelled
  case consultationClosed
  /// The clock that would allow it has not run out (CU-6.2).
  case notOverdue
  /// Nobody of that id could take the request.
  case unknownPhysician
  /// So many documents are still to be fetched.
  case documentsUnfetched(Int)
  case tooManyDocuments
  case tooManyIncidents
  /// It went back and forth as often as may stand in the record.
  case tooManyChanges
  case unknownDocument
  case alreadyFetched
  case notAdmitted
  case seatTaken(bySelf: Bool)
  case notSeated
  case peerAbsent
  case personsRule(missing: [PersonsRule.Missing])
  case staleNegotiation
  case attestationMismatch
  case keyReused
  case unavailable

  /// Stable for ever: clients decide by it.
  public var code: String {
    switch self {
    case .forbidden: "forbidden"
    case .notVerified: "not_verified"
    case .unknownConsultation: "unknown_consultation"
    case .unknownPatient: "unknown_patient"
    case .noAttendingPhysician: "no_attending_physician"
    case .tooManyRequests: "too_many_requests"
    case .alreadyClaimed: "already_claimed"
    case .wrongState: "wrong_state"
    case .consultationEnded: "consultation_ended"
    case .consultationCancelled: "consultation_cancelled"
    case .consultationClosed: "consultation_closed"
    case .notOverdue: "not_overdue"
    case .unknownPhysician: "unknown_physician"
    case .documentsUnfetched: "documents_unfetched"
    case .tooManyDocuments: "too_many_documents"
    case .tooManyIncidents: "too_many_incidents"
    case .tooManyChanges: "too_many_changes"
    case .unknownDocument: "unknown_document"
    case .alreadyFetched: "already_fetched"
    case .notAdmitted: "not_admitted"
    case .seatTaken: "seat_taken"
    case .notSeated: "not_seated"
    case .peerAbsent: "peer_absent"
    case .personsRule: "persons_rule"
    case .staleNegotiation: "stale_negotiation"
    case .attestationMismatch: "attestation_mismatch"
    case .keyReused: "key_reused"
    case .unavailable: "unavailable"
    }
  }
}

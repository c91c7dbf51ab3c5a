import Accounts
import Foundation
import MQMSessions
import Rooms

/// A consultation as it stands in an export (docs/export.schema.json).
struct ExportedConsultation: Encodable {
  private let stored: StoredConsultation
  private let person: PersonID

  init(_ stored: StoredConsultation, _ person: AccountID) {
    self.stored = stored
    self.person = PersonID(person)
  }

  private enum Key: String, CodingKey {
    case id, patient, practitioner, role, state, payment, reason, documents
    case requestedAt = "requested_at"
    case claimedAt = "claimed_at"
    case startedAt = "started_at"
    case endedAt = "ended_at"
    case endReason = "end_reason"
    case closedAt = "closed_at"
  }

  func encode(to encoder: any Encoder) throws {
    let consultation = stored.consultation
    let state = consultation.state
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(consultation.id.description, forKey: .id)
    try container.encode(consultation.patient.description, forKey: .patient)
    // Who asked for somebody may not represent them any more: what became of it is the patient's.
    let isParty = role != "requester"
    try container.encode(isParty ? state.claim?.practitioner.description : nil, forKey: .practitioner)
    try container.encode(role, forKey: .role)
    try container.encode(state.name.rawValue, forKey: .state)
    try container.encode(consultation.payment.rawValue, forKey: .payment)
    // Health data of the patient: not for the export of the practitioner.
    try container.encode(role == "patient" ? stored.reason : nil, forKey: .reason)
    try container.encode(consultation.requestedAt.text, forKey: .requestedAt)
    try container.encode(state.claim?.at.text, forKey: .claimedAt)
    try container.encode(state.start?.at.text, forKey: .startedAt)
    try container.encode(state.overAt?.text, forKey: .endedAt)
    try container.encode(state.ending?.reason.rawValue, forKey: .endReason)
    try container.encode(state.closing?.at.text, forKey: .closedAt)
    try container.encode(isParty ? consultation.documents.map(ExportedDocument.init) : [], forKey: .documents)
  }

  /// What was handed over, until it is closed: the content is fetched on its own.
  private struct ExportedDocument: Encodable {
    let id: String
    let kind: String
    let type: String
    let size: Int
    let handedOverAt: String
    let fetchedAt: String?

    private enum CodingKeys: String, CodingKey {
      case id, kind, type, size
      case handedOverAt = "handed_over_at"
      case fetchedAt = "fetched_at"
    }

    init(_ document: Document) {
      id = document.id.description
      kind = document.kind.rawValue
      type = document.type.rawValue
      size = document.size
      handedOverAt = document.handedOverAt.text
      fetchedAt = document.fetchedAt?.text
    }
  }

  private var role: String {
    let consultation = stored.consultation
    if consultation.patient == person { return "patient" }
    return consultation.state.claim?.practitioner == person ? "practitioner" : "requester"
  }
}

extension Instant {
  /// RFC 3339, in UTC.
  fileprivate var text: String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
  }
}

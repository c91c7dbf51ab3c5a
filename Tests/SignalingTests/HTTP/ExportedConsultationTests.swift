import Accounts
import Foundation
import MQMSessions
import Rooms
import Testing

@testable import Signaling

@Suite("CU-11: a consultation in the export of each who had a part in it")
struct ExportedConsultationTests {
  private static let patient = PersonID(high: 1, low: 1)
  private static let mother = PersonID(high: 1, low: 2)
  private static let physician = PersonID(high: 1, low: 3)

  private func exported(for person: PersonID) throws -> JSONValue {
    let at = Rooms.Instant(milliseconds: 1_795_399_200_000)
    let document = Document(
      id: DocumentID(high: 5, low: 1), kind: .prescription, type: .pdf, size: 400,
      commitment: String(repeating: "ab", count: 32), handedOverAt: at)
    let claim = Consultation.Claim(practitioner: Self.physician, at: at)
    let consultation = Consultation(
      id: ConsultationID(high: 2, low: 1), patient: Self.patient, requester: Self.mother, assignment: .unassigned,
      payment: .carteBancaire, requestedAt: at, state: .ended(claim, nil, nil, .init(at: at, reason: .completed)),
      clocks: .init(claim: Deadline(at)), documents: [document])
    let stored = StoredConsultation(consultation, reason: "Fièvre")
    let data = try JSONEncoder().encode(ExportedConsultation(stored, AccountID(person)))
    return try JSONValue(parsing: String(decoding: data, as: UTF8.self))
  }

  @Test("who once asked for a patient, and may represent them no longer, gets neither documents nor practitioner")
  func formerGuardian() throws {
    let export = try exported(for: Self.mother)
    #expect(export["role"] == "requester")
    #expect(export["documents"] == [])
    #expect(export["practitioner"] == .null)
    #expect(export["reason"] == .null)
  }

  @Test("patient and practitioner get the documents' data, the patient alone the reason")
  func parties() throws {
    let (patient, practitioner) = (try exported(for: Self.patient), try exported(for: Self.physician))
    for export in [patient, practitioner] {
      #expect(export["documents"]?[0]?["size"] == 400)
      #expect(export["practitioner"] == .string(Self.physician.description))
    }
    #expect((patient["role"], patient["reason"]) == ("patient", "Fièvre"))
    #expect((practitioner["role"], practitioner["reason"]) == ("practitioner", .null))
  }
}

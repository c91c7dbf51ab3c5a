import Rooms
import Testing

struct RefusalTests {
  @Test(
    "Clients decide by codes, so they never change (protocol, section 8)",
    arguments: [
      (Refusal.forbidden, "forbidden"), (.notVerified, "not_verified"),
      (.unknownConsultation, "unknown_consultation"), (.unknownPatient, "unknown_patient"),
      (.noAttendingPhysician, "no_attending_physician"), (.tooManyRequests, "too_many_requests"),
      (.alreadyClaimed(by: Cast.physician), "already_claimed"), (.wrongState(.open), "wrong_state"),
      (.consultationEnded, "consultation_ended"), (.consultationCancelled, "consultation_cancelled"),
      (.consultationClosed, "consultation_closed"), (.notOverdue, "not_overdue"),
      (.unknownPhysician, "unknown_physician"), (.documentsUnfetched(2), "documents_unfetched"),
      (.tooManyDocuments, "too_many_documents"), (.unknownDocument, "unknown_document"),
      (.alreadyFetched, "already_fetched"), (.tooManyIncidents, "too_many_incidents"),
      (.tooManyChanges, "too_many_changes"),
      (.notAdmitted, "not_admitted"), (.seatTaken(bySelf: true), "seat_taken"), (.notSeated, "not_seated"),
      (.peerAbsent, "peer_absent"), (.personsRule(missing: [.guardian]), "persons_rule"),
      (.staleNegotiation, "stale_negotiation"), (.attestationMismatch, "attestation_mismatch"),
      (.keyReused, "key_reused"), (.unavailable, "unavailable"),
    ])
  func code(refusal: Refusal, code: String) {
    #expect(refusal.code == code)
  }
}

import Rooms
import Testing

struct ConsultationTests {
  @Test("Each state knows what has happened so far, and nothing else", arguments: Consultation.StateName.allCases)
  func knowledge(name: Consultation.StateName) throws {
    let state = try TransitionTests.consultation(name).state
    #expect(state.name == name)
    #expect((state.claim != nil) == (name != .requested))
    #expect((state.opening != nil) == ![.requested, .claimed].contains(name))
    #expect((state.start != nil) == [.inProgress, .suspended, .ended].contains(name))
    #expect((state.ending != nil) == (name == .ended))
    #expect(state.isOver == [.ended, .cancelled].contains(name))
    #expect(state.isOver == (state.overAt != nil))
  }

  @Test("The names on the wire and on disk stay what they are (protocol, sections 4 and 5)")
  func names() {
    #expect(
      Consultation.StateName.allCases.map(\.rawValue) == [
        "requested", "claimed", "open", "in_progress", "suspended", "ended", "cancelled",
      ])
    #expect(
      Consultation.PaymentMode.allCases.map(\.rawValue) == [
        "tiers_payant_integral", "tiers_payant_amo", "carte_bancaire",
      ])
    #expect(
      Consultation.EndReason.allCases.map(\.rawValue) == [
        "completed", "conditions_not_met", "technical", "emergency", "other",
      ])
  }
}

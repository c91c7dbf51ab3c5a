import Rooms
import Testing

struct ConsultationTests {
  @Test("Each state knows what has happened so far, and nothing else", arguments: Consultation.StateName.allCases)
  func knowledge(name: Consultation.StateName) throws {
    let state = try TransitionTests.consultation(name).state
    #expect(state.name == name)
    #expect((state.claim != nil) == ![.requested, .refused].contains(name))
    #expect((state.rejection != nil) == (name == .refused))
    #expect((state.opening != nil) == ![.requested, .refused, .claimed].contains(name))
    #expect((state.start != nil) == [.inProgress, .suspended, .ended, .closed].contains(name))
    #expect((state.ending != nil) == [.ended, .closed].contains(name))
    #expect((state.closing != nil) == (name == .closed))
    #expect(state.isOver == [.ended, .closed, .cancelled].contains(name))
    #expect(state.isFinal == [.closed, .cancelled].contains(name))
    #expect(state.isFinal == (state.finalAt != nil))
    #expect(state.isOver == (state.overAt != nil))
  }

  @Test("The names on the wire and on disk stay what they are (protocol, sections 4 and 5)")
  func names() {
    #expect(
      Consultation.StateName.allCases.map(\.rawValue) == [
        "requested", "refused", "claimed", "open", "in_progress", "suspended", "ended", "closed", "cancelled",
      ])
    #expect(
      Consultation.PaymentMode.allCases.map(\.rawValue) == [
        "tiers_payant_integral", "tiers_payant_amo", "carte_bancaire",
      ])
    #expect(
      Consultation.EndReason.allCases.map(\.rawValue) == [
        "completed", "conditions_not_met", "technical", "emergency", "other",
      ])
    #expect(Consultation.Grounds.allCases.map(\.rawValue) == ["professional", "personal", "unavailable"])
    #expect(
      Consultation.ClosingReason.allCases.map(\.rawValue) == ["confirmed", "practitioner", "retention", "account"])
    #expect(Document.Kind.allCases.map(\.rawValue) == ["prescription", "sick_note", "letter", "other"])
  }
}

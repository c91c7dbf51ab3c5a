import Rooms
import Testing

/// One teleconsultation from beginning to end, as a transcript: everything that anybody is told, in order.
struct HallStoryTests {
  private let family = [Stage.child, Stage.mother, Stage.father]
  private let practitioners = [Stage.physician, Stage.colleague]
  private let id = Stage.id

  @Test(
    "A child's consultation, from the request to the closure, with a mother who leaves and comes back (CU-6.1 to 6.4)")
  func childsConsultation() throws {
    var stage = Stage.crowded()
    let party = [Stage.physician] + family

    // Nobody hears of the request before it is on disk; then the family does, and every verified practitioner.
    let request = stage.request()
    #expect(request.count == 1)
    #expect(
      try stage.decide(request) == [
        .acceptConsultation(stage.ticket, id), .consultationChanged(id, to: family),
        .queueGained(id, to: practitioners),
      ])

    // The first to claim it has it, and the card is gone for all.
    #expect(
      try stage.decide(stage.claim()) == [
        .acceptConsultation(stage.ticket, id), .queueLost(id, .claimed, to: practitioners),
        .consultationChanged(id, to: party),
      ])
    #expect(
      try stage.decide(stage.claim(from: Stage.colleague)) == [
        .refuse(stage.ticket, .alreadyClaimed(by: Cast.physician))
      ])

    // Nobody sits anywhere before the practitioner has opened.
    #expect(stage.join(Stage.child, as: .patient) == [.refuse(stage.ticket, .wrongState(.claimed))])
    #expect(try stage.decide(stage.open()) == [.accept(stage.ticket), .consultationChanged(id, to: party)])

    // They come in; the family sees the practitioner in consultation.
    #expect(
      stage.join(Stage.physician, as: .practitioner) == [
        .presence(.inConsultation, to: [Stage.physician]), .consultationChanged(id, to: family),
        .acceptSeat(stage.ticket, Stage.physician, id, .practitioner),
      ])
    #expect(
      stage.join(Stage.child, as: .patient) == [
        .acceptSeat(stage.ticket, Stage.child, id, .patient), .room(id, to: [Stage.physician]),
      ])
    // A child alone: nothing is relayed, and nothing can start.
    #expect(stage.negotiation(.patient, .practitioner) == nil)
    #expect(stage.start([Cast.patient]) == [.refuse(stage.ticket, .personsRule(missing: [.guardian]))])
    #expect(
      stage.join(Stage.mother, as: .guardian) == [
        .acceptSeat(stage.ticket, Stage.mother, id, .guardian1), .room(id, to: [Stage.physician, Stage.child]),
      ])

    // Now signals pass.
    let before = try #require(stage.negotiation(.patient, .practitioner))
    let route = try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: before)
    #expect(route == Room.Route(from: .patient, connection: Stage.physician))

    // The start needs a true attestation.
    #expect(stage.start([Cast.patient, Cast.father]) == [.refuse(stage.ticket, .attestationMismatch)])
    let seated = [Stage.physician, Stage.child, Stage.mother]
    #expect(
      try stage.decide(stage.start([Cast.patient, Cast.mother])) == [
        .accept(stage.ticket), .room(id, to: seated), .consultationChanged(id, to: party),
      ])

    // The mother leaves: at once nothing passes, and the suspension goes on record.
    let suspend = Proposal(origin: .rule, change: .transition(id, .suspend))
    let leaving = stage.leave(Stage.mother)
    #expect(
      leaving == [.accept(stage.ticket), .room(id, to: [Stage.physician, Stage.child]), .record(suspend)])
    #expect(throws: Refusal.personsRule(missing: [.guardian])) {
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: before)
    }
    #expect(
      try stage.decide(leaving) == [
        .room(id, to: [Stage.physician, Stage.child]), .consultationChanged(id, to: party),
      ])

    // She comes back: it goes on by itself, over new peer connections.
    let resume = Proposal(origin: .rule, change: .transition(id, .resume))
    let returning = stage.join(Stage.mother, as: .guardian)
    #expect(
      returning == [
        .acceptSeat(stage.ticket, Stage.mother, id, .guardian1), .room(id, to: [Stage.physician, Stage.child]),
        .record(resume),
      ])
    #expect(try stage.decide(returning) == [.room(id, to: seated), .consultationChanged(id, to: party)])
    #expect(throws: Refusal.staleNegotiation) {
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: before)
    }
    let after = try #require(stage.negotiation(.patient, .practitioner))
    #expect(after > before)

    // The end is final, for everybody; the reason stays until it is closed.
    #expect(
      try stage.decide(stage.end()) == [
        .accept(stage.ticket), .roomClosed(id, .ended(.completed), to: seated),
        .presence(.away, to: [Stage.physician]), .consultationChanged(id, to: party),
      ])
    #expect(stage.hall.rooms.isEmpty)
    #expect(stage.hall.entries[id]?.reason == "cough")
    #expect(throws: Refusal.consultationEnded) {
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: after)
    }
    #expect(stage.join(Stage.child, as: .patient) == [.refuse(stage.ticket, .consultationEnded)])

    // A prescription, which the family is told of and fetches; before that there is no closing.
    #expect(
      try stage.decide(stage.handOver()) == [
        .accept(stage.ticket), .tell(.documentHandedOver, id), .consultationChanged(id, to: party),
      ])
    #expect(stage.hall.entries[id]?.documents == [Cast.document.id: Cast.details])
    #expect(try stage.decide(stage.confirm()) == [.refuse(stage.ticket, .documentsUnfetched(1))])
    #expect(
      try stage.decide(stage.fetch(by: Cast.mother)) == [.accept(stage.ticket), .consultationChanged(id, to: party)])
    #expect(
      try stage.decide(stage.confirm()) == [.accept(stage.ticket), .consultationChanged(id, to: party)])

    // Closed: nothing that is health data is left.
    #expect(stage.hall.entries[id]?.reason == nil)
    #expect(stage.hall.entries[id]?.documents == [:])
    #expect(stage.hall.entries[id]?.consultation.documents == [])
    #expect(stage.hall.nextDue == nil)
  }
}

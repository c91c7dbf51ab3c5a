import Rooms
import Testing

struct HallIncidentsTests {
  private let id = Stage.id

  private func seen(_ kind: Incident.Kind, _ seat: Seat) -> Effect {
    .record(Proposal(origin: .room, change: .incident(id, Incident(kind, seat: seat))))
  }

  private func told(_ ticket: Ticket, by person: PersonID, _ kind: Incident.Kind, _ seat: Seat?) -> Effect {
    .record(Proposal(origin: .report(ticket, by: person), change: .incident(id, Incident(kind, seat: seat))))
  }

  @Test("A seat whose connection broke is an incident, and so is the return of who sat there (CU-13)")
  func lostAndResumed() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let lostAt = stage.moment
    #expect(stage.hall.lose(Stage.child, at: lostAt) == [seen(.connectionLost, .patient)])
    stage.pass(milliseconds: 2_000)
    #expect(
      stage.hall.resume(Stage.child, at: stage.moment) == [seen(.connectionResumed(lostAt: lostAt.now), .patient)])
    #expect(stage.hall.resume(Stage.child, at: stage.moment).isEmpty, "once for each loss")
  }

  @Test("Who comes back with another session has come back, too (CU-13)")
  func lostAndBack() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let lostAt = stage.moment
    _ = stage.hall.lose(Stage.child, at: lostAt)
    _ = stage.hall.lapse(Stage.child)
    stage.pass(milliseconds: 37_000)
    _ = stage.hall.disconnect(Stage.child)
    let again = ConnectionID(11)
    stage.connect(again, Cast.patient, patients: [Cast.patient])
    let back = stage.join(again, as: .patient)
    #expect(back.contains(seen(.connectionResumed(lostAt: lostAt.now), .patient)))
    _ = stage.leave(again)
    let once = stage.join(again, as: .patient)
    #expect(!once.contains { if case .record = $0 { true } else { false } }, "once for each loss")
  }

  @Test("Who leaves, closes, or had no seat has lost nothing")
  func nothingLost() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let effects =
      stage.leave(Stage.child) + stage.hall.disconnect(Stage.mother)
      + stage.hall.lose(Stage.father, at: stage.moment) + stage.hall.lose(ConnectionID(99), at: stage.moment)
    #expect(!effects.contains { if case .record = $0 { true } else { false } })
  }

  @Test("A room that is closed forgets who was lost")
  func closedRoom() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    _ = stage.hall.lose(Stage.child, at: stage.moment)
    _ = try stage.decide(stage.end())
    stage.connect(Stage.child, Cast.patient, patients: [Cast.patient])
    #expect(stage.join(Stage.child, as: .patient) == [.refuse(stage.ticket, .consultationEnded)])
  }

  @Test("Parties tell of incidents, with the seat that they have; nobody else learns that there is a consultation")
  func reports() throws {
    var stage = Stage.crowded()
    #expect(
      stage.hall.report(stage.next(), from: Stage.child, id, .iceFailed) == [
        .refuse(stage.ticket, .unknownConsultation)
      ])
    _ = try stage.playToRequested()
    let check = Incident.DeviceCheck(
      camera: .ok, microphone: .failed, speaker: .skipped, connection: .ok, browser: .ok)
    #expect(!check.hasPassed)
    #expect(
      stage.hall.report(stage.next(), from: Stage.child, id, .deviceCheck(check)) == [
        told(stage.ticket, by: Cast.patient, .deviceCheck(check), nil)
      ])
    // They see it in their queue, and have no part in it.
    #expect(
      stage.hall.report(stage.next(), from: Stage.physician, id, .iceFailed) == [.refuse(stage.ticket, .forbidden)])

    stage = Stage.crowded()
    try stage.playToSeated()
    for (connection, person, seat) in [
      (Stage.physician, Cast.physician, Seat.practitioner), (Stage.child, Cast.patient, .patient),
      (Stage.mother, Cast.mother, .guardian1),
    ] {
      #expect(
        stage.hall.report(stage.next(), from: connection, id, .relayUsed(true)) == [
          told(stage.ticket, by: person, .relayUsed(true), seat)
        ])
    }
    for outsider in [Stage.colleague, Stage.stranger] {
      #expect(
        stage.hall.report(stage.next(), from: outsider, id, .iceFailed) == [
          .refuse(stage.ticket, .unknownConsultation)
        ])
    }
  }

  @Test("Who told is answered when it is on record, or refused; what was seen is not tried again")
  func recorded() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let report = try #require(Stage.proposal(in: stage.hall.report(stage.next(), from: Stage.child, id, .iceFailed)))
    #expect(stage.hall.recorded(report, .noted, at: stage.moment) == [.accept(stage.ticket)])
    #expect(
      stage.hall.recorded(report, .refused(.tooManyIncidents), at: stage.moment) == [
        .refuse(stage.ticket, .tooManyIncidents)
      ])
    let sighting = try #require(Stage.proposal(in: stage.hall.lose(Stage.child, at: stage.moment)))
    for outcome in [Outcome.noted, .refused(.tooManyIncidents), .refused(.unavailable)] {
      #expect(stage.hall.recorded(sighting, outcome, at: stage.moment).isEmpty)
    }
  }
}

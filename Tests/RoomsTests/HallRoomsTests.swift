import Rooms
import Testing

struct HallRoomsTests {
  private let id = Stage.id

  @Test("The older connection loses the seat that is taken over, and is told so (protocol, 6.4)")
  func takeOver() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let tablet = ConnectionID(11)
    stage.connect(tablet, Cast.patient, patients: [Cast.patient])
    #expect(stage.join(tablet, as: .patient) == [.refuse(stage.ticket, .seatTaken(bySelf: true))])
    #expect(
      stage.join(tablet, as: .patient, takeOver: true) == [
        .roomClosed(id, .takenOver, to: [Stage.child]), .acceptSeat(stage.ticket, tablet, id, .patient),
        .record(Proposal(origin: .room, change: .incident(id, Incident(.takenOver, seat: .patient)))),
        .room(id, to: [Stage.physician, Stage.mother]),
      ])
    #expect(throws: Refusal.notSeated) {
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: 0)
    }
  }

  @Test("A refused join costs nobody their seat elsewhere")
  func refusedJoin() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    let before = stage.hall.rooms[id]
    #expect(stage.join(Stage.mother, as: .practitioner) == [.refuse(stage.ticket, .notAdmitted)])
    #expect(stage.hall.rooms[id] == before)
  }

  @Test("A guardian signs in beside the patient, and the room knows (CU-6.3b)")
  func accompany() throws {
    var stage = Stage.crowded()
    try stage.playToOpen()
    _ = stage.join(Stage.child, as: .patient)
    #expect(
      stage.hall.accompany(stage.next(), from: Stage.child, id, guardian: Cast.mother, file: stage.file) == [
        .accept(stage.ticket), .room(id, to: [Stage.child]),
      ])
    #expect(
      stage.hall.accompany(stage.next(), from: Stage.child, id, guardian: Cast.stranger, file: stage.file)
        == [.refuse(stage.ticket, .notAdmitted)])
    #expect(
      stage.hall.unaccompany(stage.next(), from: Stage.child, id) == [
        .accept(stage.ticket), .room(id, to: [Stage.child]),
      ])
    #expect(stage.hall.unaccompany(stage.next(), from: Stage.mother, id) == [.refuse(stage.ticket, .notSeated)])
  }

  @Test("A guardian whose link is revoked loses their seat at once, and the consultation is suspended (CU-6.3)")
  func revoked() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    stage.file = Cast.child(of: Cast.father)
    #expect(
      stage.hall.fileChanged(stage.file) == [
        .roomClosed(id, .notAdmitted, to: [Stage.mother]), .room(id, to: [Stage.physician, Stage.child]),
        .record(Proposal(origin: .rule, change: .transition(id, .suspend))),
        .consultationChanged(id, to: [Stage.physician, Stage.child, Stage.father]),
      ])
    #expect(stage.join(Stage.mother, as: .guardian) == [.refuse(stage.ticket, .notAdmitted)])
  }

  @Test("A refused join that brings news of a revoked guardian still suspends (CU-6.3c)")
  func newsWithRefusal() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    stage.file = Cast.child(of: Cast.father)
    let effects = stage.join(Stage.mother, as: .guardian)
    #expect(effects.first == .roomClosed(id, .notAdmitted, to: [Stage.mother]))
    #expect(Stage.proposal(in: effects) == Proposal(origin: .rule, change: .transition(id, .suspend)))
    #expect(effects.last == .refuse(stage.ticket, .notAdmitted))
  }

  @Test("Opening again hides nothing from an open room (CU-6.3)")
  func openedAgain() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    stage.file = Cast.child(of: Cast.father)
    let effects = stage.open()
    #expect(effects.first == .roomClosed(id, .notAdmitted, to: [Stage.mother]))
    #expect(stage.hall.rooms[id]?.missing == [.guardian])
  }

  @Test("A suspension that cannot be recorded is proposed again soon; nothing passes meanwhile (CU-6.3c)")
  func unavailable() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let proposal = try #require(Stage.proposal(in: stage.leave(Stage.mother)))
    #expect(
      stage.hall.recorded(proposal, .refused(.unavailable), at: stage.moment)
        == [.remind(id, afterMilliseconds: 1_000)])
    #expect(stage.negotiation(.patient, .practitioner) == nil)
    #expect(stage.hall.reminded(id) == [.record(proposal)])
    #expect(stage.hall.reminded(id).isEmpty, "it is under way already")
  }

  @Test("A guardian who is back before the suspension is on record brings it back at once (CU-6.3c)")
  func quickReturn() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let leaving = stage.leave(Stage.mother)
    #expect(Stage.proposal(in: stage.join(Stage.mother, as: .guardian)) == nil)
    let suspended = try stage.decide(leaving)
    #expect(suspended.contains(.record(Proposal(origin: .rule, change: .transition(id, .resume)))))
    _ = try stage.decide(suspended)
    #expect(stage.hall.rooms[id]?.phase == .inProgress)
    #expect(stage.negotiation(.patient, .practitioner) != nil)
  }

  @Test("An adult may be accompanied by nobody (CU-6.3)")
  func adult() throws {
    var stage = Stage.crowded(file: Cast.file(guardians: [Guardian(person: Cast.mother, relation: .parent)]))
    try stage.playToOpen()
    for role in SeatRole.allCases {
      #expect(stage.join(Stage.mother, as: role) == [.refuse(stage.ticket, .notAdmitted)])
    }
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    #expect(stage.negotiation(.patient, .practitioner) != nil)
  }
}

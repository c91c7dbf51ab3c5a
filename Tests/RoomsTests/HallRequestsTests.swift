import Rooms
import Testing

struct HallRequestsTests {
  @Test("An assigned request is seen by its physician alone (CU-6.1)")
  func assigned() throws {
    var stage = Stage.crowded(file: Cast.child(of: Cast.mother, attending: Cast.physician))
    let effects = try stage.decide(stage.request(toAttending: true))
    #expect(effects.last == .queueGained(Stage.id, to: [Stage.physician]))
    #expect(stage.claim(from: Stage.colleague) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(try stage.decide(stage.claim()).first == .acceptConsultation(stage.ticket, Stage.id))
  }

  @Test("Without a physician to assign to there is no assigned request (CU-6.1)")
  func noPhysician() {
    var stage = Stage.crowded()
    #expect(stage.request(toAttending: true) == [.refuse(stage.ticket, .noAttendingPhysician)])
  }

  @Test("A request is never assigned to somebody who may not claim it", arguments: [Cast.patient, Cast.mother])
  func ownPhysician(attending: PersonID) {
    var stage = Stage.crowded(file: Cast.child(of: Cast.mother, attending: attending))
    #expect(stage.request(toAttending: true) == [.refuse(stage.ticket, .noAttendingPhysician)])
  }

  @Test("Only the patient's side requests for a patient (CU-6.1)", arguments: [Stage.stranger, Stage.physician])
  func foreignRequest(connection: ConnectionID) {
    var stage = Stage.crowded()
    #expect(stage.request(from: connection) == [.refuse(stage.ticket, .unknownPatient)])
  }

  @Test("A parent may request for their child, and the record says who asked")
  func requestByParent() throws {
    var stage = Stage.crowded()
    _ = try stage.decide(stage.request(from: Stage.mother))
    #expect(stage.hall.entries[Stage.id]?.consultation.requester == Cast.mother)
  }

  @Test("Nobody treats themself, nor a patient they represent")
  func selfTreatment() throws {
    var stage = Stage()
    stage.connect(Stage.child, Cast.patient, patients: [Cast.patient])
    stage.connect(Stage.mother, Cast.mother, practitioner: .verified, patients: [Cast.mother, Cast.patient])
    try stage.playToRequested()
    #expect(stage.claim(from: Stage.mother) == [.refuse(stage.ticket, .forbidden)])
  }

  @Test("Who came to represent the patient after the claim can still end it (CU-6.4)")
  func endByRepresentative() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let connection = ConnectionID(11)
    stage.connect(connection, Cast.physician, practitioner: .verified, patients: [Cast.patient])
    #expect(try stage.decide(stage.end(from: connection)).first == .accept(stage.ticket))
  }

  @Test(
    "A stranger learns of no consultation, in no state (CU-6.1b)", arguments: Consultation.StateName.allCases)
  func stranger(state: Consultation.StateName) throws {
    var stage = Stage.crowded()
    try stage.play(to: state)
    let from = Stage.stranger
    #expect(stage.claim(from: from) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(stage.cancel(from: from) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(stage.open(from: from) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(stage.start(from: from, [Cast.patient]) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(stage.end(from: from) == [.refuse(stage.ticket, .unknownConsultation)])
    let isOpen = [.open, .inProgress, .suspended].contains(state)
    let over: Refusal? =
      switch state {
      case .ended: .consultationEnded
      case .closed: .consultationClosed
      case .cancelled: .consultationCancelled
      default: nil
      }
    #expect(
      stage.join(from, as: .patient)
        == [.refuse(stage.ticket, over ?? (isOpen ? .notAdmitted : .unknownConsultation))])
    #expect(stage.leave(from) == [.refuse(stage.ticket, over ?? (isOpen ? .notSeated : .unknownConsultation))])
  }

  @Test("Only the patient's side cancels, only the practitioner ends (CU-6.4)")
  func sides() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    #expect(stage.cancel(from: Stage.physician) == [.refuse(stage.ticket, .forbidden)])
    for connection in [Stage.child, Stage.mother] {
      #expect(stage.end(from: connection) == [.refuse(stage.ticket, .forbidden)])
    }
    // After the claim it is nobody else's to know of (CU-6.1b).
    #expect(stage.end(from: Stage.colleague) == [.refuse(stage.ticket, .unknownConsultation)])
  }

  @Test("A cancelled request leaves the queue of all (CU-6.1)")
  func cancelledRequest() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    #expect(
      try stage.decide(stage.cancel(from: Stage.father)) == [
        .accept(stage.ticket), .queueLost(Stage.id, .cancelled, to: [Stage.physician, Stage.colleague]),
        .consultationChanged(Stage.id, to: [Stage.child, Stage.mother, Stage.father]),
      ])
    #expect(stage.hall.queue.count == 0)
  }

  @Test("A start that overtakes the record of the opening is refused, whatever it attests (CU-6.3b)")
  func hastyStart() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    let opening = stage.open()
    #expect(stage.start([Cast.patient, Cast.mother]) == [.refuse(stage.ticket, .wrongState(.claimed))])
    _ = try stage.decide(opening)
    #expect(stage.hall.rooms[Stage.id]?.phase == .open)
  }

  @Test("Majority is judged when the room opens (CU-6.3)")
  func majority() throws {
    var stage = Stage.crowded(
      file: Cast.file(
        born: CivilDate(year: 2008, month: 11, day: 24),
        guardians: [Guardian(person: Cast.mother, relation: .parent)]))
    try stage.playToClaimed()
    stage.moment = Moment(now: stage.moment.now, today: CivilDate(year: 2026, month: 11, day: 24))
    _ = try stage.decide(stage.open())
    #expect(stage.hall.rooms[Stage.id]?.rule.status == .adult)
    #expect(stage.join(Stage.mother, as: .guardian) == [.refuse(stage.ticket, .notAdmitted)])
  }
}

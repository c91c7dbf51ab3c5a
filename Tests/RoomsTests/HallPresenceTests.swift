import Rooms
import Testing

struct HallPresenceTests {
  private let id = Stage.id

  @Test(
    "A broken connection changes nothing for the others, and nothing is lost to who comes back in time (protocol, 3)")
  func blip() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let before = stage.hall.rooms[id]
    let number = try #require(stage.negotiation(.patient, .practitioner))
    _ = stage.hall.lose(Stage.mother, at: stage.moment)
    _ = stage.hall.lose(Stage.child, at: stage.moment)
    #expect(stage.hall.rooms[id] == before)
    #expect(
      try stage.hall.route(from: Stage.physician, in: id, to: .patient, negotiation: number).connection == Stage.child)
    _ = stage.hall.resume(Stage.mother, at: stage.moment)
    #expect(stage.hall.rooms[id] == before)
  }

  @Test("Whoever is not heard of is gone, is told so for when they come back, and their seat is kept (CU-6.3)")
  func lapsed() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    let number = try #require(stage.negotiation(.practitioner, .patient))
    _ = stage.hall.lose(Stage.child, at: stage.moment)
    #expect(
      stage.hall.lapse(Stage.child) == [
        .roomClosed(id, .connectionLost, to: [Stage.child]),
        .awaitReturn(id, hold: 1, forMilliseconds: stage.hall.settings.holdMilliseconds),
        .room(id, to: [Stage.physician]),
      ])
    #expect(stage.hall.rooms[id]?.missing == [.patient])
    #expect(stage.negotiation(.practitioner, .patient) == number, "their media may still run (CU-5.1)")
    #expect(throws: Refusal.personsRule(missing: [.patient])) {
      try stage.hall.route(from: Stage.physician, in: id, to: .patient, negotiation: number)
    }

    _ = stage.join(Stage.child, as: .patient, connected: [.practitioner: number])
    #expect(stage.negotiation(.practitioner, .patient) == number)
    #expect(
      try stage.hall.route(from: Stage.physician, in: id, to: .patient, negotiation: number).connection == Stage.child)
    #expect(stage.hall.returnIsOverdue(id, hold: 1).isEmpty, "they are back")
  }

  @Test("Who lapsed and leaves for good is not waited for")
  func lapsedAndLeft() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    _ = stage.hall.lapse(Stage.child)
    #expect(stage.negotiation(.practitioner, .patient) != nil)
    #expect(stage.leave(Stage.child) == [.accept(stage.ticket), .room(Stage.id, to: [Stage.physician])])
    #expect(stage.negotiation(.practitioner, .patient) == nil)
    #expect(stage.hall.returnIsOverdue(Stage.id, hold: 1).isEmpty)
    #expect(stage.leave(Stage.child) == [.refuse(stage.ticket, .notSeated)])
  }

  @Test("Who comes back with nothing makes new peer connections")
  func lapsedAndNew() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    let number = try #require(stage.negotiation(.practitioner, .patient))
    _ = stage.hall.lapse(Stage.child)
    _ = stage.join(Stage.child, as: .patient)
    #expect(try #require(stage.negotiation(.practitioner, .patient)) > number)
  }

  @Test("A number that nobody had is nobody's peer connection")
  func invented() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner, connected: [.patient: 7])
    _ = stage.join(Stage.child, as: .patient, connected: [.practitioner: 7])
    #expect(stage.negotiation(.practitioner, .patient) != 7)
  }

  @Test("Nobody is waited for for ever, and nobody who left at all (CU-6.4)")
  func overdue() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    _ = stage.hall.lapse(Stage.child)
    #expect(stage.hall.returnIsOverdue(id, hold: 1) == [.room(id, to: [Stage.physician])])
    #expect(stage.negotiation(.practitioner, .patient) == nil)
    #expect(stage.hall.returnIsOverdue(id, hold: 1).isEmpty)

    _ = stage.join(Stage.child, as: .patient)
    _ = stage.leave(Stage.child)
    #expect(stage.negotiation(.practitioner, .patient) == nil)
  }

  @Test("The last guardian's silence suspends at once, whatever may come back (CU-6.3c)")
  func guardian() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let effects = stage.hall.lapse(Stage.mother)
    #expect(effects.contains(.record(Proposal(origin: .rule, change: .transition(id, .suspend)))))
    #expect(stage.negotiation(.patient, .practitioner) == nil)
    _ = try stage.decide(effects)
    let back = stage.join(Stage.mother, as: .guardian, connected: [.patient: 1])
    _ = try stage.decide(back)
    #expect(stage.hall.rooms[id]?.phase == .inProgress)
  }

  @Test("A practitioner of whom nothing is heard is offline, and still available when they come back")
  func practitioner() {
    var stage = Stage.crowded()
    _ = stage.hall.declare(stage.next(), from: Stage.physician, available: true)
    #expect(stage.hall.lapse(Stage.physician).contains(.presence(.offline, to: [Stage.physician])))
    #expect(stage.hall.presence(of: Cast.physician) == .offline)
    #expect(
      stage.hall.resume(Stage.physician, at: stage.moment).first == .presence(.available, to: [Stage.physician]))
    _ = stage.hall.lapse(Stage.physician)
    _ = stage.hall.disconnect(Stage.physician)
    stage.connect(Stage.physician, Cast.physician, practitioner: .verified)
    #expect(stage.hall.presence(of: Cast.physician) == .away)
  }

  @Test("Who may be back is still told of everything, so that nothing is missing then (protocol, 3)")
  func toldMeanwhile() throws {
    var stage = Stage.crowded()
    _ = stage.hall.lapse(Stage.colleague)
    _ = stage.hall.lapse(Stage.child)
    let effects = try stage.playToRequested()
    #expect(effects.contains(.queueGained(id, to: [Stage.physician, Stage.colleague])))
    let parties = [Stage.child, Stage.mother, Stage.father]
    #expect(effects.contains(.consultationChanged(id, to: parties)))
  }

  // MARK: After a restart

  private func restarted(_ stage: Stage) throws -> Stage {
    var after = Stage(file: stage.file)
    after.record = stage.record
    after.moment = stage.moment
    after.pass(milliseconds: 60_000)
    let consultation = try #require(stage.record[id])
    _ = after.hall.restore(consultation, file: stage.file, reason: "cough", at: after.moment)
    after.connectEverybody()
    return after
  }

  @Test("Two who still have their peer connection after a restart go on with it, whoever comes first (CU-5.1)")
  func restart() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let number = try #require(stage.negotiation(.patient, .practitioner))
    let ofMother = try #require(stage.negotiation(.patient, .guardian1))
    stage = try restarted(stage)

    _ = stage.join(Stage.physician, as: .practitioner, connected: [.patient: number, .guardian1: ofMother])
    #expect(stage.negotiation(.practitioner, .patient) == number, "who is expected is not let go of")
    _ = stage.join(Stage.child, as: .patient, connected: [.practitioner: number, .guardian1: ofMother])
    #expect(stage.negotiation(.patient, .practitioner) == number)
    #expect(throws: Refusal.personsRule(missing: [.guardian])) {
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: number)
    }
    _ = stage.join(Stage.mother, as: .guardian)
    #expect(stage.negotiation(.patient, .practitioner) == number)
    #expect(try #require(stage.negotiation(.patient, .guardian1)) > ofMother, "she has none any more")
    #expect(
      try stage.hall.route(from: Stage.child, in: id, to: .practitioner, negotiation: number).connection
        == Stage.physician)
  }

  @Test("Who does not come back after a restart is let go of, and a guardian's absence suspends (CU-6.3c)")
  func restartWithoutGuardian() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let number = try #require(stage.negotiation(.patient, .practitioner))
    stage = try restarted(stage)
    _ = stage.join(Stage.physician, as: .practitioner, connected: [.patient: number])
    _ = stage.join(Stage.child, as: .patient, connected: [.practitioner: number])
    #expect(stage.negotiation(.patient, .practitioner) == number)
    #expect(
      stage.hall.comebackIsOver(id) == [
        .room(id, to: [Stage.physician, Stage.child]),
        .record(Proposal(origin: .rule, change: .transition(id, .suspend))),
      ])
    #expect(stage.negotiation(.patient, .practitioner) == nil)
  }

  @Test("Once all were back, a guardian who leaves is not waited for (CU-6.3c)")
  func gathered() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    stage = try restarted(stage)
    _ = stage.join(Stage.child, as: .patient)
    _ = stage.join(Stage.mother, as: .guardian)
    #expect(
      stage.leave(Stage.mother).contains(.record(Proposal(origin: .rule, change: .transition(id, .suspend)))))
  }
}

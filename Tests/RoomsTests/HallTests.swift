import Rooms
import Testing

struct HallTests {
  @Test("A newcomer gets everything they may know, whole (protocol, section 3)")
  func newcomer() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    let second = ConnectionID(11)
    #expect(
      stage.connect(second, Cast.physician, practitioner: .verified) == [
        .consultations(second, [Stage.id]), .queue(second, []), .presence(.away, to: [second]),
      ])
    let family = ConnectionID(12)
    #expect(
      stage.connect(family, Cast.mother, patients: [Cast.patient]) == [
        .consultations(family, [Stage.id]), .availability(0, to: [family]),
      ])
  }

  @Test("A practitioner's first connection is told their presence once")
  func presenceOnce() {
    var stage = Stage()
    #expect(
      stage.connect(Stage.physician, Cast.physician, practitioner: .verified) == [
        .consultations(Stage.physician, []), .queue(Stage.physician, []), .presence(.away, to: [Stage.physician]),
      ])
  }

  @Test("Who is not verified sees no queue and no consultation, even one claimed before (CU-6.7)")
  func unverified() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    let connection = ConnectionID(11)
    #expect(
      stage.connect(connection, Cast.physician, practitioner: .unverified) == [.consultations(connection, [])])
    #expect(stage.claim(from: connection) == [.refuse(stage.ticket, .notVerified)])
    #expect(
      stage.hall.declare(stage.next(), from: connection, available: true) == [.refuse(stage.ticket, .notVerified)])
    #expect(stage.open(from: connection) == [.refuse(stage.ticket, .notVerified)])
  }

  @Test("Who was verified when they claimed can still end it, whatever became of that (CU-6.4, 6.7)")
  func formerClaimant() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    let connection = ConnectionID(11)
    stage.connect(connection, Cast.physician, practitioner: .unverified)
    #expect(try stage.decide(stage.end(from: connection)).first == .accept(stage.ticket))
  }

  @Test("Availability is for practitioners to declare")
  func declaredByOthers() {
    var stage = Stage.crowded()
    #expect(
      stage.hall.declare(stage.next(), from: Stage.mother, available: true) == [.refuse(stage.ticket, .forbidden)])
  }

  @Test("Availability is counted over practitioners, not connections, and told to patients' sides only")
  func availability() {
    var stage = Stage.crowded()
    let families = [Stage.child, Stage.mother, Stage.father, Stage.stranger]
    let second = ConnectionID(11)
    stage.connect(second, Cast.physician, practitioner: .verified)
    #expect(
      stage.hall.declare(stage.next(), from: Stage.physician, available: true) == [
        .accept(stage.ticket), .presence(.available, to: [Stage.physician, second]), .availability(1, to: families),
      ])
    #expect(stage.hall.declare(stage.next(), from: second, available: true) == [.accept(stage.ticket)])
    #expect(stage.hall.disconnect(Stage.physician).isEmpty)
    #expect(stage.hall.presence(of: Cast.physician) == .available)
    #expect(stage.hall.disconnect(second) == [.availability(0, to: families)])
    #expect(stage.hall.presence(of: Cast.physician) == .offline)
    // Who comes back says anew that they are available.
    stage.connect(second, Cast.physician, practitioner: .verified)
    #expect(stage.hall.presence(of: Cast.physician) == .away)
  }

  @Test("A practitioner in consultation is not available, and is again when they leave")
  func availabilityInConsultation() throws {
    var stage = Stage.crowded()
    _ = stage.hall.declare(stage.next(), from: Stage.physician, available: true)
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    #expect(stage.hall.presence(of: Cast.physician) == .inConsultation)
    let families = [Stage.child, Stage.mother, Stage.father, Stage.stranger]
    #expect(stage.leave(Stage.physician).contains(.availability(1, to: families)))
  }

  @Test(
    "Whoever disconnects holds nothing and hears nothing, in every state", arguments: Consultation.StateName.allCases)
  func disconnect(state: Consultation.StateName) throws {
    for connection in [Stage.physician, Stage.child, Stage.mother, Stage.stranger] {
      var stage = Stage.crowded()
      try stage.play(to: state)
      let effects = stage.hall.disconnect(connection)
      #expect(stage.hall.rooms[Stage.id]?.connections.contains(connection) != true)
      #expect(!effects.flatMap(Self.recipients).contains(connection))
      #expect(stage.hall.disconnect(connection).isEmpty, "a second time nothing happens")
      let isSuspended = state == .inProgress && connection == Stage.mother
      #expect((Stage.proposal(in: effects)?.origin == .rule) == isSuspended)
    }
  }

  private static func recipients(_ effect: Effect) -> [ConnectionID] {
    switch effect {
    case .record, .remind, .awaitComeback, .awaitReturn, .accept, .acceptConsultation, .refuse, .tell: []
    case .acceptSeat(_, let connection, _, _), .consultations(let connection, _), .queue(let connection, _):
      [connection]
    case .consultationChanged(_, let to), .consultationLost(_, let to), .queueGained(_, let to),
      .queueLost(_, _, let to), .availability(_, let to),
      .presence(_, let to), .room(_, let to), .roomClosed(_, _, let to):
      to
    }
  }
}

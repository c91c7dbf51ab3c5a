import Rooms
import Testing

/// The whole table of the consultation's life, as the domain document draws it.
struct TransitionTests {
  static let claim = Consultation.Claim(practitioner: Cast.physician, at: Cast.now)
  static let opening = Consultation.Opening(at: Cast.now, status: .adult)
  static let start = Consultation.Start(at: Cast.now, attested: [Cast.patient])
  static let states: [Consultation.StateName: Consultation.State] = [
    .requested: .requested, .claimed: .claimed(claim), .open: .open(claim, opening),
    .inProgress: .inProgress(claim, opening, start), .suspended: .suspended(claim, opening, start),
    .ended: .ended(claim, opening, start, Consultation.Ending(at: Cast.now, reason: .completed)),
    .cancelled: .cancelled(claim, opening, at: Cast.now),
  ]

  /// For each command, what comes of it in the states requested, claimed, open, in progress, suspended, ended and
  /// cancelled: the state after it, or the code of the refusal. "physician" has claimed it, "colleague" has not.
  static let table: [(Consultation.Command, [String])] = [
    (
      .claim(by: Cast.physician),
      ["claimed", "wrong_state", "wrong_state", "wrong_state", "wrong_state", ended, cancelled]
    ),
    (
      .claim(by: Cast.colleague),
      ["claimed", taken, taken, taken, taken, ended, cancelled]
    ),
    (
      .cancel(by: Cast.patient),
      ["cancelled", "cancelled", "cancelled", "wrong_state", "wrong_state", ended, cancelled]
    ),
    (
      .open(by: Cast.physician, status: .minor),
      ["wrong_state", "open", "wrong_state", "wrong_state", "wrong_state", ended, cancelled]
    ),
    (
      .open(by: Cast.colleague, status: .minor),
      ["wrong_state", "forbidden", "forbidden", "forbidden", "forbidden", ended, cancelled]
    ),
    (
      .start(by: Cast.physician, attested: [Cast.patient]),
      ["wrong_state", "wrong_state", "in_progress", "wrong_state", "wrong_state", ended, cancelled]
    ),
    (
      .start(by: Cast.colleague, attested: [Cast.patient]),
      ["wrong_state", "forbidden", "forbidden", "forbidden", "forbidden", ended, cancelled]
    ),
    (
      .suspend,
      ["wrong_state", "wrong_state", "wrong_state", "suspended", "wrong_state", ended, cancelled]
    ),
    (
      .resume,
      ["wrong_state", "wrong_state", "wrong_state", "wrong_state", "in_progress", ended, cancelled]
    ),
    (
      .end(by: Cast.physician, reason: .emergency),
      ["wrong_state", "ended", "ended", "ended", "ended", ended, cancelled]
    ),
    (
      .end(by: Cast.colleague, reason: .emergency),
      ["wrong_state", "forbidden", "forbidden", "forbidden", "forbidden", ended, cancelled]
    ),
  ]
  private static let ended = "consultation_ended"
  private static let cancelled = "consultation_cancelled"
  private static let taken = "already_claimed"

  static func consultation(
    _ state: Consultation.StateName, assignment: Consultation.Assignment = .unassigned
  ) throws -> Consultation {
    Consultation(
      id: Cast.consultation, patient: Cast.patient, requester: Cast.patient, assignment: assignment,
      payment: .carteBancaire, requestedAt: Cast.now, state: try #require(states[state]))
  }

  @Test("Every command in every state is allowed or refused as the life of a consultation has it", arguments: table)
  func life(command: Consultation.Command, expected: [String]) throws {
    try #require(expected.count == Consultation.StateName.allCases.count)
    for (name, expectation) in zip(Consultation.StateName.allCases, expected) {
      var consultation = try Self.consultation(name)
      let before = consultation
      do throws(Refusal) {
        try consultation.apply(command, at: Cast.now.advanced(byMilliseconds: 5))
        #expect(consultation.state.name.rawValue == expectation, "\(command) when \(name)")
      } catch {
        #expect(error.code == expectation, "\(command) when \(name)")
        #expect(consultation == before, "a refusal changes nothing")
      }
    }
  }

  @Test("A request assigned to a physician can be claimed by no other, who learns nothing of it (CU-6.1)")
  func assigned() throws {
    var consultation = try Self.consultation(.requested, assignment: .attending(Cast.physician))
    #expect(throws: Refusal.unknownConsultation) { try consultation.apply(.claim(by: Cast.colleague), at: Cast.now) }
    try consultation.apply(.claim(by: Cast.physician), at: Cast.now)
    #expect(consultation.state == .claimed(Self.claim))
  }

  @Test("Who was slower is told who was faster (CU-6.1)")
  func slower() throws {
    var consultation = try Self.consultation(.claimed)
    #expect(throws: Refusal.alreadyClaimed(by: Cast.physician)) {
      try consultation.apply(.claim(by: Cast.colleague), at: Cast.now)
    }
  }

  @Test("What was recorded on the way is kept to the end (CU-13)")
  func memory() throws {
    var consultation = try Self.consultation(.requested)
    var now = Cast.now
    let commands: [Consultation.Command] = [
      .claim(by: Cast.physician), .open(by: Cast.physician, status: .minor),
      .start(by: Cast.physician, attested: [Cast.patient, Cast.mother]), .suspend, .resume,
      .end(by: Cast.physician, reason: .completed),
    ]
    for command in commands {
      now = now.advanced(byMilliseconds: 1_000)
      try consultation.apply(command, at: now)
    }
    let state = consultation.state
    #expect(state.claim?.at == Cast.now.advanced(byMilliseconds: 1_000))
    #expect(state.opening == Consultation.Opening(at: Cast.now.advanced(byMilliseconds: 2_000), status: .minor))
    #expect(state.start?.attested == [Cast.patient, Cast.mother])
    #expect(state.ending == Consultation.Ending(at: now, reason: .completed))
    #expect(state.overAt == now)
  }

  @Test("The rule itself has no actor, everything else has one; each has its name in the journal (CU-13)")
  func actors() {
    for (command, _) in Self.table {
      #expect((command.actor == nil) == (command == .suspend || command == .resume))
    }
    #expect(
      Self.table.map(\.0.journalName) == [
        "claimed", "claimed", "cancelled", "opened", "opened", "started", "started", "suspended", "resumed", "ended",
        "ended",
      ])
  }
}

import Rooms
import Testing

/// Every command in every state, as the domain document draws the life of a consultation.
struct TransitionTests {
  static let claim = Consultation.Claim(practitioner: Cast.physician, at: Cast.now)
  static let opening = Consultation.Opening(at: Cast.now, status: .adult)
  static let start = Consultation.Start(at: Cast.now, attested: [Cast.patient])
  static let ending = Consultation.Ending(at: Cast.now, reason: .completed)
  static let states: [Consultation.StateName: Consultation.State] = [
    .requested: .requested,
    .refused: .refused(Consultation.Rejection(physician: Cast.physician, grounds: .personal, at: Cast.now)),
    .claimed: .claimed(claim), .open: .open(claim, opening),
    .inProgress: .inProgress(claim, opening, start), .suspended: .suspended(claim, opening, start),
    .ended: .ended(claim, opening, start, ending),
    .closed: .closed(claim, opening, start, ending, Consultation.Closing(at: Cast.now, why: .confirmed)),
    .cancelled: .cancelled(claim, opening, at: Cast.now),
  ]
  static let day: Int64 = 24 * 3_600_000
  static let due = Cast.now.advanced(byMilliseconds: day)

  /// For each command, what comes of it in the states requested, refused, claimed, open, in progress, suspended, ended,
  /// closed and cancelled: the state after it, or the code of the refusal. "physician" has claimed it, "colleague" has not;
  /// nothing is assigned, overdue or handed over.
  static let table: [(command: Consultation.Command, expected: String)] = [
    (
      .claim(by: Cast.physician),
      "claimed wrong_state wrong_state wrong_state wrong_state wrong_state consultation_ended"
    ),
    (
      .claim(by: Cast.colleague),
      "claimed wrong_state already_claimed already_claimed already_claimed already_claimed consultation_ended"
    ),
    (
      .refuse(by: Cast.physician, .professional),
      "forbidden wrong_state wrong_state wrong_state wrong_state wrong_state consultation_ended"
    ),
    (
      .assign(by: Cast.patient, to: Cast.colleague),
      "requested requested not_overdue not_overdue wrong_state wrong_state consultation_ended"
    ),
    (
      .unassign(by: Cast.patient),
      "wrong_state requested not_overdue not_overdue wrong_state wrong_state consultation_ended"
    ),
    (
      .release(by: Cast.physician),
      "wrong_state wrong_state requested requested wrong_state wrong_state consultation_ended"
    ),
    (
      .release(by: Cast.colleague),
      "wrong_state wrong_state forbidden forbidden forbidden forbidden forbidden"
    ),
    (
      .cancel(by: Cast.patient),
      "cancelled cancelled cancelled cancelled wrong_state wrong_state consultation_ended"
    ),
    (
      .open(by: Cast.physician, status: .minor),
      "wrong_state wrong_state open wrong_state wrong_state wrong_state consultation_ended"
    ),
    (
      .open(by: Cast.colleague, status: .minor),
      "wrong_state wrong_state forbidden forbidden forbidden forbidden forbidden"
    ),
    (
      .start(by: Cast.physician, attested: [Cast.patient]),
      "wrong_state wrong_state wrong_state in_progress wrong_state wrong_state consultation_ended"
    ),
    (
      .start(by: Cast.colleague, attested: [Cast.patient]),
      "wrong_state wrong_state forbidden forbidden forbidden forbidden forbidden"
    ),
    (.suspend, "wrong_state wrong_state wrong_state wrong_state suspended wrong_state consultation_ended"),
    (.resume, "wrong_state wrong_state wrong_state wrong_state wrong_state in_progress consultation_ended"),
    (
      .end(by: Cast.physician, reason: .emergency),
      "wrong_state wrong_state ended ended ended ended consultation_ended"
    ),
    (
      .end(by: Cast.colleague, reason: .emergency),
      "wrong_state wrong_state forbidden forbidden forbidden forbidden consultation_ended"
    ),
    (
      .markOverdue(.claim, dueAt: due),
      "requested wrong_state wrong_state wrong_state wrong_state wrong_state consultation_ended"
    ),
    (
      .markOverdue(.start, dueAt: due),
      "wrong_state wrong_state claimed open wrong_state wrong_state consultation_ended"
    ),
    (
      .handOver(by: Cast.physician, Cast.document),
      "wrong_state wrong_state wrong_state wrong_state in_progress suspended ended"
    ),
    (
      .handOver(by: Cast.colleague, Cast.document),
      "wrong_state wrong_state forbidden forbidden forbidden forbidden forbidden"
    ),
    (
      .fetch(by: Cast.patient, Cast.document.id),
      "unknown_document unknown_document unknown_document unknown_document unknown_document unknown_document "
        + "unknown_document"
    ),
    (
      .withdraw(by: Cast.colleague, Cast.document.id),
      "unknown_document unknown_document forbidden forbidden forbidden forbidden forbidden"
    ),
    (
      .close(by: Cast.patient, why: .confirmed),
      "wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state closed"
    ),
    (
      .close(by: Cast.physician, why: .practitioner),
      "wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state closed"
    ),
    (
      .close(by: Cast.colleague, why: .practitioner),
      "wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state forbidden"
    ),
    (
      .close(by: nil, why: .retention),
      "wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state"
    ),
    (
      .close(by: nil, why: .account),
      "wrong_state wrong_state wrong_state wrong_state wrong_state wrong_state closed"
    ),
  ]

  static func consultation(
    _ state: Consultation.StateName, assignment: Consultation.Assignment = .unassigned
  ) throws -> Consultation {
    let state = try #require(states[state])
    return Consultation(
      id: Cast.consultation, patient: Cast.patient, requester: Cast.patient, assignment: assignment,
      payment: .carteBancaire, requestedAt: Cast.now, state: state,
      clocks: Consultation.Clocks(
        claim: Deadline(due), start: state.claim == nil ? nil : Deadline(due),
        close: state.ending == nil ? nil : Cast.now.advanced(byMilliseconds: 7 * day)),
      documents: [])
  }

  @Test("Every command in every state is allowed or refused as the life of a consultation has it", arguments: table)
  func life(command: Consultation.Command, expected: String) throws {
    let outcomes = expected.split(separator: " ").map(String.init) + ["consultation_closed", "consultation_cancelled"]
    try #require(outcomes.count == Consultation.StateName.allCases.count)
    for (name, expectation) in zip(Consultation.StateName.allCases, outcomes) {
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
      .end(by: Cast.physician, reason: .completed), .close(by: Cast.mother, why: .confirmed),
    ]
    for command in commands {
      now = now.advanced(byMilliseconds: 1_000)
      try consultation.apply(command, at: now)
    }
    let state = consultation.state
    #expect(state.claim?.at == Cast.now.advanced(byMilliseconds: 1_000))
    #expect(state.opening == Consultation.Opening(at: Cast.now.advanced(byMilliseconds: 2_000), status: .minor))
    #expect(state.start?.attested == [Cast.patient, Cast.mother])
    let ended = Cast.now.advanced(byMilliseconds: 6_000)
    #expect(state.ending == Consultation.Ending(at: ended, reason: .completed))
    #expect(state.overAt == ended)
    #expect(state.closing == Consultation.Closing(at: now, why: .confirmed))
  }

  @Test("The rule and the clocks have no actor, everything else has one; each has its name in the journal (CU-13)")
  func actors() {
    let nobodys = ["suspended", "resumed", "overdue"]
    for (command, _) in Self.table {
      let isNobodys = nobodys.contains(command.journalName) || command == .close(by: nil, why: .retention)
      #expect((command.actor == nil) == (isNobodys || command == .close(by: nil, why: .account)))
    }
    #expect(
      Self.table.map(\.command.journalName) == [
        "claimed", "claimed", "refused", "assigned", "unassigned", "released", "released", "cancelled", "opened",
        "opened", "started", "started", "suspended", "resumed", "ended", "ended", "overdue", "overdue",
        "document_handed_over", "document_handed_over", "document_fetched", "document_withdrawn", "closed", "closed",
        "closed", "closed", "closed",
      ])
  }
}

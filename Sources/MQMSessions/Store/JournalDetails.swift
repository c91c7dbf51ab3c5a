import Rooms

extension Proposal {
  /// Who is behind it; nil for a rule, a clock, and what becomes of an account.
  var actor: PersonID? {
    switch origin {
    case .request(_, let by, _), .report(_, let by): by
    case .rule, .room, .account, .clock: nil
    }
  }
}

extension Proposal.Change {
  /// The name under which it stands in the journal.
  var journalName: String {
    switch self {
    case .create: "requested"
    case .transition(_, let command): command.journalName
    case .clockStepped: "clock_stepped"
    case .incident: "incident"
    }
  }
}

extension Consultation {
  /// What the journal says of a request, as JSON.
  var requestDetails: String {
    JSONText.object([
      ("patient", .text(patient.description)), ("requester", .text(requester.description)),
      ("assigned", .optional(assignedPhysician?.description)), ("payment", .text(payment.rawValue)),
      ("requested_at", .number(requestedAt.milliseconds)), ("claim_due_at", .number(clocks.claim.dueAt.milliseconds)),
    ])
  }
}

extension Consultation.Command {
  /// What the journal says beyond who, when and what, as JSON: all that is new in the consultation's row. Never health
  /// data.
  ///
  /// - Parameter after: the consultation as it is then.
  func journalDetails(_ origin: Proposal.Origin, _ after: Consultation) -> String {
    var members: [(String, JSONText.Value)] =
      switch self {
      case .claim(let by):
        [("practitioner", .text(by.description)), ("start_due_at", .optional(after.clocks.start?.dueAt.milliseconds))]
      case .refuse(let by, let grounds): [("physician", .text(by.description)), ("grounds", .text(grounds.rawValue))]
      case .assign(_, let physician):
        [("assigned", .text(physician.description)), ("claim_due_at", .number(after.clocks.claim.dueAt.milliseconds))]
      case .unassign: [("claim_due_at", .number(after.clocks.claim.dueAt.milliseconds))]
      case .release, .cancel, .resume: []
      case .open(_, let status): [("status", .text(status.rawValue))]
      case .start(_, let attested): [("attested", .raw(JSONText.array(attested)))]
      case .suspend: [("cause", .text("guardian_left"))]
      case .end(_, let reason):
        [("reason", .text(reason.rawValue)), ("close_due_at", .optional(after.clocks.close?.milliseconds))]
      case .markOverdue(let clock, let dueAt):
        [("clock", .text(clock.rawValue)), ("due_at", .number(dueAt.milliseconds))]
      case .handOver(_, let document):
        [
          ("document", .text(document.id.description)), ("kind", .text(document.kind.rawValue)),
          ("type", .text(document.type.rawValue)), ("size", .number(Int64(document.size))),
          ("commitment", .text(document.commitment)), ("handed_over_at", .number(document.handedOverAt.milliseconds)),
        ]
      case .fetch(_, let document), .withdraw(_, let document): [("document", .text(document.description))]
      case .close(_, let why): [("why", .text(why.rawValue))]
      }
    if case .account(let cause) = origin { members.append(("cause", .text(cause.rawValue))) }
    return JSONText.object(members)
  }
}

extension Incident {
  /// What the journal says of it, as JSON.
  ///
  /// - Parameter now: when it is written down.
  func journalDetails(at now: Instant) -> String {
    let members: [(String, JSONText.Value)] =
      switch kind {
      case .connectionLost, .takenOver, .iceFailed, .iceRestarted: []
      case .connectionResumed(let lostAt):
        // The system's clock may have been set back meanwhile.
        [("seconds", .number(max(0, now.milliseconds - lostAt.milliseconds) / 1_000))]
      case .relayUsed(let isUsed): [("relay", .raw("\(isUsed)"))]
      case .deviceCheck(let check):
        [
          ("result", .text(check.hasPassed ? "passed" : "failed")), ("camera", .text(check.camera.rawValue)),
          ("microphone", .text(check.microphone.rawValue)), ("speaker", .text(check.speaker.rawValue)),
          ("connection", .text(check.connection.rawValue)), ("browser", .text(check.browser.rawValue)),
        ]
      }
    return JSONText.object([("kind", .text(kind.name)), ("seat", .optional(seat?.rawValue))] + members)
  }
}

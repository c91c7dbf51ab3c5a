extension Consultation {
  /// What somebody, or the persons rule, wants to happen to a consultation that exists.
  public enum Command: Hashable, Sendable {
    case claim(by: PersonID)
    case cancel(by: PersonID)
    case open(by: PersonID, status: PatientStatus)
    case start(by: PersonID, attested: [PersonID])
    /// The last guardian left (CU-6.3c).
    case suspend
    /// A guardian is back (CU-6.3c).
    case resume
    case end(by: PersonID, reason: EndReason)

    /// Who wants it; nil for the rule itself.
    public var actor: PersonID? {
      switch self {
      case .claim(let by), .cancel(let by), .open(let by, _), .start(let by, _), .end(let by, _): by
      case .suspend, .resume: nil
      }
    }

    /// The name under which it stands in the journal once it has happened.
    public var journalName: String {
      switch self {
      case .claim: "claimed"
      case .cancel: "cancelled"
      case .open: "opened"
      case .start: "started"
      case .suspend: "suspended"
      case .resume: "resumed"
      case .end: "ended"
      }
    }
  }

  /// Carries the command out, or refuses it and changes nothing.
  ///
  /// Every pair of a state and a command is written down: see the table of the consultation's life in the domain document.
  public mutating func apply(_ command: Command, at now: Instant) throws(Refusal) {
    switch (command, state) {
    case (_, .ended): throw .consultationEnded
    case (_, .cancelled): throw .consultationCancelled

    case (.claim(let practitioner), .requested):
      if case .attending(let assigned) = assignment, assigned != practitioner { throw .unknownConsultation }
      state = .claimed(Claim(practitioner: practitioner, at: now))
    case (.claim(let practitioner), _):
      // Told to whoever was slower; the winner asking twice has nothing left to claim.
      let winner = state.claim?.practitioner ?? practitioner
      throw winner == practitioner ? .wrongState(state.name) : .alreadyClaimed(by: winner)

    case (.cancel, .requested): state = .cancelled(nil, nil, at: now)
    case (.cancel, .claimed(let claim)): state = .cancelled(claim, nil, at: now)
    case (.cancel, .open(let claim, let opening)): state = .cancelled(claim, opening, at: now)
    case (.cancel, _): throw .wrongState(state.name)

    case (.open(let practitioner, let status), .claimed(let claim)):
      try claim.mustBe(by: practitioner)
      state = .open(claim, Opening(at: now, status: status))
    case (.open(let practitioner, _), _):
      try state.claim?.mustBe(by: practitioner)
      throw .wrongState(state.name)

    case (.start(let practitioner, let attested), .open(let claim, let opening)):
      try claim.mustBe(by: practitioner)
      state = .inProgress(claim, opening, Start(at: now, attested: attested))
    case (.start(let practitioner, _), _):
      try state.claim?.mustBe(by: practitioner)
      throw .wrongState(state.name)

    case (.suspend, .inProgress(let claim, let opening, let start)): state = .suspended(claim, opening, start)
    case (.suspend, _): throw .wrongState(state.name)

    case (.resume, .suspended(let claim, let opening, let start)): state = .inProgress(claim, opening, start)
    case (.resume, _): throw .wrongState(state.name)

    case (.end, .requested): throw .wrongState(.requested)
    case (.end(let practitioner, let reason), .claimed(let claim)):
      try end(claim, nil, nil, by: practitioner, reason: reason, at: now)
    case (.end(let practitioner, let reason), .open(let claim, let opening)):
      try end(claim, opening, nil, by: practitioner, reason: reason, at: now)
    case (.end(let practitioner, let reason), .inProgress(let claim, let opening, let start)),
      (.end(let practitioner, let reason), .suspended(let claim, let opening, let start)):
      try end(claim, opening, start, by: practitioner, reason: reason, at: now)
    }
  }

  private mutating func end(
    _ claim: Claim, _ opening: Opening?, _ start: Start?, by practitioner: PersonID, reason: EndReason, at now: Instant
  ) throws(Refusal) {
    try claim.mustBe(by: practitioner)
    state = .ended(claim, opening, start, Ending(at: now, reason: reason))
  }
}

extension Consultation.Claim {
  fileprivate func mustBe(by practitioner: PersonID) throws(Refusal) {
    guard self.practitioner == practitioner else { throw .forbidden }
  }
}

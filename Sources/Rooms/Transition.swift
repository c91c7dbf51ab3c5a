extension Consultation {
  /// What somebody, a rule or a clock wants to happen to a consultation that exists.
  public enum Command: Hashable, Sendable {
    case claim(by: PersonID)
    /// The assigned physician does not take it (CU-6.5).
    case refuse(by: PersonID, Grounds)
    /// The patient's side names another physician.
    case assign(by: PersonID, to: PersonID)
    /// The patient's side opens it to every practitioner (CU-6.2).
    case unassign(by: PersonID)
    /// The practitioner gives their claim back.
    case release(by: PersonID)
    case cancel(by: PersonID)
    case open(by: PersonID, status: PatientStatus)
    case start(by: PersonID, attested: [PersonID])
    /// The last guardian left (CU-6.3c).
    case suspend
    /// A guardian is back (CU-6.3c).
    case resume
    case end(by: PersonID, reason: EndReason)
    /// A clock ran out: the one that was due then, so that one which was set anew meanwhile is left alone (CU-6.2).
    case markOverdue(Clock, dueAt: Instant)
    case handOver(by: PersonID, Document)
    /// The patient's side has it whole.
    case fetch(by: PersonID, DocumentID)
    /// The practitioner takes back what nobody has fetched yet.
    case withdraw(by: PersonID, DocumentID)
    /// Nobody is behind it when the retention time is over.
    case close(by: PersonID?, why: ClosingReason)

    /// Who wants it; nil for a rule or a clock.
    public var actor: PersonID? {
      switch self {
      case .claim(let by), .refuse(let by, _), .assign(let by, _), .unassign(let by), .release(let by), .cancel(let by),
        .open(let by, _), .start(let by, _), .end(let by, _), .handOver(let by, _), .fetch(let by, _),
        .withdraw(let by, _):
        by
      case .close(let by, _): by
      case .suspend, .resume, .markOverdue: nil
      }
    }

    /// Whether it can happen again and again, and so has to be bounded; what brings a consultation to its end is never
    /// refused for that.
    public var isRepeatable: Bool {
      switch self {
      case .claim, .refuse, .assign, .unassign, .release, .suspend, .handOver, .withdraw: true
      case .cancel, .open, .start, .resume, .end, .markOverdue, .fetch, .close: false
      }
    }

    /// The name under which it stands in the journal once it has happened.
    public var journalName: String {
      switch self {
      case .claim: "claimed"
      case .refuse: "refused"
      case .assign: "assigned"
      case .unassign: "unassigned"
      case .release: "released"
      case .cancel: "cancelled"
      case .open: "opened"
      case .start: "started"
      case .suspend: "suspended"
      case .resume: "resumed"
      case .end: "ended"
      case .markOverdue: "overdue"
      case .handOver: "document_handed_over"
      case .fetch: "document_fetched"
      case .withdraw: "document_withdrawn"
      case .close: "closed"
      }
    }
  }

  /// Carries the command out, or refuses it and changes nothing.
  ///
  /// Every pair of a state and a command is written down: see the table of the consultation's life in the domain document.
  public mutating func apply(
    _ command: Command, at now: Instant, under terms: Terms = Terms()
  ) throws(Refusal) {
    switch (command, state) {
    case (_, .closed): throw .consultationClosed
    case (_, .cancelled): throw .consultationCancelled

    case (.claim(let practitioner), .requested):
      if case .attending(let assigned) = assignment, assigned != practitioner { throw .unknownConsultation }
      state = .claimed(Claim(practitioner: practitioner, at: now))
      clocks.start = Deadline(now.advanced(byMilliseconds: terms.startMilliseconds))
    case (.claim, .ended): throw .consultationEnded
    case (.claim(let practitioner), _):
      // Told to whoever was slower; the winner asking twice has nothing left to claim.
      let winner = state.claim?.practitioner ?? practitioner
      throw winner == practitioner ? .wrongState(state.name) : .alreadyClaimed(by: winner)

    case (.refuse(let physician, let grounds), .requested):
      guard assignment == .attending(physician) else { throw .forbidden }
      state = .refused(Rejection(physician: physician, grounds: grounds, at: now))
    case (.refuse, _): throw wrongState

    case (.assign(_, let physician), .requested):
      // Asking the same physician again would only set the clock back.
      guard assignment != .attending(physician) || overdue != nil else { throw .wrongState(.requested) }
      ask(.attending(physician), at: now, under: terms)
    case (.assign(_, let physician), .refused): ask(.attending(physician), at: now, under: terms)
    case (.assign(_, let physician), .claimed), (.assign(_, let physician), .open):
      guard overdue != nil else { throw .notOverdue }
      ask(.attending(physician), at: now, under: terms)
    case (.assign, _): throw wrongState

    case (.unassign, .requested):
      guard assignment != .unassigned else { throw .wrongState(.requested) }
      ask(.unassigned, at: now, under: terms)
    case (.unassign, .refused): ask(.unassigned, at: now, under: terms)
    case (.unassign, .claimed), (.unassign, .open):
      guard overdue != nil else { throw .notOverdue }
      ask(.unassigned, at: now, under: terms)
    case (.unassign, _): throw wrongState

    case (.release(let practitioner), .claimed(let claim)), (.release(let practitioner), .open(let claim, _)):
      try claim.mustBe(by: practitioner)
      // For the patient nothing has happened yet: their clock was never stopped.
      state = .requested
      clocks.start = nil
    case (.release(let practitioner), _):
      try state.claim?.mustBe(by: practitioner)
      throw wrongState

    case (.cancel, .requested), (.cancel, .refused): state = .cancelled(nil, nil, at: now)
    case (.cancel, .claimed(let claim)): state = .cancelled(claim, nil, at: now)
    case (.cancel, .open(let claim, let opening)): state = .cancelled(claim, opening, at: now)
    case (.cancel, _): throw wrongState

    case (.open(let practitioner, let status), .claimed(let claim)):
      try claim.mustBe(by: practitioner)
      state = .open(claim, Opening(at: now, status: status))
    case (.open(let practitioner, _), _):
      try state.claim?.mustBe(by: practitioner)
      throw wrongState

    case (.start(let practitioner, let attested), .open(let claim, let opening)):
      try claim.mustBe(by: practitioner)
      state = .inProgress(claim, opening, Start(at: now, attested: attested))
    case (.start(let practitioner, _), _):
      try state.claim?.mustBe(by: practitioner)
      throw wrongState

    case (.suspend, .inProgress(let claim, let opening, let start)): state = .suspended(claim, opening, start)
    case (.suspend, _): throw wrongState

    case (.resume, .suspended(let claim, let opening, let start)): state = .inProgress(claim, opening, start)
    case (.resume, _): throw wrongState

    case (.end, .ended): throw .consultationEnded
    case (.end, .requested), (.end, .refused): throw wrongState
    case (.end(let practitioner, let reason), .claimed(let claim)):
      try end(claim, nil, nil, by: practitioner, reason, at: now, under: terms)
    case (.end(let practitioner, let reason), .open(let claim, let opening)):
      try end(claim, opening, nil, by: practitioner, reason, at: now, under: terms)
    case (.end(let practitioner, let reason), .inProgress(let claim, let opening, let start)),
      (.end(let practitioner, let reason), .suspended(let claim, let opening, let start)):
      try end(claim, opening, start, by: practitioner, reason, at: now, under: terms)

    case (.markOverdue(.claim, let dueAt), .requested):
      guard clocks.claim == Deadline(dueAt) else { throw .wrongState(.requested) }
      clocks.claim.overdueAt = now
    case (.markOverdue(.start, let dueAt), .claimed), (.markOverdue(.start, let dueAt), .open):
      guard clocks.start == Deadline(dueAt) else { throw wrongState }
      clocks.start?.overdueAt = now
    case (.markOverdue, _): throw wrongState

    case (.handOver(let practitioner, let document), .inProgress(let claim, _, _)),
      (.handOver(let practitioner, let document), .suspended(let claim, _, _)),
      (.handOver(let practitioner, let document), .ended(let claim, _, _, _)):
      try claim.mustBe(by: practitioner)
      guard documents.count < terms.documents else { throw .tooManyDocuments }
      documents.append(document)
    case (.handOver(let practitioner, _), _):
      try state.claim?.mustBe(by: practitioner)
      throw wrongState

    case (.fetch(_, let id), _):
      guard let index = documents.firstIndex(where: { $0.id == id }) else { throw .unknownDocument }
      guard documents[index].fetchedAt == nil else { throw .alreadyFetched }
      documents[index].fetchedAt = now

    case (.withdraw(let practitioner, let id), _):
      try state.claim?.mustBe(by: practitioner)
      guard let index = documents.firstIndex(where: { $0.id == id }) else { throw .unknownDocument }
      guard documents[index].fetchedAt == nil else { throw .alreadyFetched }
      documents.remove(at: index)

    case (.close(let by, let why), .ended(let claim, let opening, let start, let ending)):
      switch why {
      case .confirmed, .practitioner:
        if why == .practitioner, let by { try claim.mustBe(by: by) }
        guard unfetchedDocuments == 0 else { throw .documentsUnfetched(unfetchedDocuments) }
      case .retention: guard let dueAt = clocks.close, now >= dueAt else { throw .wrongState(.ended) }
      case .account: break
      }
      state = .closed(claim, opening, start, ending, Closing(at: now, why: why))
      documents = []
    case (.close, _): throw wrongState
    }
  }

  /// Not possible now; an end is told as what it is.
  private var wrongState: Refusal {
    state.name == .ended ? .consultationEnded : .wrongState(state.name)
  }

  /// Puts the request before somebody else: a new wait begins.
  private mutating func ask(_ assignment: Assignment, at now: Instant, under terms: Terms) {
    self.assignment = assignment
    state = .requested
    clocks = Clocks(claim: Deadline(now.advanced(byMilliseconds: terms.claimMilliseconds)))
  }

  private mutating func end(
    _ claim: Claim, _ opening: Opening?, _ start: Start?, by practitioner: PersonID, _ reason: EndReason,
    at now: Instant, under terms: Terms
  ) throws(Refusal) {
    try claim.mustBe(by: practitioner)
    state = .ended(claim, opening, start, Ending(at: now, reason: reason))
    clocks.close = now.advanced(byMilliseconds: terms.retentionMilliseconds)
  }
}

extension Consultation.Claim {
  fileprivate func mustBe(by practitioner: PersonID) throws(Refusal) {
    guard self.practitioner == practitioner else { throw .forbidden }
  }
}

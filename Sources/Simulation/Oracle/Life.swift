import Rooms

/// What has happened to a consultation, and what may happen next: the life of a consultation as the domain document tells
/// it, told once more without states.
struct Life {
  let id: ConsultationID
  private(set) var assigned: PersonID?
  private(set) var claimant: PersonID?
  private(set) var isRefused = false
  private(set) var isOpened = false
  private(set) var isStarted = false
  private(set) var isSuspended = false
  /// How often it went on after a suspension.
  private(set) var resumptions = 0
  /// How often a claim was given up, or taken away.
  private(set) var claimsGivenUp = 0
  private(set) var isEnded = false
  private(set) var isClosed = false
  private(set) var isCancelled = false
  private(set) var claimClock: Clock
  private(set) var startClock: Clock?
  private(set) var closesAt: Int64?
  private(set) var documents: [Paper] = []
  let terms: Consultation.Terms

  struct Clock: Equatable {
    var dueAt: Int64
    var hasStruck = false
  }

  struct Paper {
    let id: DocumentID
    var isFetched = false
  }

  init(_ consultation: Consultation, under terms: Consultation.Terms) {
    id = consultation.id
    assigned = consultation.assignedPhysician
    claimClock = Clock(dueAt: consultation.requestedAt.milliseconds + terms.claimMilliseconds)
    self.terms = terms
  }

  private var isFinal: Bool { isClosed || isCancelled }
  private var isUnderWay: Bool { !isEnded && !isFinal }
  /// Nobody has taken it or refused it.
  private var isWaiting: Bool { isUnderWay && claimant == nil && !isRefused }
  /// Taken, and not begun.
  private var isPromised: Bool { isUnderWay && claimant != nil && !isStarted }
  /// The patient has waited for too long.
  private var isOverdue: Bool { isPromised ? startClock?.hasStruck == true : isWaiting && claimClock.hasStruck }

  // MARK: What may happen

  /// Whether the domain lets this happen now; `now` in milliseconds of the machine's clock.
  func permits(_ command: Consultation.Command, at now: Int64) -> Bool {
    switch command {
    case .claim(let by): isWaiting && (assigned == nil || assigned == by)
    case .refuse(let by, _): isWaiting && assigned == by
    case .assign(_, let physician):
      (isUnderWay && isRefused) || isOverdue || (isWaiting && assigned != physician)
    case .unassign: (isUnderWay && isRefused) || (isPromised && isOverdue) || (isWaiting && assigned != nil)
    case .release(let by): isPromised && claimant == by
    case .cancel: isUnderWay && !isStarted
    case .open(let by, _): isPromised && claimant == by && !isOpened
    case .start(let by, _): isPromised && claimant == by && isOpened
    case .suspend: isUnderWay && isStarted && !isSuspended
    case .resume: isUnderWay && isStarted && isSuspended
    case .end(let by, _): isUnderWay && claimant == by
    case .markOverdue(.claim, let dueAt): isWaiting && claimClock == Clock(dueAt: dueAt.milliseconds)
    case .markOverdue(.start, let dueAt): isPromised && startClock == Clock(dueAt: dueAt.milliseconds)
    case .handOver(let by, _):
      !isFinal && (isStarted || isEnded) && claimant == by && documents.count < terms.documents
    case .fetch(_, let document): documents.contains { $0.id == document && !$0.isFetched }
    case .withdraw(let by, let document):
      claimant == by && documents.contains { $0.id == document && !$0.isFetched }
    case .close(let by, let why): isEnded && !isClosed && mayClose(by, why, at: now)
    }
  }

  private func mayClose(_ by: PersonID?, _ why: Consultation.ClosingReason, at now: Int64) -> Bool {
    switch why {
    case .confirmed: documents.allSatisfy(\.isFetched)
    case .practitioner: claimant == by && documents.allSatisfy(\.isFetched)
    case .retention: closesAt.map { $0 <= now } ?? false
    case .account: true
    }
  }

  // MARK: What has happened

  mutating func take(_ command: Consultation.Command, at now: Int64) {
    switch command {
    case .claim(let by):
      claimant = by
      startClock = Clock(dueAt: now + terms.startMilliseconds)
    case .refuse: isRefused = true
    case .assign(_, let physician): begin(anewFor: physician, at: now)
    case .unassign: begin(anewFor: nil, at: now)
    case .release: giveUpClaim()
    case .cancel: isCancelled = true
    case .open: isOpened = true
    case .start: isStarted = true
    case .suspend: isSuspended = true
    case .resume:
      isSuspended = false
      resumptions += 1
    case .end:
      isEnded = true
      closesAt = now + terms.retentionMilliseconds
    case .markOverdue(.claim, _): claimClock.hasStruck = true
    case .markOverdue(.start, _): startClock?.hasStruck = true
    case .handOver(_, let document): documents.append(Paper(id: document.id))
    case .fetch(_, let document):
      for index in documents.indices where documents[index].id == document { documents[index].isFetched = true }
    case .withdraw(_, let document): documents.removeAll { $0.id == document }
    case .close:
      isClosed = true
      documents = []
    }
  }

  private mutating func begin(anewFor physician: PersonID?, at now: Int64) {
    giveUpClaim()
    isRefused = false
    assigned = physician
    claimClock = Clock(dueAt: now + terms.claimMilliseconds)
  }

  private mutating func giveUpClaim() {
    if claimant != nil { claimsGivenUp += 1 }
    claimant = nil
    isOpened = false
    startClock = nil
  }

  /// The machine's clock was set: whoever waits does so for as long as they were told.
  mutating func clockStepped(byMilliseconds step: Int64) {
    guard !isFinal else { return }
    if !claimClock.hasStruck { claimClock.dueAt += step }
    if startClock?.hasStruck == false { startClock?.dueAt += step }
    closesAt = closesAt.map { $0 + step }
  }

  // MARK: What is on record

  /// What of a consultation on record is not as it has happened; nil if everything is.
  func contradiction(in consultation: Consultation) -> String? {
    let state = consultation.state
    let clocks = consultation.clocks
    if state.name != name { return "is \(state.name), not \(name)" }
    if consultation.assignedPhysician != assigned { return "is not assigned as it was asked for" }
    if !isCancelled, state.claim?.practitioner != claimant { return "is claimed by somebody else" }
    if clocks.claim.dueAt.milliseconds != claimClock.dueAt { return "has another claim clock" }
    if (clocks.claim.overdueAt != nil) != claimClock.hasStruck {
      return "has a claim clock that forgot whether it struck"
    }
    if clocks.start?.dueAt.milliseconds != startClock?.dueAt { return "has another start clock" }
    if (clocks.start?.overdueAt != nil) != (startClock?.hasStruck == true) {
      return "has a start clock that forgot whether it struck"
    }
    if clocks.close?.milliseconds != closesAt { return "is closed at another time" }
    let papers = consultation.documents
    if papers.map(\.id) != documents.map(\.id) { return "has other documents" }
    if papers.map({ $0.fetchedAt != nil }) != documents.map(\.isFetched) { return "forgot what was fetched" }
    return nil
  }

  private var name: Consultation.StateName {
    if isCancelled { return .cancelled }
    if isClosed { return .closed }
    if isEnded { return .ended }
    if isStarted { return isSuspended ? .suspended : .inProgress }
    if isOpened { return .open }
    if claimant != nil { return .claimed }
    return isRefused ? .refused : .requested
  }
}

import Rooms

/// What the record decides, judged when it does.
extension Oracle {
  /// - Parameter now: of the machine's clock, in milliseconds.
  mutating func isDecided(_ proposal: Proposal, _ outcome: Outcome, at now: Int64) {
    note(proposal.origin, outcome)
    switch (proposal.change, outcome) {
    case (.create(let asked, _), .recorded(let consultation)):
      lives.append(Life(asked, under: terms))
      compare(consultation)
    case (.transition(let id, let command), .recorded(let consultation)):
      guard let index = lives.firstIndex(where: { $0.id == id }) else {
        return require(false, "\(command) of an unknown consultation was recorded")
      }
      require(
        lives[index].permits(command, at: now),
        "\(Self.clause(of: command)): \(command) of \(id) was recorded, and may not happen now")
      judgeTime(of: command, now)
      lives[index].take(command, at: now)
      compare(consultation)
    case (.transition(let id, let command), .refused(let refusal))
    where refusal != .unavailable && refusal != .keyReused:
      guard let life = lives.first(where: { $0.id == id }) else { return }
      require(
        !life.permits(command, at: now),
        "\(Self.clause(of: command)): \(command) of \(id) may happen now, and was refused: \(refusal)")
    case (.clockStepped(let step), .noted):
      for index in lives.indices { lives[index].clockStepped(byMilliseconds: step) }
    default: break
    }
  }

  /// CU-6.2: never before its time.
  private mutating func judgeTime(of command: Consultation.Command, _ now: Int64) {
    if case .markOverdue(let clock, let dueAt) = command {
      require(dueAt.milliseconds <= now, "CU-6.2: the \(clock.rawValue) clock struck too early")
    }
  }

  /// The record says what has happened, and nothing else.
  mutating func compare(_ consultation: Consultation) {
    guard let life = lives.first(where: { $0.id == consultation.id }) else {
      return require(false, "\(consultation.id) is on record, and was never asked for")
    }
    if let contradiction = life.contradiction(in: consultation) {
      require(false, "CU-13: \(consultation.id) \(contradiction)")
    }
  }

  private static func clause(of command: Consultation.Command) -> String {
    switch command {
    case .claim, .release: "CU-6.1"
    case .refuse: "CU-6.5"
    case .assign, .unassign, .markOverdue: "CU-6.2"
    case .open, .start, .suspend, .resume: "CU-6.3"
    case .cancel, .end: "CU-6.4"
    case .handOver, .fetch, .withdraw, .close: "CU-5.2"
    }
  }

  // MARK: Clocks

  /// CU-6.2: whatever is due is on its way to the record, or was a moment ago and could not be written.
  ///
  /// - Parameter isUnderWay: whether a clock's proposal for that consultation is on its way.
  mutating func checkClocks(isUnderWay: (ConsultationID) -> Bool) {
    for fact in facts where isDue(fact) && !isUnderWay(fact.id) {
      let failedAt = strikesThatFailed.last { $0.consultation == fact.id }?.at
      require(
        failedAt.map { now - $0 < 1_000 } ?? false, "CU-6.2: a deadline of \(fact.id) passed and nothing happened")
    }
  }

  func isDue(_ fact: Fact) -> Bool {
    let clocks = fact.consultation.clocks
    return switch fact.consultation.state.name {
    case .requested: clocks.claim.overdueAt == nil && clocks.claim.dueAt.milliseconds <= now
    case .claimed, .open:
      clocks.start.map { $0.overdueAt == nil && $0.dueAt.milliseconds <= now } ?? false
    case .ended: clocks.close.map { $0.milliseconds <= now } ?? false
    case .refused, .inProgress, .suspended, .closed, .cancelled: false
    }
  }

  /// A clock proposes what its time has come for, once.
  mutating func judgeClock(_ proposal: Proposal) {
    guard case .transition(let id, let command) = proposal.change, let fact = fact(id) else {
      return require(false, "a clock proposed \(proposal.change)")
    }
    switch command {
    case .markOverdue, .close(by: nil, why: .retention): require(isDue(fact), "CU-6.2: \(command) of \(id) is not due")
    default: require(false, "a clock proposed \(command)")
    }
  }

  // MARK: Notices

  /// The patient is written to about what has just been recorded, or the day before their documents go; once.
  mutating func judge(_ notice: Notice, about id: ConsultationID) {
    let command: Consultation.Command? =
      if case .recorded = delivered?.outcome, case .transition(id, let command) = delivered?.proposal.change {
        command
      } else {
        nil
      }
    let isTrue =
      switch (notice, command) {
      case (.overdue, .markOverdue), (.refused, .refuse), (.documentHandedOver, .handOver): true
      case (.closesTomorrow, nil): isSoonClosed(id)
      default: false
      }
    require(isTrue, "the patient of \(id) was told \(notice), which is not so")
    if notice == .closesTomorrow {
      require(!toldOfClosing.contains(id), "the patient of \(id) was told twice that it is closed soon")
      toldOfClosing.append(id)
    }
    told.append(notice)
  }

  private func isSoonClosed(_ id: ConsultationID) -> Bool {
    guard let fact = fact(id), fact.consultation.state.name == .ended, let close = fact.consultation.clocks.close
    else { return false }
    return now >= close.milliseconds - terms.noticeMilliseconds && now < close.milliseconds
  }

  /// Everything that the patient must hear of in this step was told.
  mutating func checkNotices() {
    if case .recorded = delivered?.outcome, case .transition(let id, let command) = delivered?.proposal.change {
      let due: Notice? =
        switch command {
        case .markOverdue: .overdue
        case .refuse: .refused
        case .handOver: .documentHandedOver
        default: nil
        }
      if let due { require(told.contains(due), "the patient of \(id) was not told: \(due)") }
    }
    for fact in facts where hasTicked && isSoonClosed(fact.id) {
      require(toldOfClosing.contains(fact.id), "the patient of \(fact.id) was not told that it is closed soon")
    }
    told = []
  }
}

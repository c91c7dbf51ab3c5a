/// What happens because time passes: both clocks of CU-6.2, and the end of the retention time.
extension Hall {
  /// When ``tick(at:)`` has something to do, at the soonest; nil for never.
  public var nextDue: Instant? { timetable.nextDue }

  /// Proposes what is due. What cannot be recorded comes again a second later.
  public mutating func tick(at moment: Moment) -> [Effect] {
    var effects: [Effect] = []
    while let id = timetable.pop(at: moment.now) {
      guard let consultation = entries[id]?.consultation else { continue }
      switch consultation.due(at: moment.now, under: settings.terms) {
      case .command(let command):
        effects.append(.record(Proposal(origin: .clock, change: .transition(id, command))))
      case .notice:
        if toldOfClosing.insert(id).inserted { effects.append(.tell(.closesTomorrow, id)) }
        schedule(consultation)
      // The record could not be written when it was due, and something else has happened since.
      case nil: schedule(consultation)
      }
    }
    return effects
  }

  /// Takes note of when something of it is due next.
  mutating func schedule(_ consultation: Consultation) {
    let wasTold = toldOfClosing.contains(consultation.id)
    timetable.put(consultation.id, dueAt: consultation.nextDue(under: settings.terms, wasTold: wasTold))
  }

  /// The record could not be written: the clock strikes again, if nothing else that has happened since is due before.
  mutating func strikeAgain(_ id: ConsultationID, at moment: Moment) {
    timetable.add(id, dueAt: moment.now.advanced(byMilliseconds: 1_000))
  }

  /// The system's clock was set, and the record says so: every deadline has moved along.
  mutating func clockStepped(byMilliseconds step: Int64) -> [Effect] {
    timetable.removeAll()
    var effects: [Effect] = []
    for (id, entry) in entries.sorted(by: { $0.key < $1.key }) where !entry.consultation.state.isFinal {
      entries[id]?.consultation.stepClocks(byMilliseconds: step)
      guard let consultation = entries[id]?.consultation else { continue }
      schedule(consultation)
      let parties = parties(of: consultation)
      if !parties.isEmpty { effects.append(.consultationChanged(id, to: parties)) }
      if consultation.state == .requested { effects.append(.queueGained(id, to: onlookers(of: consultation))) }
    }
    return effects
  }
}

extension Consultation {
  enum Due: Equatable {
    case command(Command)
    /// The patient is to be told that it is closed soon.
    case notice
  }

  /// The moment at which it is closed by itself, and the one of the notice before.
  private func closing(under terms: Terms) -> (notice: Instant, close: Instant)? {
    guard case .ended = state, let close = clocks.close else { return nil }
    return (close.advanced(byMilliseconds: -terms.noticeMilliseconds), close)
  }

  /// The clock that runs now.
  private var running: (clock: Clock, dueAt: Instant)? {
    switch state {
    case .requested: clocks.claim.overdueAt == nil ? (.claim, clocks.claim.dueAt) : nil
    case .claimed, .open: clocks.start.flatMap { $0.overdueAt == nil ? (.start, $0.dueAt) : nil }
    default: nil
    }
  }

  /// When something is due next.
  ///
  /// - Parameter wasTold: whether the patient was told that it is closed soon.
  func nextDue(under terms: Terms, wasTold: Bool) -> Instant? {
    if let running { return running.dueAt }
    guard let (notice, close) = closing(under: terms) else { return nil }
    return wasTold ? close : min(notice, close)
  }

  /// What is due by now.
  func due(at now: Instant, under terms: Terms) -> Due? {
    if let (clock, dueAt) = running { return dueAt <= now ? .command(.markOverdue(clock, dueAt: dueAt)) : nil }
    guard let (notice, close) = closing(under: terms) else { return nil }
    if close <= now { return .command(.close(by: nil, why: .retention)) }
    return notice <= now ? .notice : nil
  }
}

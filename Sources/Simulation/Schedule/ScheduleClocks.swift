import Rooms

/// Time passes, and somebody sets the machine's clock.
extension Schedule {
  /// A day for each, as the domain has it, or so little that deadlines fall into the schedule.
  static func terms(using random: inout SplitMix64) -> Consultation.Terms {
    var terms = Consultation.Terms()
    if random.chance(60) {
      terms.claimMilliseconds = Int64(5_000 + random.below(60_000))
      terms.startMilliseconds = Int64(5_000 + random.below(60_000))
    }
    if random.chance(60) {
      terms.retentionMilliseconds = Int64(20_000 + random.below(100_000))
      terms.noticeMilliseconds = terms.retentionMilliseconds / Int64(2 + random.below(3))
    }
    terms.documents = 1 + random.below(3)
    return terms
  }

  /// Time passes, and everything that is due in it happens.
  mutating func pass(milliseconds: Int64) {
    let end = clock.steady + milliseconds
    while oracle.violation == nil, let (at, due) = nextDue, at <= end {
      advance(to: at)
      play(due)
      beat()
      // The record moves at its own pace.
      if random.chance(15) { moveRecord() }
    }
    advance(to: end)
  }

  private mutating func advance(to steady: Int64) {
    if steady > clock.steady { clock.advance(byMilliseconds: steady - clock.steady) }
    oracle.steady = clock.steady
    oracle.checkGhosts()
    strike()
  }

  /// What happens by itself.
  private enum Due {
    case up(Int)
    case down(Int)
    case brokerNotices(Int)
    case pageNotices(Int)
    case pong(Int)
    case retry(Int)
    case rejoin(Int)
    case absence(ConnectionID)
    case reminder(Int)
    case comeback(Int)
    case hold(Int)
    case deadline
  }

  /// What happens next by itself, and when by the steady clock.
  private var nextDue: (at: Int64, Due)? {
    var soonest: (at: Int64, Due)?
    func consider(_ at: Int64?, _ due: Due) {
      if let at, at < soonest?.at ?? .max { soonest = (at, due) }
    }
    for (index, channel) in channels.enumerated() where !channel.isDead {
      consider(channel.nextUp, .up(index))
      consider(channel.nextDown, .down(index))
      consider(channel.brokerNoticesAt, .brokerNotices(index))
      consider(channel.pageNoticesAt, .pageNotices(index))
      consider(channel.pongAt, .pong(index))
    }
    for (index, page) in pages.enumerated() where page.isOpen {
      consider(page.retryAt, .retry(index))
      consider(page.rejoinAt, .rejoin(index))
    }
    for (index, session) in sessions.enumerated() {
      consider(session?.continuity.nextDue, .absence(ConnectionID(UInt64(index))))
    }
    for (index, reminder) in reminders.enumerated() { consider(reminder.due, .reminder(index)) }
    for (index, comeback) in comebacks.enumerated() { consider(comeback.due, .comeback(index)) }
    for (index, hold) in holds.enumerated() { consider(hold.due, .hold(index)) }
    if !isSettingClock, let due = hall.nextDue {
      consider(clock.steady + max(0, due.milliseconds - clock.milliseconds), .deadline)
    }
    return soonest
  }

  private mutating func play(_ due: Due) {
    switch due {
    case .up(let index): arriveAtBroker(index)
    case .down(let index): arriveAtPage(index)
    case .brokerNotices(let index): brokerNotices(index)
    case .pageNotices(let index): pageNotices(index)
    case .pong(let index): confirm(index)
    case .retry(let index): open(index)
    case .rejoin(let index): rejoin(index)
    case .absence(let connection): isMissed(connection)
    case .reminder(let index):
      let id = reminders.remove(at: index).consultation
      step("reminded of \(id)") { $0.reminded(id) }
    case .comeback(let index):
      let id = comebacks.remove(at: index).consultation
      oracle.comebackIsOver(in: id)
      step("comeback in \(id) is over") { $0.comebackIsOver(id) }
    case .hold(let index):
      let (id, hold, _) = holds.remove(at: index)
      step("nobody is expected back to hold \(hold) of \(id)") { $0.returnIsOverdue(id, hold: hold) }
    case .deadline: strike()
    }
  }

  /// Whether a step of the clock is on its way to the record.
  private var isSettingClock: Bool {
    proposals.contains { $0.proposal.consultation == nil } || decisions.contains { $0.proposal.consultation == nil }
  }

  /// The shell asks the hall what is due. While a step of the clock is on its way to the record the deadlines are not those
  /// of this clock, and it does not ask.
  mutating func strike() {
    oracle.hasTicked = false
    guard !isSettingClock else { return }
    let moment = clock.moment
    guard let due = hall.nextDue, due <= moment.now else {
      oracle.hasTicked = true
      return
    }
    oracle.hasTicked = true
    step("the clocks strike") { $0.tick(at: moment) }
  }

  /// Somebody sets the machine's clock, by minutes or days, and the broker notices.
  mutating func setClock() {
    let step = Int64(1 + random.below(random.chance(70) ? 3_600_000 : 10 * 86_400_000)) * (random.chance(50) ? 1 : -1)
    clock.jump(byMilliseconds: step)
    transcript.note(clock, "the machine's clock is set by \(step) ms")
    oracle.hasTicked = false
    proposals.append((Proposal(origin: .clock, change: .clockStepped(byMilliseconds: step)), clock.milliseconds))
  }
}

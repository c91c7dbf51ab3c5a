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

  mutating func pass(milliseconds: Int64) {
    clock.advance(byMilliseconds: milliseconds)
    strike()
  }

  /// The shell asks the hall what is due. While a step of the clock is on its way to the record the deadlines are not those
  /// of this clock, and it does not ask.
  mutating func strike() {
    let isSettingClock =
      proposals.contains { $0.proposal.consultation == nil } || decisions.contains { $0.proposal.consultation == nil }
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

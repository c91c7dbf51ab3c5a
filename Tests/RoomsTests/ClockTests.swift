import Testing

@testable import Rooms

@Suite("Both clocks, the retention time, and a system clock that is set (CU-6.2)")
struct ClockTests {
  private let id = Stage.id
  private static let day: Int64 = 24 * 3_600_000

  private func overdue(_ clock: Consultation.Clock, dueAt: Int64) -> Effect {
    .record(
      Proposal(
        origin: .clock,
        change: .transition(id, .markOverdue(clock, dueAt: Cast.now.advanced(byMilliseconds: dueAt)))))
  }

  private func tick(_ stage: inout Stage) -> [Effect] { stage.hall.tick(at: stage.moment) }

  @Test("A request that nobody claims is overdue after a day, once, and the patient is told")
  func claimClock() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    #expect(stage.hall.nextDue == Cast.now.advanced(byMilliseconds: Self.day))
    stage.pass(milliseconds: Self.day - 1)
    #expect(tick(&stage).isEmpty)
    stage.pass(milliseconds: 1)
    let strike = tick(&stage)
    #expect(strike == [overdue(.claim, dueAt: Self.day)])
    #expect(tick(&stage).isEmpty, "it is on its way to the record")
    #expect(
      try stage.decide(strike) == [
        .queueGained(id, to: [Stage.physician, Stage.colleague]), .tell(.overdue, id),
        .consultationChanged(id, to: [Stage.child, Stage.mother, Stage.father]),
      ])
    #expect(stage.hall.nextDue == nil)
    #expect(stage.hall.entries[id]?.consultation.overdue?.clock == .claim)
  }

  @Test("A claim stops the first clock and starts the second; giving it back lets the first go on")
  func startClock() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    stage.pass(milliseconds: 1_000)
    _ = try stage.decide(stage.claim())
    #expect(stage.hall.nextDue == Cast.now.advanced(byMilliseconds: Self.day + 1_000))
    stage.pass(milliseconds: Self.day)
    #expect(tick(&stage) == [overdue(.start, dueAt: Self.day + 1_000)])

    var back = Stage.crowded()
    try back.playToClaimed()
    back.pass(milliseconds: Self.day + 5)
    _ = try back.decide(tick(&back))
    _ = try back.decide(back.release())
    #expect(tick(&back) == [overdue(.claim, dueAt: Self.day)], "the patient has waited for a day")
  }

  @Test("A clock that the record refused strikes again a second later if it could not be written, and else never")
  func unavailable() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    stage.pass(milliseconds: Self.day)
    let strike = try #require(Stage.proposal(in: tick(&stage)))
    #expect(stage.hall.recorded(strike, .refused(.unavailable), at: stage.moment).isEmpty)
    stage.pass(milliseconds: 999)
    #expect(tick(&stage).isEmpty)
    stage.pass(milliseconds: 1)
    #expect(tick(&stage) == [.record(strike)])
    #expect(stage.hall.recorded(strike, .refused(.wrongState(.requested)), at: stage.moment).isEmpty)
    #expect(stage.hall.nextDue == nil)
  }

  @Test("What waits for its start while the start is being recorded is not overdue (CU-6.2)")
  func overtaken() throws {
    var stage = Stage.crowded()
    try stage.playToSeated()
    stage.pass(milliseconds: Self.day)
    let strike = tick(&stage)
    _ = try stage.decide(stage.start([Cast.patient, Cast.mother]))
    #expect(try stage.decide(strike).isEmpty)
    #expect(stage.hall.entries[id]?.consultation.overdue == nil)
    #expect(stage.hall.nextDue == nil)
  }

  @Test("The notice comes once, a day before the retention time is over; then it is closed, once (CU-5.2)")
  func retention() throws {
    var stage = Stage.crowded()
    try stage.play(to: .ended)
    stage.pass(milliseconds: 6 * Self.day - 1)
    #expect(tick(&stage).isEmpty)
    stage.pass(milliseconds: 1)
    #expect(tick(&stage) == [.tell(.closesTomorrow, id)])
    stage.pass(milliseconds: Self.day - 1)
    #expect(tick(&stage).isEmpty)
    stage.pass(milliseconds: 1)
    let strike = tick(&stage)
    #expect(
      strike == [.record(Proposal(origin: .clock, change: .transition(id, .close(by: nil, why: .retention))))])
    _ = try stage.decide(strike)
    #expect(stage.hall.entries[id]?.reason == nil)
    #expect(stage.hall.nextDue == nil)
  }

  @Test("A system clock that is set moves what still runs, and nothing that has run out")
  func clockStepped() throws {
    let step: Int64 = -3_600_000
    var stage = Stage.crowded()
    try stage.playToRequested()
    let proposal = Proposal(origin: .clock, change: .clockStepped(byMilliseconds: step))
    #expect(
      stage.hall.recorded(proposal, .noted, at: stage.moment) == [
        .consultationChanged(id, to: [Stage.child, Stage.mother, Stage.father]),
        .queueGained(id, to: [Stage.physician, Stage.colleague]),
      ])
    #expect(stage.hall.nextDue == Cast.now.advanced(byMilliseconds: Self.day + step))

    var late = Stage.crowded()
    try late.playToRequested()
    late.pass(milliseconds: Self.day)
    _ = try late.decide(tick(&late))
    _ = late.hall.recorded(proposal, .noted, at: late.moment)
    #expect(late.hall.nextDue == nil)
    #expect(late.hall.entries[id]?.consultation.clocks.claim.dueAt == Cast.now.advanced(byMilliseconds: Self.day))
  }

  @Test("A clock that is set does not tell the patient a second time")
  func toldOnce() throws {
    var stage = Stage.crowded()
    try stage.play(to: .ended)
    stage.pass(milliseconds: 6 * Self.day)
    #expect(tick(&stage) == [.tell(.closesTomorrow, id)])
    let proposal = Proposal(origin: .clock, change: .clockStepped(byMilliseconds: 60_000))
    _ = stage.hall.recorded(proposal, .noted, at: stage.moment)
    stage.pass(milliseconds: 60_000)
    #expect(tick(&stage).isEmpty)
    #expect(stage.hall.nextDue == Cast.now.advanced(byMilliseconds: 7 * Self.day + 60_000))
  }

  // MARK: The timetable

  private static let first = ConsultationID(high: 2, low: 1)
  private static let second = ConsultationID(high: 2, low: 2)

  @Test("Of a consultation only what was put down last counts")
  func lastCounts() {
    var timetable = Timetable()
    timetable.put(Self.first, dueAt: Instant(milliseconds: 10))
    timetable.put(Self.second, dueAt: Instant(milliseconds: 20))
    timetable.put(Self.first, dueAt: Instant(milliseconds: 30))
    #expect(timetable.nextDue == Instant(milliseconds: 20))
    timetable.put(Self.first, dueAt: Instant(milliseconds: 10))
    timetable.put(Self.second, dueAt: nil)
    #expect(timetable.pop(at: Instant(milliseconds: 9)) == nil)
    #expect(timetable.pop(at: Instant(milliseconds: 50)) == Self.first)
    #expect(timetable.pop(at: Instant(milliseconds: 50)) == nil)
    #expect(timetable.nextDue == nil)
  }

  @Test("What is added to what is due sooner changes nothing, and else counts")
  func addition() {
    var timetable = Timetable()
    timetable.put(Self.first, dueAt: Instant(milliseconds: 10))
    timetable.add(Self.first, dueAt: Instant(milliseconds: 30))
    #expect(timetable.nextDue == Instant(milliseconds: 10))
    timetable.add(Self.first, dueAt: Instant(milliseconds: 5))
    #expect(timetable.pop(at: Instant(milliseconds: 5)) == Self.first)
    timetable.add(Self.first, dueAt: Instant(milliseconds: 40))
    #expect(timetable.nextDue == Instant(milliseconds: 40))
  }

  @Test("What is due comes soonest first, whatever the order in which it was put down")
  func order() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var timetable = Timetable()
      let instants = (0..<50).map { _ in Int64.random(in: 0..<40, using: &random) }
      for (number, instant) in instants.enumerated() {
        timetable.put(ConsultationID(high: 2, low: UInt64(number)), dueAt: Instant(milliseconds: instant))
      }
      var popped: [Int64] = []
      while let id = timetable.pop(at: Instant(milliseconds: 40)) { popped.append(instants[Int(id.low)]) }
      #expect(popped == instants.sorted())
    }
  }
}

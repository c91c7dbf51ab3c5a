import Foundation
import Rooms
import Simulation
import Transport

/// One run against a broker, from the first connection to the report. Everything happens on the event loop's thread.
public final class LoadRun {
  enum Stage { case preparing, warmingUp, measuring, draining, over }

  let plan: LoadPlan
  let target: ClientTarget
  let group: ClientGroup
  let loop: EventLoop
  let server: (any ServerUnderLoad)?
  let timetable: Timetable
  private let progress: (String) -> Void
  private let completion: (LoadReport) -> Void

  var tally = Tally()
  /// What those who attack met; refusals are what they should meet.
  var attackers = Tally()
  var recorder = Recorder()
  var random: SplitMix64
  private(set) var stage = Stage.preparing
  private(set) var workforce: [Device] = []
  var desk: Desk
  var patients: Patients
  var visits = Visits()
  /// Those whose disturbance needs them.
  private(set) var extras: (practitioners: [CastMember], adults: [CastMember])
  private var arrivals: Arrivals?
  private var sourceCount: UInt32 = 0
  private(set) var disturbance: (any Disturbance)?
  private var ticker: TimerToken?
  let startedAt = Date()
  private(set) var timeline = Timeline()
  /// What this program had used before it began.
  let ownUsage: ServerUsage?

  /// - Parameters:
  ///   - server: the broker's process, if it is at hand.
  ///   - progress: given a line every second.
  ///   - completion: given the report, once.
  public init(
    plan: LoadPlan, target: ClientTarget, cast: Cast, loop: EventLoop, server: (any ServerUnderLoad)?,
    progress: @escaping (String) -> Void, completion: @escaping (LoadReport) -> Void
  ) {
    self.plan = plan
    self.target = target
    self.loop = loop
    self.server = server
    self.progress = progress
    self.completion = completion
    group = ClientGroup(loop: loop)
    timetable = Timetable(loop)
    random = SplitMix64(seed: plan.seed)
    desk = Desk(racers: plan.racers)
    let extra = plan.disturbance?.people ?? Cast.Size(practitioners: 0, adults: 0, families: 0)
    extras = (
      Array(cast.practitioners.suffix(min(extra.practitioners, max(0, cast.practitioners.count - 1)))),
      Array(cast.adults.suffix(min(extra.adults, max(0, cast.adults.count - 1))))
    )
    patients = Patients(adults: cast.adults.dropLast(extras.adults.count), families: cast.families)
    ownUsage = ServerUsage(pid: getpid())
    let source = { self.nextSource() }
    // Without consultations nobody is needed for them.
    let atWork = plan.rate > 0 ? cast.practitioners.dropLast(extras.practitioners.count) : []
    workforce = atWork.map { member in
      Device(member, script: PractitionerScript(style: CallStyle(length: plan.call)), run: self, source: source())
    }
    disturbance = plan.disturbance.map { makeDisturbance($0, self) }
  }

  /// Begins; on the loop's thread.
  public func begin() {
    loop.checkIsolated()
    tick()
    // Not all at once: a practice fills in the course of a morning, and this is not the storm.
    let step = 2_000_000_000 / UInt64(max(200, workforce.count))
    for (index, device) in workforce.enumerated() {
      timetable.schedule(at: timeline.start + UInt64(index) * step) { device.connect(due: $0) }
    }
    disturbance?.prepare()
    checkReadiness()
    timetable.schedule(at: timeline.start + 60_000_000_000) { [self] _ in
      guard stage == .preparing else { return }
      tally.count(.protocolBroken("not everybody could sign in within 60 s"))
      finish()
    }
  }

  /// Ends early: what is under way is given a few seconds, and the report is made. On the loop's thread.
  public func stop() {
    guard stage != .draining, stage != .over else { return }
    drain(patience: 5)
  }

  func uuid() -> String {
    let high = random.next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    return Identifier<LoadRun>(high: high, low: low).description
  }

  /// Each client comes from an address of its own, as people do, where the broker is on this machine's loopback.
  func nextSource() -> UInt32? {
    guard target.isLoopback else { return nil }
    sourceCount += 1
    return 0x400000 + sourceCount
  }

  // MARK: The course of a run

  /// Goes on as soon as everybody is signed in.
  func checkReadiness() {
    guard stage == .preparing, workforce.allSatisfy(\.isSignedIn), disturbance?.isReady ?? true else { return }
    stage = .warmingUp
    let now = MonotonicTime.nanoseconds
    if plan.rate > 0 {
      arrivals = Arrivals(rate: plan.rate, seed: plan.seed, from: now)
      scheduleArrival()
    }
    let measured = now + plan.warmUp.nanosecondCount
    timetable.schedule(at: measured) { [self] at in
      guard stage == .warmingUp else { return }
      stage = .measuring
      recorder.beginPhase(at: at)
    }
    let end = measured + plan.duration.nanosecondCount
    guard let disturbance else { return timetable.schedule(at: end) { [self] _ in drain(patience: 30) } }
    timetable.schedule(at: end) { [self] at in
      guard stage == .measuring else { return }
      recorder.beginPhase(at: at)
      disturbance.begin(at: at)
    }
    timetable.schedule(at: end + plan.duration.nanosecondCount) { [self] _ in drain(patience: 30) }
  }

  private func scheduleArrival() {
    guard let due = arrivals?.next else { return }
    timetable.schedule(at: due) { [self] _ in
      guard stage == .warmingUp || stage == .measuring else { return }
      while let due = arrivals?.next, due <= MonotonicTime.nanoseconds {
        arrive(Patients.Arrival(at: due, isChild: Double.random(in: 0..<1, using: &random) < plan.children))
        arrivals?.advance()
      }
      scheduleArrival()
    }
  }

  private func drain(patience: UInt64) {
    guard stage != .draining, stage != .over else { return }
    let now = MonotonicTime.nanoseconds
    if stage == .measuring { recorder.pause(at: now) }
    stage = .draining
    disturbance?.end(at: now)
    let deadline = now + patience * 1_000_000_000 + plan.call.nanosecondCount
    checkDrained(deadline)
  }

  private func checkDrained(_ deadline: UInt64) {
    guard stage == .draining else { return }
    let now = MonotonicTime.nanoseconds
    let isDrained = visits.underWay.isEmpty && patients.held.isEmpty && disturbance?.isOver ?? true
    if isDrained || now >= deadline {
      // What the last consultations told everybody may still be on its way.
      return timetable.schedule(at: now + 300_000_000) { [self] _ in finish() }
    }
    timetable.schedule(at: now + 50_000_000) { [self] _ in checkDrained(deadline) }
  }

  private func finish() {
    guard stage != .over else { return }
    for _ in patients.held { tally.count(.unfinished) }
    for visit in visits.underWay.values where !visit.isOver {
      tally.failed += 1
      tally.count(.unfinished)
    }
    // Nobody waits any more, so nobody may still see a card of this run.
    if visits.underWay.isEmpty {
      let queues = workforce.compactMap { ($0.script as? PractitionerScript)?.queue }
      let seen = queues.count { visits.haveGhosts(in: $0) }
      if seen > 0 { tally.count(.protocolBroken("queues that still show what is over"), times: seen) }
    }
    disturbance?.conclude()
    closeSecond()
    stage = .over
    ticker?.cancel()
    timetable.end()
    for device in workforce { device.leave() }
    for visit in visits.underWay.values { for device in visit.devices { device.leave() } }
    let report = makeReport()
    // Goodbyes go out with the end of this turn.
    _ = loop.schedule(after: .milliseconds(100)) { [completion] in completion(report) }
  }

  // MARK: Every second

  private func tick() {
    ticker = loop.schedule(after: .seconds(1)) { [self] in
      guard stage != .over else { return }
      closeSecond()
      tick()
    }
  }

  private func closeSecond() {
    let second = timeline.close(
      phase: stageName, tally: tally, latencies: recorder.takeSecond(), underWay: visits.underWay.count,
      sample: server?.usage())
    progress(ReportText.progress(second, tally: tally))
  }

  private var stageName: String {
    switch stage {
    case .preparing: "signing in"
    case .warmingUp: "warm-up"
    case .measuring: phaseName(recorder.phases.count - 1)
    case .draining, .over: "finishing"
    }
  }

  func phaseName(_ index: Int) -> String {
    guard let kind = plan.disturbance else { return "steady" }
    return index == 0 ? "quiet" : kind.name
  }
}

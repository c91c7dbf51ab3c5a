import Foundation
import Rooms
import Simulation
import Transport

/// One run against a broker, from the first connection to the report. Everything happens on the event loop's thread.
public final class LoadRun {
  private enum Stage { case preparing, warmingUp, measuring, draining, over }

  let plan: LoadPlan
  let target: ClientTarget
  let group: ClientGroup
  let loop: EventLoop
  let server: (any ServerUnderLoad)?
  private let progress: (String) -> Void
  private let completion: (LoadReport) -> Void

  var tally = Tally()
  /// What those who attack met; refusals are what they should meet.
  var attackers = Tally()
  var recorder = Recorder()
  var random: SplitMix64
  private var stage = Stage.preparing
  private var desk: Desk
  private var workforce: [Device] = []
  private var adults: [CastMember]
  private var families: [(parent: CastMember, child: CastMember)]
  /// Those whose disturbance needs them.
  private(set) var extras: (practitioners: [CastMember], adults: [CastMember])
  private var visits: [Int: Visit] = [:]
  private var visitOf: [ConsultationID: Visit] = [:]
  /// Arrivals that wait for somebody who is free to be the patient.
  private var held: [(arrival: UInt64, isChild: Bool)] = []
  private var arrivals: Arrivals?
  private var visitCount = 0
  private var sourceCount: UInt32 = 0
  private var disturbance: (any Disturbance)?
  private var ticker: TimerToken?
  /// Those that may be pending; the others are let go when there are `timerLimit` of them.
  private var timers: [TimerToken] = []
  private var timerLimit = 4_096
  private let startedAt = Date()
  private let start = MonotonicTime.nanoseconds
  private var timeline: [LoadReport.Second] = []
  private var before = Tally()
  private var usage: [ServerUsage] = []
  private let ownUsage: ServerUsage?

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
    random = SplitMix64(seed: plan.seed)
    desk = Desk(racers: plan.racers)
    let extra = plan.disturbance?.people ?? Cast.Size(practitioners: 0, adults: 0, families: 0)
    extras = (
      Array(cast.practitioners.suffix(min(extra.practitioners, max(0, cast.practitioners.count - 1)))),
      Array(cast.adults.suffix(min(extra.adults, max(0, cast.adults.count - 1))))
    )
    adults = Array(cast.adults.dropLast(extras.adults.count)).reversed()
    families = cast.families.reversed()
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
    before = tally
    tick()
    // Not all at once: a practice fills in the course of a morning, and this is not the storm.
    let step = 2_000_000_000 / UInt64(max(200, workforce.count))
    for (index, device) in workforce.enumerated() {
      schedule(at: start + UInt64(index) * step) { device.connect(due: $0) }
    }
    disturbance?.prepare()
    checkReadiness()
    schedule(at: start + 60_000_000_000) { [self] _ in
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

  /// Runs `work` at that time of the monotonic clock, and tells it that time.
  func schedule(at due: UInt64, _ work: @escaping (UInt64) -> Void) {
    let now = MonotonicTime.nanoseconds
    timers.append(
      loop.schedule(after: .nanoseconds(Int64(due > now ? due - now : 0))) { [self] in
        guard stage != .over else { return }
        recorder.recordLag(due: max(due, now), now: MonotonicTime.nanoseconds)
        work(due)
      })
    guard timers.count >= timerLimit else { return }
    timers.removeAll { !$0.isPending }
    timerLimit = max(4_096, timers.count * 2)
  }

  // MARK: The course of a run

  private func checkReadiness() {
    guard stage == .preparing, workforce.allSatisfy(\.isSignedIn), disturbance?.isReady ?? true else { return }
    stage = .warmingUp
    let now = MonotonicTime.nanoseconds
    if plan.rate > 0 {
      arrivals = Arrivals(rate: plan.rate, seed: plan.seed, from: now)
      scheduleArrival()
    }
    let measured = now + plan.warmUp.nanosecondCount
    schedule(at: measured) { [self] at in
      guard stage == .warmingUp else { return }
      stage = .measuring
      recorder.beginPhase(at: at)
    }
    let end = measured + plan.duration.nanosecondCount
    guard let disturbance else { return schedule(at: end) { [self] _ in drain(patience: 30) } }
    schedule(at: end) { [self] at in
      guard stage == .measuring else { return }
      recorder.beginPhase(at: at)
      disturbance.begin(at: at)
    }
    schedule(at: end + plan.duration.nanosecondCount) { [self] _ in drain(patience: 30) }
  }

  private func scheduleArrival() {
    guard let due = arrivals?.next else { return }
    schedule(at: due) { [self] _ in
      guard stage == .warmingUp || stage == .measuring else { return }
      while let due = arrivals?.next, due <= MonotonicTime.nanoseconds {
        let isChild = Double.random(in: 0..<1, using: &random) < plan.children
        arrive(due, isChild: isChild)
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
    let isDrained = visits.isEmpty && held.isEmpty && disturbance?.isOver ?? true
    if isDrained || now >= deadline {
      // What the last consultations told everybody may still be on its way.
      return schedule(at: now + 300_000_000) { [self] _ in finish() }
    }
    schedule(at: now + 50_000_000) { [self] _ in checkDrained(deadline) }
  }

  private func finish() {
    guard stage != .over else { return }
    for _ in held { tally.count(.unfinished) }
    for visit in visits.values where !visit.isOver {
      tally.failed += 1
      tally.count(.unfinished)
    }
    // Nobody waits any more, so nobody may still see a card of this run.
    if visits.isEmpty {
      let seen = workforce.compactMap { ($0.script as? PractitionerScript)?.queue }.filter { ghosts(in: $0) }.count
      if seen > 0 { tally.count(.protocolBroken("queues that still show what is over"), times: seen) }
    }
    disturbance?.conclude()
    closeSecond()
    stage = .over
    ticker?.cancel()
    for timer in timers { timer.cancel() }
    for device in workforce { device.leave() }
    for visit in visits.values { for device in visit.devices { device.leave() } }
    let report = makeReport()
    // Goodbyes go out with the end of this turn.
    _ = loop.schedule(after: .milliseconds(100)) { [completion] in completion(report) }
  }

  /// Whether a queue has consultations of this run in it.
  func ghosts(in queue: Set<ConsultationID>) -> Bool { queue.contains { finishedConsultations.contains($0) } }
  private var finishedConsultations: Set<ConsultationID> = []

  // MARK: Consultations

  private func arrive(_ arrival: UInt64, isChild: Bool) {
    let hasPeople = isChild ? !families.isEmpty : !adults.isEmpty
    guard hasPeople else {
      tally.held += 1
      return held.append((arrival, isChild))
    }
    visitCount += 1
    tally.begun += 1
    let visit = Visit(number: visitCount, arrival: arrival)
    visits[visit.number] = visit
    let members: [(CastMember, PatientScript.Part)]
    if isChild {
      let family = families.removeLast()
      members = [(family.parent, .parent), (family.child, .child)]
    } else {
      members = [(adults.removeLast(), .adult)]
    }
    for (member, part) in members {
      let script = PatientScript(
        part: part, reason: Visit.reason(visit.number), arrival: arrival, confirms: !closes(visit))
      let device = Device(member, script: script, run: self, source: nextSource())
      device.visit = visit
      visit.devices.append(device)
      device.connect(due: arrival)
    }
  }

  /// Every other consultation is closed by the practitioner, the rest by the patient's side.
  private func closes(_ visit: Visit) -> Bool { visit.number.isMultiple(of: 2) }

  func perform(_ act: Act, by device: Device) {
    switch act {
    case .send(let request, let intended):
      if request.type == "request.create" { device.visit?.requestedAt = intended }
      device.send(request, intended: intended)
    case .signal(let room, let to, let kind, let negotiation, let stamp):
      device.send(ClientSession.signal(room: room, to: to, kind: kind, negotiation: negotiation, stamp: stamp))
    case .wake(let at, let alarm):
      schedule(at: at) { [weak device] due in device?.cue(.timer(alarm), at: due) }
    case .measured(let latency, let from, let to): recorder.record(latency, from: from, to: to)
    case .sees(let id, let reason, let isNews): see(id, reason: reason, isNews: isNews, by: device)
    case .created(let id): device.visit?.consultation = id
    case .claimed(let id): claimed(id, by: device)
    case .free:
      checkReadiness()
      dispatch(device)
    case .finished: finished(device)
    case .failed(let trouble): fail(trouble, device)
    }
  }

  private func see(_ id: ConsultationID, reason: String, isNews: Bool, by device: Device) {
    guard let visit = Visit.number(reason: reason).flatMap({ visits[$0] }) else { return }
    visitOf[id] = visit
    if isNews, let requested = visit.requestedAt {
      recorder.record(.fanOut, from: requested, to: MonotonicTime.nanoseconds)
    }
    desk.see(id)
    dispatch(device)
  }

  /// Has a practitioner who is free take the next one.
  private func dispatch(_ device: Device) {
    guard var script = device.script as? PractitionerScript, script.isFree, device.isSignedIn else { return }
    guard let id = desk.next(sees: { script.queue.contains($0) }) else { return }
    let acts = script.claim(id, closes: visitOf[id].map(closes) ?? true, at: MonotonicTime.nanoseconds)
    device.script = script
    device.perform(acts)
  }

  private func claimed(_ id: ConsultationID, by device: Device) {
    guard let visit = visitOf[id] else { return }
    guard desk.claimed(id) else { return fail(.claimedTwice, device) }
    visit.consultation = id
    visit.practitioner = device
    device.visit = visit
  }

  private func finished(_ device: Device) {
    guard let visit = device.visit else { return }
    if let script = device.script as? PractitionerScript {
      visit.finish(seat: .practitioner, sent: script.sent, received: script.received, isPractitioner: true)
      device.visit = nil
    } else if let script = device.script as? PatientScript {
      visit.finish(seat: script.seat, sent: script.sent, received: script.received, isPractitioner: false)
      device.leave()
    }
    settle(visit)
  }

  /// Something went wrong with a device, and so with the consultation that it takes part in.
  func fail(_ trouble: Trouble, _ device: Device) {
    if let visit = device.visit {
      visit.fail(trouble)
      settle(visit)
    } else {
      tally.count(trouble)
    }
    guard case .disconnected = trouble, stage != .over, workforce.contains(where: { $0 === device }) else { return }
    // Practitioners come back.
    device.begin(PractitionerScript(style: CallStyle(length: plan.call)))
    schedule(at: MonotonicTime.nanoseconds + 1_000_000_000) { device.connect(due: $0) }
  }

  func fault(_ fault: ClientSession.Fault, on device: Device) {
    let text =
      switch fault {
      case .unreadable(let detail): "unreadable: \(detail)"
      case .sequence(let expected, let got): got > expected ? "events missing" : "events twice or out of order"
      case .replyToNothing: "a reply to nothing"
      }
    fail(.protocolBroken(text), device)
  }

  private func settle(_ visit: Visit) {
    guard visit.isOver, visits.removeValue(forKey: visit.number) != nil else { return }
    if let consultation = visit.consultation { visitOf[consultation] = nil }
    if visit.trouble == nil, visit.lostSignals > 0 { visit.fail(.signalsLost(visit.lostSignals)) }
    if let trouble = visit.trouble {
      tally.failed += 1
      tally.count(trouble)
      // Their consultation may be left half-way: these people take no part any more.
      for device in visit.devices { device.leave() }
      visit.practitioner?.visit = nil
      return
    }
    tally.done += 1
    if let consultation = visit.consultation { finishedConsultations.insert(consultation) }
    let members = visit.devices.map(\.member)
    // The one who has waited longest since is next, so that nobody asks more often than the broker allows.
    if members.count == 2 { families.insert((members[0], members[1]), at: 0) } else { adults.insert(members[0], at: 0) }
    guard let index = held.firstIndex(where: { $0.isChild == (members.count == 2) }) else { return }
    let next = held.remove(at: index)
    arrive(next.arrival, isChild: next.isChild)
  }

  /// A device of a disturbance is signed in.
  func extraIsReady() { checkReadiness() }

  // MARK: Every second

  private func tick() {
    ticker = loop.schedule(after: .seconds(1)) { [self] in
      guard stage != .over else { return }
      closeSecond()
      tick()
    }
  }

  private func closeSecond() {
    let elapsed = Double(MonotonicTime.nanoseconds - start) / 1e9
    if let sample = server?.usage() { usage.append(sample) }
    let cpu = usage.count >= 2 ? usage[usage.count - 1].percent(since: usage[usage.count - 2]) : nil
    let second = LoadReport.Second(
      at: elapsed, phase: stageName, latencies: recorder.takeSecond(), done: tally.done - before.done,
      messages: tally.sent + tally.received - before.sent - before.received, underWay: visits.count,
      serverCPU: cpu, serverMemory: usage.last?.residentBytes)
    before = tally
    timeline.append(second)
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

  private func phaseName(_ index: Int) -> String {
    guard let kind = plan.disturbance else { return "steady" }
    return index == 0 ? "quiet" : kind.name
  }

  // MARK: The report

  private func makeReport() -> LoadReport {
    var report = LoadReport(plan: plan, startedAt: startedAt, seconds: Double(MonotonicTime.nanoseconds - start) / 1e9)
    for (index, latencies) in recorder.phases.enumerated() {
      let end = index * 2 + 1 < recorder.borders.count ? recorder.borders[index * 2 + 1] : MonotonicTime.nanoseconds
      let seconds = Double(end - recorder.borders[index * 2]) / 1e9
      report.phases.append(
        .init(
          name: phaseName(index), seconds: seconds, latencies: latencies.mapValues(Quantiles.init),
          curves: latencies.mapValues(CurvePoint.curve)))
    }
    report.timeline = timeline
    report.consultations = .init(begun: tally.begun, done: tally.done, failed: tally.failed, held: tally.held)
    report.messages = .init(
      sent: tally.sent, received: tally.received, receivedBytes: tally.receivedBytes, connections: tally.connections)
    report.refusals = tally.refusals
    report.ends = tally.ends
    report.troubles = tally.troubles
    report.disturbance = disturbance?.report
    report.generatorLag = Quantiles(recorder.lag)
    if let ownUsage, let now = ServerUsage(pid: getpid()) { report.generatorCPU = now.percent(since: ownUsage) }
    if let first = usage.first, let last = usage.last, usage.count >= 2 {
      report.server = .init(
        cpuSeconds: last.cpuSeconds - first.cpuSeconds, cpuPercent: last.percent(since: first),
        residentBytes: last.residentBytes, peakBytes: usage.map(\.peakBytes).max() ?? last.peakBytes)
    }
    return report
  }
}

extension Duration {
  /// Whole nanoseconds; 0 if negative.
  var nanosecondCount: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}

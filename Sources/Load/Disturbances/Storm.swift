import Foundation
import Signaling
import Transport

/// Thousands of signed-in clients lose their connections at the same moment, and come back.
final class Storm: Disturbance {
  private unowned let run: LoadRun
  private let spread: UInt64
  private let cut: DisturbanceKind.Cut
  private var devices: [Device] = []
  private var attempts: [Int] = []
  private var isBack: [Bool] = []
  private var signedIn = 0
  private var hasBegun = false
  private var cutAt: UInt64 = 0
  /// When the broker listened again, after a restart; nanoseconds since the cut.
  private var listeningAfter: UInt64?
  private var backAfter: [UInt64] = []
  private var resumed = 0
  private var restarted = 0
  private var failedAttempts = 0

  init(_ run: LoadRun, spread: Duration, cut: DisturbanceKind.Cut) {
    self.run = run
    self.spread = spread.nanosecondCount
    self.cut = cut
    let members = run.extras.practitioners + run.extras.adults
    devices = members.map { Device($0, script: IdleScript(), run: run, source: run.nextSource()) }
    attempts = Array(repeating: 0, count: devices.count)
    isBack = Array(repeating: false, count: devices.count)
  }

  var isReady: Bool { signedIn == devices.count }

  func prepare() {
    let start = MonotonicTime.nanoseconds
    for (index, device) in devices.enumerated() {
      device.onGreeted = { [weak self] device, greeting, at in self?.greeted(index, greeting, at) }
      device.onEnded = { [weak self] _, end in self?.ended(index, end) }
      // A thousand a second: getting there is not the storm.
      run.timetable.schedule(at: start + UInt64(index) * 1_000_000) { device.connect(due: $0) }
    }
  }

  func begin(at: UInt64) {
    hasBegun = true
    cutAt = MonotonicTime.nanoseconds
    guard cut == .clients else { return restartBroker() }
    for (index, device) in devices.enumerated() {
      device.cut()
      comeBack(index)
    }
  }

  private func restartBroker() {
    let isKill = cut == .kill
    nonisolated(unsafe) let storm = self
    let loop = run.loop
    DispatchQueue.global().async { [server = run.server] in
      let result = Result { try server?.restart(isKill: isKill) }
      loop.execute { storm.restarted(result) }
    }
  }

  private func restarted(_ result: Result<Void?, any Error>) {
    listeningAfter = MonotonicTime.nanoseconds - cutAt
    if case .failure = result { run.tally.count(.protocolBroken("the broker could not be started again")) }
  }

  // MARK: A client's life

  private func greeted(_ index: Int, _ greeting: ServerMessage.Greeting, _ at: UInt64) {
    guard hasBegun else {
      signedIn += 1
      return run.checkReadiness()
    }
    guard !isBack[index] else { return }
    isBack[index] = true
    backAfter.append(at - cutAt)
    if greeting.isResumed { resumed += 1 } else { restarted += 1 }
    run.recorder.record(.back, from: cutAt, to: at)
  }

  private func ended(_ index: Int, _ end: ClientEnd) {
    guard hasBegun else { return run.fail(.disconnected(Tally.name(end)), devices[index]) }
    if isBack[index] {
      // Once more: the second time is not the storm's.
      return run.fail(.disconnected(Tally.name(end)), devices[index])
    }
    if attempts[index] > 0 { failedAttempts += 1 }
    comeBack(index, told: Self.delay(end))
  }

  /// What a close frame says about when to come back, in nanoseconds (docs/protocol.md, section 9).
  static func delay(_ end: ClientEnd) -> UInt64? {
    guard case .closed(let code?, var reason) = end else { return nil }
    if (4_000..<4_100).contains(code) { return 0 }
    guard (4_100..<4_200).contains(code) else { return nil }
    return reason.withUTF8 { bytes in
      guard let object = try? JSONObject(UnsafeRawBufferPointer(bytes)), let wait = try? object.integer("after_ms")
      else {
        return nil
      }
      return UInt64(wait) * 1_000_000
    }
  }

  /// Connects after what the broker said, or else with the jitter of docs/protocol.md section 9, from `spread` on.
  private func comeBack(_ index: Int, told: UInt64? = nil) {
    let doublings = min(attempts[index], 2) + max(0, attempts[index] - 11)
    let bound = min(30_000_000_000, spread << UInt64(min(doublings, 16)))
    attempts[index] += 1
    let wait = told ?? UInt64.random(in: 0...max(1, bound), using: &run.random)
    let device = devices[index]
    run.timetable.schedule(at: MonotonicTime.nanoseconds + wait) { device.connect(due: $0) }
  }

  // MARK: The end

  func end(at: UInt64) {}

  var isOver: Bool { !hasBegun || backAfter.count == devices.count }

  func conclude() {
    let missing = devices.count - backAfter.count
    if hasBegun, missing > 0 { run.tally.count(.disconnected("not back"), times: missing) }
    let ghosts = devices.filter { device in
      (device.script as? IdleScript).map { run.visits.haveGhosts(in: $0.queue) } ?? false
    }
    if !ghosts.isEmpty {
      run.tally.count(.protocolBroken("queues that still show what is over"), times: ghosts.count)
    }
    for device in devices { device.leave() }
  }

  var report: LoadReport.Disturbance {
    let sorted = backAfter.sorted()
    let share = { (seconds: UInt64) -> LoadReport.Figure in
      let count = sorted.count { $0 <= seconds * 1_000_000_000 }
      let percent = self.devices.isEmpty ? 0 : Double(count) / Double(self.devices.count) * 100
      return .init(name: "back within \(seconds) s", value: percent, unit: "%")
    }
    var figures: [LoadReport.Figure] = [
      .init(name: "clients cut", value: Double(devices.count), unit: ""), share(1), share(2), share(5), share(10),
      .init(name: "all back", value: Double(sorted.last ?? 0) / 1e9, unit: "s"),
      .init(name: "sessions resumed", value: Double(resumed), unit: ""),
      .init(name: "sessions begun anew", value: Double(restarted), unit: ""),
      .init(name: "attempts that failed", value: Double(failedAttempts), unit: ""),
    ]
    if let listeningAfter {
      figures.append(.init(name: "broker listening again", value: Double(listeningAfter) / 1e9, unit: "s"))
    }
    let step = max(1, sorted.count / 200)
    let curve = stride(from: 0, to: sorted.count, by: step).map { index in
      LoadReport.BackPoint(
        seconds: Double(sorted[index]) / 1e9, percent: Double(index + 1) / Double(max(1, devices.count)) * 100)
    }
    return .init(name: "storm", figures: figures, back: curve)
  }
}

import Transport

/// One client that sends many times what it may, and comes back as soon as it is thrown out.
final class Flood: Disturbance {
  private unowned let run: LoadRun
  private let factor: Int
  private var device: Device?
  private var isReadyNow = false
  private var isRunning = false
  private var perTick = 0
  private var sent = 0
  private var thrownOut = 0

  private static let tick: UInt64 = 10_000_000

  init(_ run: LoadRun, factor: Int) {
    self.run = run
    self.factor = factor
    device = run.extras.adults.first.map { Device($0, script: IdleScript(), run: run, source: run.nextSource()) }
  }

  var isReady: Bool { isReadyNow || device == nil }

  func prepare() {
    guard let device else { return }
    device.isAttacker = true
    device.onGreeted = { [weak self] _, greeting, _ in self?.greeted(greeting) }
    device.onEnded = { [weak self] _, _ in self?.ended() }
    device.connect(due: MonotonicTime.nanoseconds)
  }

  private func greeted(_ greeting: ServerMessage.Greeting) {
    perTick = max(1, greeting.messagesPerSecond * factor * Int(Self.tick / 1_000_000) / 1_000)
    guard !isReadyNow else { return }
    isReadyNow = true
    run.checkReadiness()
  }

  private func ended() {
    thrownOut += 1
    guard isRunning, let device else { return }
    run.timetable.schedule(at: MonotonicTime.nanoseconds + Self.tick) { device.connect(due: $0) }
  }

  func begin(at: UInt64) {
    isRunning = true
    if device?.isOpen == false { device?.connect(due: at) }
    pour(at)
  }

  private func pour(_ due: UInt64) {
    guard isRunning, let device else { return }
    // Whatever this program was late for is made up for.
    var due = due
    while due <= MonotonicTime.nanoseconds {
      if device.isSignedIn {
        for _ in 0..<perTick { device.send(Request(type: "ping"), intended: due) }
        sent += perTick
      }
      due += Self.tick
    }
    run.timetable.schedule(at: due) { [weak self] in self?.pour($0) }
  }

  func end(at: UInt64) { isRunning = false }

  var isOver: Bool { !isRunning }

  func conclude() { device?.leave() }

  var report: LoadReport.Disturbance {
    let refused = run.attackers.refusals.values.reduce(0, +)
    return .init(
      name: "flood",
      figures: [
        .init(name: "messages a second that it may send, times", value: Double(factor), unit: ""),
        .init(name: "messages sent", value: Double(sent), unit: ""),
        .init(name: "refused one by one", value: Double(refused), unit: ""),
        .init(name: "thrown out", value: Double(thrownOut), unit: "times"),
      ], back: [])
  }
}

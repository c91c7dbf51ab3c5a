import Transport

/// Practitioners whose devices stop reading, while the queue goes on changing.
final class SlowReaders: Disturbance {
  private unowned let run: LoadRun
  private var devices: [Device] = []
  private var signedIn = 0
  private var isRunning = false
  private var isReading = true
  private var ends: [String: Int] = [:]

  init(_ run: LoadRun) {
    self.run = run
    devices = run.extras.practitioners.map { Device($0, script: IdleScript(), run: run, source: run.nextSource()) }
  }

  var isReady: Bool { signedIn == devices.count }

  func prepare() {
    let start = MonotonicTime.nanoseconds
    for (index, device) in devices.enumerated() {
      device.isAttacker = true
      device.onGreeted = { [weak self] _, _, _ in
        self?.signedIn += 1
        self?.run.checkReadiness()
      }
      device.onEnded = { [weak self] _, end in self?.ends[Tally.name(end), default: 0] += 1 }
      run.timetable.schedule(at: start + UInt64(index) * 2_000_000) {
        device.connect(due: $0, receiveBufferBytes: 4_096)
      }
    }
  }

  func begin(at: UInt64) {
    isRunning = true
    for device in devices { device.pauseReading() }
  }

  /// They read again, to see how the broker ended it.
  func end(at: UInt64) {
    isRunning = false
    for device in devices { device.resumeReading() }
  }

  var isOver: Bool { !isRunning }

  func conclude() { for device in devices { device.leave() } }

  var report: LoadReport.Disturbance {
    let ended = ends.values.reduce(0, +)
    var figures: [LoadReport.Figure] = [
      .init(name: "clients that stopped reading", value: Double(devices.count), unit: ""),
      .init(name: "still connected in the end", value: Double(devices.count - ended), unit: ""),
    ]
    figures += ends.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: Double($0.value), unit: "") }
    return .init(name: "slow-readers", figures: figures, back: [])
  }
}

import Transport

/// A run second by second, with what the broker's process took.
struct Timeline {
  /// When it began, in nanoseconds of the monotonic clock.
  let start = MonotonicTime.nanoseconds
  private(set) var seconds: [LoadReport.Second] = []
  private var before = Tally()
  private var usage: [ServerUsage] = []

  /// Seconds since the start.
  var elapsed: Double { Double(MonotonicTime.nanoseconds - start) / 1e9 }

  /// A second is over: what is in it is what has changed since the one before.
  ///
  /// - Parameter sample: what the broker's process has used until now; nil if it is not at hand or not running.
  /// - Returns: that second.
  mutating func close(
    phase: String, tally: Tally, latencies: [Latency: Quantiles], underWay: Int, sample: ServerUsage?
  ) -> LoadReport.Second {
    if let sample { usage.append(sample) }
    let cpu = usage.count >= 2 ? usage[usage.count - 1].percent(since: usage[usage.count - 2]) : nil
    let second = LoadReport.Second(
      at: elapsed, phase: phase, latencies: latencies, done: tally.done - before.done,
      messages: tally.sent + tally.received - before.sent - before.received, underWay: underWay,
      serverCPU: cpu, serverMemory: usage.last?.residentBytes)
    before = tally
    seconds.append(second)
    return second
  }

  /// What the broker's process took in all; nil if it was not seen twice.
  var server: LoadReport.Server? {
    guard let first = usage.first, let last = usage.last, usage.count >= 2 else { return nil }
    return .init(
      cpuSeconds: last.cpuSeconds - first.cpuSeconds, cpuPercent: last.percent(since: first),
      residentBytes: last.residentBytes, peakBytes: usage.map(\.peakBytes).max() ?? last.peakBytes)
  }
}

import Histogram

/// Latencies of a run: for each phase as a whole, and for each second.
struct Recorder {
  typealias Counts = Histogram<UInt64>

  private static let hour: UInt64 = 3_600_000_000

  /// Microseconds; values beyond an hour are recorded as an hour.
  static func empty() -> Counts { Counts(highestTrackableValue: hour) }

  /// What is recorded for the time between two moments of the monotonic clock.
  static func microseconds(from: UInt64, to: UInt64) -> UInt64 { min(max(1, (to &- min(from, to)) / 1_000), hour) }

  private(set) var phases: [[Latency: Counts]] = []
  private var second: [Latency: Counts] = [:]
  /// When each phase began, and the last one ended, in nanoseconds of the monotonic clock.
  private(set) var borders: [UInt64] = []

  /// Begins the next phase. Before the first, and between `pause` and the next, nothing is recorded.
  mutating func beginPhase(at: UInt64) {
    if borders.count == phases.count * 2 - 1 { borders.append(at) }
    borders.append(at)
    phases.append([:])
  }

  /// Ends the phase.
  mutating func pause(at: UInt64) {
    if borders.count == phases.count * 2 - 1 { borders.append(at) }
  }

  mutating func record(_ latency: Latency, from: UInt64, to: UInt64) {
    let value = Self.microseconds(from: from, to: to)
    second[latency, default: Self.empty()].record(value)
    guard let phase = phase(of: from) else { return }
    phases[phase][latency, default: Self.empty()].record(value)
  }

  /// The phase in which something was to begin; nil if in none.
  private func phase(of time: UInt64) -> Int? {
    for index in phases.indices.reversed() where time >= borders[index * 2] {
      let end = index * 2 + 1 < borders.count ? borders[index * 2 + 1] : .max
      return time < end ? index : nil
    }
    return nil
  }

  /// The last second's figures, which are forgotten.
  mutating func takeSecond() -> [Latency: Quantiles] {
    defer { second.removeAll(keepingCapacity: true) }
    return second.mapValues(Quantiles.init)
  }
}

/// Where latencies lie, in milliseconds.
public struct Quantiles: Codable, Equatable, Sendable {
  public let count: Int
  public let p50: Double
  public let p90: Double
  public let p99: Double
  public let p999: Double
  public let max: Double

  init(_ counts: Histogram<UInt64>) {
    let at = { (percentile: Double) in Double(counts.valueAtPercentile(percentile)) / 1_000 }
    count = Int(counts.totalCount)
    p50 = at(50)
    p90 = at(90)
    p99 = at(99)
    p999 = at(99.9)
    max = Double(counts.max) / 1_000
  }

  enum CodingKeys: String, CodingKey {
    case count
    case p50 = "p50_ms"
    case p90 = "p90_ms"
    case p99 = "p99_ms"
    case p999 = "p99_9_ms"
    case max = "max_ms"
  }
}

/// One point of a percentile curve.
public struct CurvePoint: Codable, Equatable, Sendable {
  public let percentile: Double
  public let milliseconds: Double

  /// The curve of all percentiles that so many values can tell.
  static func curve(_ counts: Histogram<UInt64>) -> [CurvePoint] {
    counts.percentiles(ticksPerHalfDistance: 5).map {
      CurvePoint(percentile: $0.percentile, milliseconds: Double($0.value) / 1_000)
    }
  }
}

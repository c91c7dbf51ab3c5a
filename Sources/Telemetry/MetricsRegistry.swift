public import CoreMetrics
import Synchronization

/// All metrics of the process, and their reading as Prometheus takes it.
///
/// A family is declared once, with its help text, and gives instruments of swift-metrics, which are kept by those who use
/// them: looking one up costs nothing then. They live as long as the registry.
public final class MetricsRegistry: MetricsFactory {
  private let families = Mutex<[MetricFamily]>([])

  public init() {}

  // MARK: Instruments

  /// - Parameters:
  ///   - name: as Prometheus has it, ending with `_total`.
  ///   - labels: of this series; of a bounded set of values, and never who or what it is about.
  public func counter(_ name: String, _ help: String, labels: [(String, String)] = []) -> Counter {
    declare(name, help, .counter)
    return Counter(label: name, dimensions: labels, factory: self)
  }

  /// One counter for each value of a label.
  public func counters<Key: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ help: String, by label: String, of keys: [Key] = Array(Key.allCases)
  ) -> CounterTable<Key> {
    CounterTable(keys: keys) { counter(name, help, labels: [(label, $0.rawValue)]) }
  }

  /// One counter for each of these values of a label, and one for all others, `other`.
  public func counters(
    _ name: String, _ help: String, by label: String, of values: [String]
  ) -> CounterTable<String> {
    CounterTable(keys: values, other: "other") { counter(name, help, labels: [(label, $0)]) }
  }

  public func gauge(_ name: String, _ help: String, labels: [(String, String)] = []) -> Meter {
    declare(name, help, .gauge)
    return Meter(label: name, dimensions: labels, factory: self)
  }

  /// How long something takes: recorded in nanoseconds, read in seconds.
  ///
  /// - Parameter microseconds: upper bounds of the buckets, ascending.
  public func timer(_ name: String, _ help: String, microseconds: [Int64]) -> CoreMetrics.Timer {
    declare(name, help, .histogram(bounds: microseconds.map { $0 * 1_000 }, scale: 1e9))
    return CoreMetrics.Timer(label: name, dimensions: [], factory: self)
  }

  /// How many there are of something at a time.
  ///
  /// - Parameter bounds: upper bounds of the buckets, ascending.
  public func distribution(_ name: String, _ help: String, bounds: [Int64]) -> Recorder {
    declare(name, help, .histogram(bounds: bounds, scale: 1))
    return Recorder(label: name, dimensions: [], aggregate: true, factory: self)
  }

  /// A gauge that is asked for on each reading, on the reading thread.
  ///
  /// - Parameter read: nil: the series is left out this time.
  public func reading(
    _ name: String, _ help: String, labels: [(String, String)] = [], _ read: @escaping @Sendable () -> Double?
  ) {
    declare(name, help, .gauge)
    add(MetricFamily.Series(labels: labels, content: .reading(read)), to: name)
  }

  /// A counter that is kept elsewhere, and asked for on each reading, on the reading thread.
  ///
  /// - Parameter read: nil: the series is left out this time.
  public func countReading(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double?) {
    declare(name, help, .counter)
    add(MetricFamily.Series(labels: [], content: .reading(read)), to: name)
  }

  private func declare(_ name: String, _ help: String, _ kind: MetricFamily.Kind) {
    families.withLock { families in
      if !families.contains(where: { $0.name == name }) {
        families.append(MetricFamily(name: name, help: help, kind: kind))
      }
    }
  }

  private func add(_ series: MetricFamily.Series, to name: String) {
    families.withLock { families in
      guard let index = families.firstIndex(where: { $0.name == name }) else { return }
      families[index].series.append(series)
    }
  }

  // MARK: Reading

  /// The media type of `text()`.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Everything in Prometheus' text format, version 0.0.4. From any thread.
  public func text() -> [UInt8] {
    var writer = PrometheusWriter()
    for family in families.withLock({ $0 }) { writer.write(family) }
    return writer.bytes
  }

  // MARK: MetricsFactory

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let cell = CounterCell()
    add(MetricFamily.Series(labels: dimensions, content: .count(cell)), to: label)
    return cell
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    let cell = GaugeCell()
    add(MetricFamily.Series(labels: dimensions, content: .level(cell)), to: label)
    return cell
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    guard aggregate else {
      let cell = GaugeCell()
      add(MetricFamily.Series(labels: dimensions, content: .level(cell)), to: label)
      return cell
    }
    return histogram(label, dimensions)
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    histogram(label, dimensions)
  }

  private func histogram(_ name: String, _ labels: [(String, String)]) -> HistogramCell {
    let kind = families.withLock { families in families.first { $0.name == name }?.kind }
    let cell =
      if case .histogram(let bounds, let scale)? = kind {
        HistogramCell(bounds: bounds, scale: scale)
      } else {
        HistogramCell(bounds: [], scale: 1)
      }
    add(MetricFamily.Series(labels: labels, content: .distribution(cell)), to: name)
    return cell
  }

  // Instruments live as long as the registry.
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}
}

import CoreMetrics
import Foundation
import Testing

@testable import Telemetry

@Suite("Metrics as Prometheus reads them")
struct MetricsRegistryTests {
  private let registry = MetricsRegistry()

  private enum Colour: String, CaseIterable {
    case red, green
  }

  private var lines: [String] { String(decoding: registry.text(), as: UTF8.self).components(separatedBy: "\n") }

  @Test("a counter counts, and says what it is")
  func counter() {
    let counter = registry.counter("mqm_things_total", "Things.")
    counter.increment()
    counter.increment(by: 41)
    #expect(lines == ["# HELP mqm_things_total Things.", "# TYPE mqm_things_total counter", "mqm_things_total 42", ""])
  }

  @Test("a table has a line for every value from the start, and one TYPE for all")
  func table() {
    let table: CounterTable<Colour> = registry.counters("mqm_things_total", "Things.", by: "colour")
    table.count(.green)
    #expect(
      lines == [
        "# HELP mqm_things_total Things.", "# TYPE mqm_things_total counter", "mqm_things_total{colour=\"red\"} 0",
        "mqm_things_total{colour=\"green\"} 1", "",
      ])
  }

  @Test("a value that was not foreseen is one of the others: labels are bounded, whatever comes")
  func others() {
    let table = registry.counters("mqm_things_total", "Things.", by: "code", of: ["a", "b"])
    for code in ["a", "c", "d\"\n"] { table.count(code) }
    #expect(
      lines.dropFirst(2) == [
        "mqm_things_total{code=\"a\"} 1", "mqm_things_total{code=\"b\"} 0", "mqm_things_total{code=\"other\"} 2", "",
      ])
  }

  @Test("help texts and labels are escaped, each in its own way")
  func escapes() {
    _ = registry.gauge("mqm_level", "Says \"a\\b\"\nand more.", labels: [("path", "a\\b\"c\nd")])
    #expect(
      lines == [
        #"# HELP mqm_level Says "a\\b"\nand more."#, "# TYPE mqm_level gauge",
        #"mqm_level{path="a\\b\"c\nd"} 0"#, "",
      ])
  }

  @Test("a gauge is what it was set to last, up and down")
  func gauge() {
    let gauge = registry.gauge("mqm_level", "Level.")
    gauge.set(7)
    gauge.increment(by: 0.5)
    gauge.decrement()
    #expect(lines[2] == "mqm_level 6.5")
    for (value, text) in [
      (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e18, "1000000000000000000"),
    ] {
      gauge.set(value)
      #expect(lines[2] == "mqm_level \(text)")
    }
    // What swift-metrics calls a gauge is the same.
    let recorder = Gauge(label: "mqm_level", factory: registry)
    recorder.record(3)
    #expect(lines[3] == "mqm_level 3")
  }

  @Test("a histogram's buckets include their bounds, are cumulative, and end with the count")
  func histogram() {
    let timer = registry.timer("mqm_wait_seconds", "Waits.", microseconds: [100, 2_500, 1_000_000])
    for nanoseconds: Int64 in [0, 100_000, 100_001, 2_000_000_000] { timer.recordNanoseconds(nanoseconds) }
    #expect(
      lines == [
        "# HELP mqm_wait_seconds Waits.", "# TYPE mqm_wait_seconds histogram",
        "mqm_wait_seconds_bucket{le=\"0.0001\"} 2", "mqm_wait_seconds_bucket{le=\"0.0025\"} 3",
        "mqm_wait_seconds_bucket{le=\"1\"} 3", "mqm_wait_seconds_bucket{le=\"+Inf\"} 4",
        "mqm_wait_seconds_sum 2.000200001", "mqm_wait_seconds_count 4", "",
      ])
  }

  @Test("a distribution takes what is recorded as it is, and nothing that is no number")
  func distribution() {
    let sizes = registry.distribution("mqm_batch", "Sizes.", bounds: [1, 8])
    sizes.record(8)
    sizes.record(9)
    sizes.record(Double.nan)
    sizes.record(Double.infinity)
    #expect(
      lines.dropFirst(2) == [
        "mqm_batch_bucket{le=\"1\"} 0", "mqm_batch_bucket{le=\"8\"} 1", "mqm_batch_bucket{le=\"+Inf\"} 2",
        "mqm_batch_sum 17", "mqm_batch_count 2", "",
      ])
  }

  @Test("what is read elsewhere is asked for on each reading, and left out while it cannot be had")
  func readings() {
    let source = CounterCell()
    registry.reading("mqm_level", "Level.") { source.value == 0 ? nil : Double(source.value) }
    registry.countReading("mqm_work_seconds_total", "Work.") { 0.25 }
    #expect(!lines.contains { $0.hasPrefix("mqm_level ") })
    source.increment(by: 3)
    #expect(lines.contains("mqm_level 3"))
    #expect(lines.contains("# TYPE mqm_work_seconds_total counter"))
    #expect(lines.contains("mqm_work_seconds_total 0.25"))
  }

  @Test("nothing is lost when several threads count at once")
  func threads() async {
    let counter = registry.counter("mqm_things_total", "Things.")
    let gauge = registry.gauge("mqm_level", "Level.")
    let timer = registry.timer("mqm_wait_seconds", "Waits.", microseconds: [1, 2])
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<2_500 {
            counter.increment()
            gauge.increment()
            timer.recordNanoseconds(1_500)
          }
        }
      }
    }
    #expect(lines.contains("mqm_things_total 10000"))
    #expect(lines.contains("mqm_level 10000"))
    #expect(lines.contains("mqm_wait_seconds_bucket{le=\"2e-06\"} 10000"))
    #expect(lines.contains("mqm_wait_seconds_sum 0.015"))
  }
}

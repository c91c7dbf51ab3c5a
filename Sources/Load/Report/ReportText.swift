import Foundation

/// A report as text of 100 columns.
public enum ReportText {
  /// The line that is shown every second.
  static func progress(_ second: LoadReport.Second, tally: Tally) -> String {
    var parts = [
      "\(pad("\(Int(second.at.rounded())) s", 6)) \(second.phase)",
      "\(tally.begun) begun, \(tally.done) done, \(second.underWay) under way",
    ]
    let troubles = tally.troubles.values.reduce(0, +)
    if troubles > 0 { parts.append("\(troubles) WRONG") }
    parts.append("\(second.messages) msg/s")
    for latency in [Latency.relay, .acknowledgement, .back] {
      guard let quantiles = second.latencies[latency] else { continue }
      parts.append("\(latency.title) p99 \(number(quantiles.p99)) ms")
    }
    if let cpu = second.serverCPU {
      parts.append("broker \(Int(cpu.rounded()))% \(megabytes(second.serverMemory ?? 0))")
    }
    return parts.joined(separator: " · ")
  }

  public static func text(_ report: LoadReport) -> String {
    var lines: [String] = []
    let settings = report.settings
    lines.append(
      "\(number(settings.rate)) consultations a second, \(Int(settings.children * 100)) % of them a child's; calls of "
        + "\(number(settings.callSeconds)) s; seed \(settings.seed)")
    let machine = report.machine
    lines.append(
      "\(machine.processor), \(machine.cores) cores, \(machine.memoryBytes >> 30) GiB, Linux \(machine.kernel)")
    for phase in report.phases where !phase.latencies.isEmpty { lines += [""] + table(phase) }
    lines += slowdowns(report)
    if let disturbance = report.disturbance {
      lines +=
        ["", disturbance.name]
        + disturbance.figures.map { figure in
          "  \(figure.name): \(number(figure.value))\(figure.unit.isEmpty ? "" : " \(figure.unit)")"
        }
    }
    lines += [
      "",
      "consultations  \(report.consultations.begun) begun, \(report.consultations.done) done, \(report.consultations.failed) failed",
    ]
    if report.consultations.held > 0 {
      lines.append(
        "               \(report.consultations.held) had to wait for somebody to be the patient: more people are needed"
      )
    }
    lines.append(
      "messages       \(report.messages.sent) sent, \(report.messages.received) received, over \(report.messages.connections) connections"
    )
    if let server = report.server {
      lines.append(
        "broker         \(number(server.cpuSeconds)) s of CPU (\(Int(server.cpuPercent.rounded())) % of a core), "
          + "\(megabytes(server.residentBytes)) resident, \(megabytes(server.peakBytes)) at most")
    }
    if let lag = report.generatorLag, let cpu = report.generatorCPU {
      lines.append(
        "this program   \(Int(cpu.rounded())) % of a core; its timers were late by \(number(lag.p50)) ms (median), \(number(lag.p99)) ms (p99), \(number(lag.max)) ms (at most)"
      )
      if lag.p99 > 20 || cpu > 90 {
        lines.append(
          "               it or the machine was short of time: latencies say as much about that as about the broker")
      }
    }
    lines += list("refusals", report.refusals) + list("connections that the broker ended, or that broke", report.ends)
    lines += report.isGood ? ["", "nothing was lost, doubled or out of order"] : list("WRONG", report.troubles)
    if report.phases.isEmpty { lines.append("nothing was measured") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func table(_ phase: LoadReport.Phase) -> [String] {
    var lines = [
      "\(phase.name), \(number(phase.seconds)) s",
      row("milliseconds", ["count", "p50", "p90", "p99", "p99.9", "max"]),
    ]
    for latency in Latency.allCases {
      guard let value = phase.latencies[latency] else { continue }
      lines.append(
        row(
          latency.title,
          ["\(value.count)"] + [value.p50, value.p90, value.p99, value.p999, value.max].map(number)))
    }
    return lines
  }

  private static func slowdowns(_ report: LoadReport) -> [String] {
    let values = Latency.allCases.compactMap { latency in
      report.slowdown(of: latency).map { "\(latency.title) \(number($0))" }
    }
    return values.isEmpty
      ? [] : ["", "p99 of the second phase, times that of the first: " + values.joined(separator: ", ")]
  }

  private static func list(_ title: String, _ counts: [String: Int]) -> [String] {
    guard !counts.isEmpty else { return [] }
    return ["", title] + counts.sorted { $0.key < $1.key }.map { "  \($0.value) × \($0.key)" }
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    "  " + name.padding(toLength: 18, withPad: " ", startingAt: 0) + cells.map { pad($0, 12) }.joined()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Three significant digits, or all before the point.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
    return String(format: "%.\(digits)f", value)
  }

  private static func megabytes(_ bytes: Int) -> String {
    "\(number((Double(bytes) / 1_048_576 * 10).rounded() / 10)) MiB"
  }
}

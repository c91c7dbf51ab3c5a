import Foundation

/// A report drawn: how latencies are distributed, how they went over time, and what the broker used. SVG, readable on light
/// and dark.
public enum ReportPicture {
  private static let width = 1_000.0
  private static let panel = (left: 82.0, right: 190.0, top: 44.0, height: 230.0, gap: 92.0)
  /// Told apart by people who do not see all colours, and on both backgrounds (after Okabe and Ito).
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#b8860b", "#cc79a7", "#7b61c9", "#8a6d3b"]

  public static func svg(_ report: LoadReport) -> String {
    var panels: [Panel] = report.phases.filter { !$0.latencies.isEmpty }.map(curves)
    if let disturbance = report.disturbance, !disturbance.back.isEmpty { panels.append(back(disturbance)) }
    if !report.timeline.isEmpty {
      panels.append(overTime(report))
      panels.append(throughput(report))
      if let usage = usage(report) { panels.append(usage) }
    }
    let height = 70 + Double(panels.count) * (panel.height + panel.gap)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" width="\(Int(width))" \
      height="\(Int(height))" font-family="system-ui, sans-serif" font-size="13" role="img">
      <title>MQM Broker under load</title>
      <style>
        svg { background: #ffffff; color: #1b1f24; }
        .paper { fill: #ffffff; } text { fill: #1b1f24; } .dim { fill: #57606a; } .grid { stroke: #d8dee4; } .axis { stroke: #57606a; }
        @media (prefers-color-scheme: dark) {
          svg { background: #14181d; color: #e6edf3; }
          .paper { fill: #14181d; } text { fill: #e6edf3; } .dim { fill: #9aa5b1; } .grid { stroke: #2f3740; } .axis { stroke: #9aa5b1; }
        }
        path { fill: none; stroke-width: 2; stroke-linejoin: round; }
      </style>
      <rect class="paper" width="100%" height="100%"/>
      <text x="\(panel.left)" y="28" font-size="18">\(escape(headline(report)))</text>

      """
    for (index, each) in panels.enumerated() {
      text += each.draw(top: 70 + panel.top + Double(index) * (panel.height + panel.gap))
    }
    return text + "</svg>\n"
  }

  private static func headline(_ report: LoadReport) -> String {
    let rate = ReportText.number(report.settings.rate)
    let what = report.settings.disturbance.map { ", \($0)" } ?? ""
    return
      "\(rate) consultations a second\(what): \(report.consultations.done) done, \(report.troubles.values.reduce(0, +)) troubles"
  }

  // MARK: What is drawn

  private static func curves(_ phase: LoadReport.Phase) -> Panel {
    var result = Panel(
      title: "Latency by percentile, \(phase.name) (\(ReportText.number(phase.seconds)) s)", x: .percentile,
      y: .milliseconds)
    for latency in Latency.allCases {
      guard let curve = phase.curves[latency], let values = phase.latencies[latency] else { continue }
      // The largest value stands where so many values end.
      let last = 100 - 100 / Double(max(2, values.count))
      let points = curve.map { (min($0.percentile, last), $0.milliseconds) }
      result.series.append(.init(name: latency.title, points: points, colour: colour(latency)))
    }
    return result
  }

  private static func overTime(_ report: LoadReport) -> Panel {
    var result = Panel(title: "99th percentile of each second", x: .seconds, y: .milliseconds, marks: marks(report))
    for latency in Latency.allCases {
      let points = report.timeline.compactMap { second in second.latencies[latency].map { (second.at, $0.p99) } }
      guard !points.isEmpty else { continue }
      result.series.append(.init(name: latency.title, points: points, colour: colour(latency)))
    }
    return result
  }

  private static func throughput(_ report: LoadReport) -> Panel {
    var result = Panel(
      title: "Messages, sent and received", x: .seconds, y: .linear("messages a second"), marks: marks(report))
    result.series = [
      .init(name: "messages", points: report.timeline.map { ($0.at, Double($0.messages)) }, colour: colours[0])
    ]
    return result
  }

  private static func usage(_ report: LoadReport) -> Panel? {
    let cpu = report.timeline.compactMap { second in second.serverCPU.map { (second.at, $0) } }
    let memory = report.timeline.compactMap { second in second.serverMemory.map { (second.at, Double($0) / 1_048_576) }
    }
    guard !cpu.isEmpty else { return nil }
    var result = Panel(
      title: "The broker", x: .seconds, y: .linear("% of a core, MiB resident"), marks: marks(report))
    result.series = [
      .init(name: "CPU, %", points: cpu, colour: colours[1]),
      .init(name: "memory, MiB", points: memory, colour: colours[2]),
    ]
    return result
  }

  private static func back(_ disturbance: LoadReport.Disturbance) -> Panel {
    var result = Panel(title: "Clients that are back after the cut", x: .seconds, y: .linear("% of them"))
    result.series = [
      .init(name: "back", points: disturbance.back.map { ($0.seconds, $0.percent) }, colour: colours[0])
    ]
    return result
  }

  /// When another part of the run began.
  private static func marks(_ report: LoadReport) -> [(Double, String)] {
    var marks: [(Double, String)] = []
    for (before, second) in zip(report.timeline, report.timeline.dropFirst()) where before.phase != second.phase {
      marks.append((before.at, second.phase))
    }
    return marks
  }

  private static func colour(_ latency: Latency) -> String {
    colours[Latency.allCases.firstIndex(of: latency) ?? 0]
  }

  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  // MARK: Panels

  private struct Series {
    let name: String
    let points: [(x: Double, y: Double)]
    let colour: String
  }

  private enum X {
    /// Nines at equal distances: 90, 99, 99.9.
    case percentile
    case seconds
  }

  private enum Y {
    /// Powers of ten at equal distances.
    case milliseconds
    case linear(String)
  }

  private struct Panel {
    let title: String
    let x: X
    let y: Y
    var marks: [(Double, String)] = []
    var series: [Series] = []

    init(title: String, x: X, y: Y, marks: [(Double, String)] = []) {
      self.title = title
      self.x = x
      self.y = y
      self.marks = marks
    }

    func draw(top: Double) -> String {
      let (left, right) = (panel.left, width - panel.right)
      let bottom = top + panel.height
      let horizontal = xAxis
      let vertical = yAxis
      let x = { (value: Double) in left + horizontal.place(value) * (right - left) }
      let y = { (value: Double) in bottom - vertical.place(value) * (bottom - top) }
      var text = "<text x=\"\(left)\" y=\"\(top - 14)\" font-size=\"15\">\(escape(title))</text>\n"
      for (value, label) in vertical.ticks {
        text += line(left, y(value), right, y(value), "grid")
        text +=
          "<text class=\"dim\" x=\"\(left - 8)\" y=\"\(round(y(value) + 4))\" text-anchor=\"end\">\(label)</text>\n"
      }
      for (value, label) in horizontal.ticks {
        text += line(x(value), bottom, x(value), bottom + 5, "axis")
        text +=
          "<text class=\"dim\" x=\"\(round(x(value)))\" y=\"\(bottom + 20)\" text-anchor=\"middle\">\(label)</text>\n"
      }
      text += line(left, bottom, right, bottom, "axis")
      text +=
        "<text class=\"dim\" x=\"\((left + right) / 2)\" y=\"\(bottom + 40)\" text-anchor=\"middle\">\(horizontal.label)</text>\n"
      text +=
        "<text class=\"dim\" transform=\"translate(18 \((top + bottom) / 2)) rotate(-90)\" text-anchor=\"middle\">\(vertical.label)</text>\n"
      for (value, label) in marks {
        text += line(x(value), top, x(value), bottom, "axis\" stroke-dasharray=\"3 4")
        text +=
          "<text class=\"dim\" x=\"\(round(x(value) + 4))\" y=\"\(top + 12)\" font-size=\"11\">\(escape(label))</text>\n"
      }
      for (index, each) in series.enumerated() {
        let path = each.points.map { "\(round(x($0.x) * 10) / 10) \(round(y($0.y) * 10) / 10)" }.joined(separator: " L")
        if !path.isEmpty { text += "<path stroke=\"\(each.colour)\" d=\"M\(path)\"/>\n" }
        let place = top + 10 + Double(index) * 20
        text += "<path stroke=\"\(each.colour)\" d=\"M\(right + 14) \(place) h18\"/>"
        text += "<text x=\"\(right + 38)\" y=\"\(place + 4)\">\(escape(each.name))</text>\n"
      }
      return text
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ name: String) -> String {
      "<line class=\"\(name)\" x1=\"\(round(x1 * 10) / 10)\" y1=\"\(round(y1 * 10) / 10)\" x2=\"\(round(x2 * 10) / 10)\" y2=\"\(round(y2 * 10) / 10)\"/>\n"
    }

    private var xAxis: Axis {
      let values = series.flatMap { $0.points.map(\.x) }
      switch x {
      case .percentile: return .nines(highest: values.max() ?? 99)
      case .seconds: return .linear(highest: max(1, values.max() ?? 1), label: "seconds")
      }
    }

    private var yAxis: Axis {
      let values = series.flatMap { $0.points.map(\.y) }
      switch y {
      case .milliseconds: return .powers(lowest: values.filter { $0 > 0 }.min() ?? 0.1, highest: values.max() ?? 1)
      case .linear(let label): return .linear(highest: max(1, values.max() ?? 1), label: label)
      }
    }
  }
}

/// Where values lie between 0 and 1.
struct Axis {
  let label: String
  let ticks: [(value: Double, label: String)]
  let place: (Double) -> Double

  /// From 0 to a round number.
  static func linear(highest: Double, label: String) -> Axis {
    let rough = highest / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    let end = max(step, ceil(highest / step) * step)
    let ticks = stride(from: 0, through: end + step / 2, by: step).map {
      ($0, ReportText.number(($0 * 1_000).rounded() / 1_000))
    }
    return Axis(label: label, ticks: ticks) { min(1, max(0, $0 / end)) }
  }

  /// Milliseconds on a logarithmic scale, from and to 1, 2 or 5 times a power of ten.
  static func powers(lowest: Double, highest: Double) -> Axis {
    let all = (-3...7).flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }
    let low = max(lowest, 0.001)
    let from = all.last { $0 <= low } ?? 0.001
    let to = all.first { $0 >= max(highest, from * 2) } ?? 5e7
    let steps = all.filter { $0 >= from && $0 <= to }
    // As many labels as have room.
    let isLong = steps.count > 10
    let ticks = steps.filter { !isLong || abs(log10($0).rounded() - log10($0)) < 1e-9 }
    return Axis(label: "milliseconds", ticks: ticks.map { ($0, label($0)) }) { value in
      min(1, max(0, log(max(value, from) / from) / log(to / from)))
    }
  }

  private static func label(_ value: Double) -> String {
    value >= 1 ? String(Int(value.rounded())) : String(format: "%g", value)
  }

  /// Percentiles by their nines.
  static func nines(highest: Double) -> Axis {
    let nines = { (percentile: Double) in -log10(max(1e-9, 1 - percentile / 100)) }
    let end = max(2, nines(highest))
    let all: [(Double, String)] = [
      (0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"), (99.999, "99.999"),
      (99.9999, "99.9999"),
    ]
    return Axis(label: "percentile", ticks: all.filter { nines($0.0) <= end + 0.01 }) {
      min(1, max(0, nines($0) / end))
    }
  }
}

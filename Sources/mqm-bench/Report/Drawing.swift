import Foundation

/// A report as a picture: for each table bars of the medians, with a line from the least to the most. Readable on a light
/// and on a dark page.
struct Drawing {
  let report: Report

  private static let width = 920.0
  private static let barStart = 310.0
  private static let barWidth = 440.0
  private static let lineHeight = 18.0
  private static let colours = ["c0", "c1", "c2", "c3", "c4"]

  var svg: String {
    var body: [String] = []
    var y = 10.0
    for section in report.sections {
      let tables = section.tables.filter { $0.isDrawn && !$0.rows.isEmpty }
      guard !tables.isEmpty else { continue }
      y += 26
      body.append(text(section.title, 16, y, "h"))
      for table in tables { draw(table, &body, &y) }
      y += 12
    }
    y += 12
    body.append(text("medians; thin lines from the least to the most of all rounds", 16, y, "s"))
    y += 16
    body += report.machine.map { line in
      defer { y += 16 }
      return text(line, 16, y, "s")
    }
    let height = Int(y + 4)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(height)" width="\(Int(Self.width))" \
      height="\(height)" role="img" aria-label="What ./mqm bench measured">
      <style>
      svg{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#1b1f24;background:var(--paper)}
      .paper{fill:var(--paper)} text{font:12px system-ui,sans-serif;fill:var(--ink)}
      .h{font-size:16px;font-weight:600} .t{font-weight:600} .s{fill:var(--soft)} .v{font-variant-numeric:tabular-nums}
      .w{stroke:var(--line);stroke-width:1.5}
      .c0{fill:#0b6e99} .c1{fill:#8c959f} .c2{fill:#bc6c25} .c3{fill:#6b8f3c} .c4{fill:#4f9fc4}
      @media(prefers-color-scheme:dark){svg{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#e6edf3}
      .c0{fill:#3aa6d8} .c1{fill:#6e7681} .c2{fill:#d98b4a} .c3{fill:#8fb85a} .c4{fill:#2f7ea6}}
      </style>
      <rect class="paper" width="100%" height="100%"/>
      \(body.joined(separator: "\n"))
      </svg>

      """
  }

  private func draw(_ table: Report.Table, _ body: inout [String], _ y: inout Double) {
    let subjects = table.subjects
    let most = table.rows.flatMap(\.cells).map(\.most).max() ?? 1
    let scale = Self.barWidth / Swift.max(most, .leastNonzeroMagnitude)
    y += 26
    body.append(text("\(table.title), \(table.unit) (\(table.isMoreBetter ? "more" : "less") is better)", 16, y, "t"))
    y += 8
    for row in table.rows {
      for (index, cell) in row.cells.enumerated() {
        let colour = Self.colours[(subjects.firstIndex(of: cell.subject) ?? 0) % Self.colours.count]
        if index == 0 { body.append(text(row.name, 16, y + 13, "")) }
        body.append(text(cell.subject, Self.barStart - 8, y + 13, "s", anchor: "end"))
        let length = number(Swift.max(cell.median * scale, 1))
        body.append(
          "<rect class=\"\(colour)\" x=\"\(number(Self.barStart))\" y=\"\(number(y + 3))\" width=\"\(length)\" height=\"12\" rx=\"2\"/>"
        )
        let from = Self.barStart + cell.least * scale
        let to = Self.barStart + cell.most * scale
        if cell.figures.count > 1 {
          body.append(
            "<line class=\"w\" x1=\"\(number(from))\" x2=\"\(number(to))\" y1=\"\(number(y + 9))\" y2=\"\(number(y + 9))\"/>"
          )
        }
        body.append(text(Figure.text(cell.median), Swift.max(to, Self.barStart + cell.median * scale) + 8, y + 13, "v"))
        y += Self.lineHeight
      }
      y += 5
    }
  }

  private func text(_ text: String, _ x: Double, _ y: Double, _ style: String, anchor: String = "start") -> String {
    let escaped = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    return "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(escaped)</text>"
  }

  private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}

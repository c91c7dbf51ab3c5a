import Foundation

/// A report as text for a terminal.
struct TerminalText {
  let report: Report

  var text: String {
    var lines = report.machine + report.programs + [""]
    for section in report.sections {
      lines += ["# \(section.title)", ""]
      for table in section.tables { lines += self.lines(of: table) + [""] }
      lines += section.remarks.map { "  \($0)" }
      lines += section.goals.map { "  \($0.isReached ? "reached" : "MISSED ") \($0.text): \($0.measured)" } + [""]
    }
    return lines.joined(separator: "\n")
  }

  private func lines(of table: Report.Table) -> [String] {
    let subjects = table.subjects
    var rows = [["\(table.title), \(table.unit)"] + subjects]
    rows += table.rows.map { row in [row.name] + subjects.map { table[row.name, $0].map(Figure.text) ?? "" } }
    let widths = (0...subjects.count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + padding : padding + text
      }.joined(separator: "   ")
    }
  }
}

/// A report as docs/performance.md has it.
struct MarkdownText {
  let report: Report

  var text: String {
    var lines = ["Measured on \(day) with `\(report.command)`:", ""]
    lines += (report.machine + report.programs).map { "- \($0)" } + [""]
    lines += ["Medians, and in brackets the least and the most of all rounds.", ""]
    lines += goals
    for section in report.sections {
      lines += ["### \(section.title)", "", section.method, ""]
      for table in section.tables { lines += self.lines(of: table) + [""] }
      lines += section.remarks.flatMap { [$0, ""] }
    }
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  private var goals: [String] {
    let goals = report.sections.flatMap(\.goals)
    guard !goals.isEmpty else { return [] }
    return ["| what was to be reached | measured | |", "|---|---|---|"]
      + goals.map { "| \($0.text) | \($0.measured) | \($0.isReached ? "reached" : "**missed**") |" } + [""]
  }

  private func lines(of table: Report.Table) -> [String] {
    let subjects = table.subjects
    let head = ["**\(table.title)**, \(table.unit)", "", "| | \(subjects.joined(separator: " | ")) |"]
    return head + ["|---|\(String(repeating: "--:|", count: subjects.count))"]
      + table.rows.map { row in
        "| \(row.name) | \(subjects.map { table[row.name, $0].map(Figure.text) ?? "" }.joined(separator: " | ")) |"
      }
  }

  private var day: String { report.date.formatted(.iso8601.year().month().day()) }
}

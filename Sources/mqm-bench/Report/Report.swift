import Foundation

/// What a run has measured. Written as JSON with --json, and read again by `mqm-bench report`.
struct Report: Codable {
  var machine: [String]
  var programs: [String]
  var date: Date
  /// How the bench was called.
  var command: String
  var sections: [Section] = []
  var seconds = 0.0

  /// One thing that was measured, of several subjects.
  struct Section: Codable {
    let title: String
    /// How it was measured.
    let method: String
    var tables: [Table] = []
    var goals: [Goal] = []
    /// What must be known to read the figures.
    var remarks: [String] = []
  }

  /// Figures of one unit: subjects across, circumstances down.
  struct Table: Codable {
    let title: String
    let unit: String
    let isMoreBetter: Bool
    var rows: [Row] = []
    /// Whether it is drawn.
    var isDrawn = true

    var subjects: [String] {
      rows.flatMap(\.cells).reduce(into: []) { if !$0.contains($1.subject) { $0.append($1.subject) } }
    }

    /// Adds a figure of one round.
    mutating func add(_ figure: Double, _ row: String, _ subject: String) {
      let place = rows.firstIndex { $0.name == row } ?? rows.endIndex
      if place == rows.endIndex { rows.append(Row(name: row)) }
      if let cell = rows[place].cells.firstIndex(where: { $0.subject == subject }) {
        rows[place].cells[cell].figures.append(figure)
      } else {
        rows[place].cells.append(Cell(subject: subject, figures: [figure]))
      }
    }

    subscript(row: String, subject: String) -> Cell? {
      rows.first { $0.name == row }?.cells.first { $0.subject == subject }
    }
  }

  struct Row: Codable {
    let name: String
    var cells: [Cell] = []
  }

  struct Cell: Codable {
    let subject: String
    /// Of each round.
    var figures: [Double]

    var median: Double {
      let sorted = figures.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    var least: Double { figures.min() ?? .nan }
    var most: Double { figures.max() ?? .nan }
  }

  /// What was to be reached.
  struct Goal: Codable {
    let text: String
    let measured: String
    let isReached: Bool
  }
}

extension Report {
  static func read(_ file: URL) throws -> Report {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(Report.self, from: Data(contentsOf: file))
  }

  func write(_ file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try encoder.encode(self).write(to: file)
  }

  /// Prints it, and draws it into a file if there is a name for one.
  func show(markdown: Bool, svg: String?) throws {
    print(markdown ? MarkdownText(report: self).text : TerminalText(report: self).text)
    if let svg { try Data(Drawing(report: self).svg.utf8).write(to: URL(fileURLWithPath: svg)) }
  }
}

extension Report.Goal {
  init(_ text: String, _ measured: Double, atLeast bound: Double) {
    self.init(text: text, measured: Figure.text(measured), isReached: measured >= bound)
  }

  init(_ text: String, _ measured: Double, atMost bound: Double) {
    self.init(text: text, measured: Figure.text(measured), isReached: measured <= bound)
  }
}

/// Numbers for people.
enum Figure {
  /// Three significant digits, and all of those before the point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    if size >= 100 { return grouped(Int(value.rounded())) }
    return String(format: size >= 10 ? "%.1f" : size >= 0.995 ? "%.2f" : "%.3f", value)
  }

  static func text(_ cell: Report.Cell) -> String {
    cell.figures.count == 1 ? text(cell.median) : "\(text(cell.median)) (\(text(cell.least))–\(text(cell.most)))"
  }

  private static func grouped(_ value: Int) -> String {
    var digits = Array(String(value))
    var place = digits.count - 3
    while place > (value < 0 ? 1 : 0) {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}

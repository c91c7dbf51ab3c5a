/// Writes metrics in Prometheus' text-based exposition format, version 0.0.4.
struct PrometheusWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ family: MetricFamily) {
    line("# HELP \(family.name) \(Self.escaped(family.help, quotes: false))")
    line("# TYPE \(family.name) \(family.kind.name)")
    for series in family.series {
      switch series.content {
      case .count(let cell): sample(family.name, series.labels, "\(cell.value)")
      case .level(let cell): sample(family.name, series.labels, Self.number(cell.value))
      case .reading(let read): if let value = read() { sample(family.name, series.labels, Self.number(value)) }
      case .distribution(let cell): write(cell, family.name, series.labels)
      }
    }
  }

  /// Buckets are cumulative, and the last one is the count.
  private mutating func write(_ cell: HistogramCell, _ name: String, _ labels: [(String, String)]) {
    let (counts, sum) = cell.read()
    var cumulated: Int64 = 0
    for (index, count) in counts.enumerated() {
      cumulated += count
      let bound = index < cell.bounds.count ? Self.number(Double(cell.bounds[index]) / cell.scale) : "+Inf"
      sample(name + "_bucket", labels + [("le", bound)], "\(cumulated)")
    }
    sample(name + "_sum", labels, Self.number(Double(sum) / cell.scale))
    sample(name + "_count", labels, "\(cumulated)")
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
    let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",")
    line(list.isEmpty ? "\(name) \(value)" : "\(name){\(list)} \(value)")
  }

  private mutating func line(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Whole numbers without a fraction.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  /// - Parameter quotes: whether the text stands in quotation marks.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

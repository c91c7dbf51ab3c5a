/// What is said of all series of one name: its type, and what it measures.
struct MetricFamily {
  enum Kind {
    case counter
    case gauge
    /// Bounds of the buckets, ascending, in the unit in which values are recorded; that unit, divided by `scale`, is the
    /// one of the name.
    case histogram(bounds: [Int64], scale: Double)

    /// As a `TYPE` line has it.
    var name: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }
  }

  /// What a series has to say when it is read.
  enum Content {
    case count(CounterCell)
    case level(GaugeCell)
    case distribution(HistogramCell)
    /// Asked for on each reading.
    case reading(@Sendable () -> Double?)
  }

  /// One series: the values of its labels, and its cell.
  struct Series {
    let labels: [(String, String)]
    let content: Content
  }

  let name: String
  let help: String
  let kind: Kind
  var series: [Series] = []
}

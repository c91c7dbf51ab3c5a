/// What happens besides consultations, in the second phase of a run.
protocol Disturbance: AnyObject {
  /// Whether everything that must be there before is.
  var isReady: Bool { get }
  /// Makes ready, before the first phase.
  func prepare()
  /// Begins; `at` is when that was to happen.
  func begin(at: UInt64)
  /// Ends; what needs time to be over may go on.
  func end(at: UInt64)
  /// Whether it is over.
  var isOver: Bool { get }
  /// The last call: counts what is wrong, and lets everything go.
  func conclude()
  var report: LoadReport.Disturbance { get }
}

func makeDisturbance(_ kind: DisturbanceKind, _ run: LoadRun) -> any Disturbance {
  switch kind {
  case .storm(_, let spread, let cut): Storm(run, spread: spread, cut: cut)
  case .flood(let factor): Flood(run, factor: factor)
  case .halfOpen(let connections): SlowStreams(run, count: connections, manner: .halfRequest)
  case .slowWriters(let connections): SlowStreams(run, count: connections, manner: .byteBySecond)
  case .slowReaders: SlowReaders(run)
  }
}

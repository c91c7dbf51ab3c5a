import Foundation
import Simulation

/// Says on standard error, every two seconds, how far a long run has come.
final class ProgressMeter {
  private let goal: Campaign.Goal
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now
  private var hasShown = false

  init(goal: Campaign.Goal) {
    self.goal = goal
  }

  /// Whole seconds since the start.
  var seconds: Int64 { start.duration(to: .now).components.seconds }

  func show(_ result: Campaign.Result) {
    guard lastShown.duration(to: .now) > .seconds(2) else { return }
    lastShown = .now
    hasShown = true
    let done = if case .schedules = goal { result.schedules } else { result.coverage.consultations }
    let elapsed = max(1, seconds)
    let rate = max(1, Int64(done) / elapsed)
    let left = max(0, Int64(goal.count - done) / rate)
    write(
      "\r\(result.coverage.consultations) consultations in \(result.schedules) schedules, "
        + "\(Int64(result.coverage.steps) / elapsed) steps a second, about \(left) s left   ")
  }

  func finish() {
    if hasShown { write("\n") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

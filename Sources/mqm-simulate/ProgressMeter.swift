import Foundation

/// Says on standard error, every two seconds, how far a long run has come.
final class ProgressMeter {
  private let total: Int
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now
  private var hasShown = false

  init(total: Int) {
    self.total = total
  }

  /// Whole seconds since the start.
  var seconds: Int64 { start.duration(to: .now).components.seconds }

  func show(_ done: Int) {
    guard lastShown.duration(to: .now) > .seconds(2) else { return }
    lastShown = .now
    hasShown = true
    let elapsed = max(1, seconds)
    let rate = max(1, Int64(done) / elapsed)
    let left = Int64(total - done) / rate
    write("\r\(done) of \(total) schedules, \(rate) a second, about \(left) s left   ")
  }

  func finish() {
    if hasShown { write("\n") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

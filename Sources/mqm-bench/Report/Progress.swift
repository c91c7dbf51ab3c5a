import BenchClient
import Foundation

/// Says on the terminal what is going on, and for how long it will.
final class Progress {
  private let started = bench_now()
  private let all: Double
  private var done = 0.0

  /// - Parameter weight: how many steps there will be, each counted as long as it takes.
  init(weight: Double) {
    all = weight
  }

  /// A step begins; how much it weighs.
  func step(_ text: String, weight: Double) {
    defer { done += weight }
    let elapsed = Double(bench_now() - started) / 1e9
    var left = ""
    if done > 0, all > done {
      let seconds = Int(elapsed / done * (all - done))
      left = seconds >= 60 ? ", about \((seconds + 59) / 60) min left" : ", less than a minute left"
    }
    Self.say("\(Int(100 * Swift.min(done / all, 1)))%\(left): \(text)")
  }

  /// Replaces the line.
  static func say(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else {
      if !text.isEmpty { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
      return
    }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }
}

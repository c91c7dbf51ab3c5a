import Foundation
import Simulation

/// When consultations are to begin: independent of one another, as people are (a Poisson process), and of how the broker
/// fares (an open loop).
struct Arrivals {
  private var random: SplitMix64
  private let meanNanoseconds: Double
  /// When the next one is.
  private(set) var next: UInt64

  /// - Parameter rate: consultations a second on average, more than 0.
  init(rate: Double, seed: UInt64, from start: UInt64) {
    random = SplitMix64(seed: seed)
    meanNanoseconds = 1e9 / rate
    next = start
    advance()
  }

  /// Goes on to the one after.
  mutating func advance() {
    let uniform = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)
    next += UInt64(-log(uniform) * meanNanoseconds)
  }
}

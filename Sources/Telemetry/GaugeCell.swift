import CoreMetrics
import Synchronization

/// A number that goes up and down. From any thread.
final class GaugeCell: MeterHandler, RecorderHandler {
  /// The bits of a `Double`.
  private let bits = Atomic<UInt64>(Double(0).bitPattern)

  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func set(_ value: Int64) { set(Double(value)) }

  func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  func increment(by amount: Double) {
    var present = bits.load(ordering: .relaxed)
    while true {
      let sum = Double(bitPattern: present) + amount
      let (isDone, found) = bits.weakCompareExchange(
        expected: present, desired: sum.bitPattern, ordering: .relaxed)
      if isDone { return }
      present = found
    }
  }

  func decrement(by amount: Double) { increment(by: -amount) }

  func record(_ value: Int64) { set(value) }

  func record(_ value: Double) { set(value) }
}

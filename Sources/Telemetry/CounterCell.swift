import CoreMetrics
import Synchronization

/// A number that only grows. From any thread; an addition is one atomic instruction.
final class CounterCell: CounterHandler {
  private let total = Atomic<Int64>(0)

  var value: Int64 { total.load(ordering: .relaxed) }

  func increment(by amount: Int64) { total.wrappingAdd(amount, ordering: .relaxed) }

  func reset() { total.store(0, ordering: .relaxed) }
}

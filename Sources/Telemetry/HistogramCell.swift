import CoreMetrics
import Synchronization

/// How often values fell into which bucket. From any thread; a recording is two atomic additions, and never allocates.
final class HistogramCell: RecorderHandler, TimerHandler {
  /// Upper bounds, included, ascending; a last bucket without a bound comes after them.
  let bounds: [Int64]
  /// What a recorded value is divided by when it is read.
  let scale: Double
  /// Never moved, and freed with the last reference only.
  private nonisolated(unsafe) let counts: UnsafeMutableBufferPointer<Atomic<Int64>>
  private let total = Atomic<Int64>(0)

  init(bounds: [Int64], scale: Double) {
    self.bounds = bounds
    self.scale = scale
    counts = .allocate(capacity: bounds.count + 1)
    for index in counts.indices { counts.initializeElement(at: index, to: Atomic(0)) }
  }

  deinit {
    counts.deinitialize()
    counts.deallocate()
  }

  func record(_ value: Int64) {
    var index = 0
    while index < bounds.count, value > bounds[index] { index += 1 }
    counts[index].wrappingAdd(1, ordering: .relaxed)
    total.wrappingAdd(value, ordering: .relaxed)
  }

  /// A value that is no number, or out of range, is not recorded.
  func record(_ value: Double) {
    guard let rounded = Int64(exactly: value.rounded()) else { return }
    record(rounded)
  }

  func recordNanoseconds(_ duration: Int64) { record(duration) }

  /// What was recorded, each value counted in its own bucket only.
  func read() -> (counts: [Int64], sum: Int64) {
    (counts.indices.map { counts[$0].load(ordering: .relaxed) }, total.load(ordering: .relaxed))
  }
}

import Foundation
import Synchronization

/// What one thread leaves for another that waits for it.
final class Handover<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  private let count = DispatchSemaphore(value: 0)

  func leave(_ value: Value) {
    values.withLock { $0.append(value) }
    count.signal()
  }

  /// The oldest that was left, once there is one.
  func take() -> Value {
    count.wait()
    return values.withLock { $0.removeFirst() }
  }
}

import Synchronization

/// The bus of a single process.
public final class InProcessBus: Bus {
  private let subscribers = Mutex<[@Sendable ([Decision]) -> Void]>([])

  public init() {}

  public func publish(_ decisions: [Decision]) {
    for receive in subscribers.withLock({ $0 }) { receive(decisions) }
  }

  public func subscribe(_ receive: @escaping @Sendable ([Decision]) -> Void) {
    subscribers.withLock { $0.append(receive) }
  }
}

import Dispatch
public import MQMSessions

/// The documents' contents, off the event loop: one thing after the other on a thread that may wait for the disk, so that
/// no more than one document at a time is in memory for its check.
public struct DocumentDesk: Sendable {
  private let store: DocumentStore
  private let queue = DispatchQueue(label: "mqm.documents")

  public init(_ store: DocumentStore) {
    self.store = store
  }

  /// - Throws: what `work` throws.
  func run<Value: Sendable>(_ work: @escaping @Sendable (DocumentStore) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work(store) }) }
    }
  }

  /// Without waiting for it; nil if it failed.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable (DocumentStore) throws -> Value, then deliver: @escaping @Sendable (Value?) -> Void
  ) {
    queue.async { deliver(try? work(store)) }
  }
}

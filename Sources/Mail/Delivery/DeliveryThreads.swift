import Foundation

/// Threads for what blocks: programs that run, files that are flushed.
enum DeliveryThreads {
  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.name = "mqm.mail.delivery"
    queue.maxConcurrentOperationCount = 4
    queue.qualityOfService = .utility
    return queue
  }()

  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      queue.addOperation { continuation.resume(returning: work()) }
    }
  }
}

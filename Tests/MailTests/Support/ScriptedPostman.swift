import Foundation
import Mail
import Synchronization

/// Remembers what it was given, and answers as it is told.
final class ScriptedPostman: Postman {
  let answer: @Sendable (MailMessage) async throws(DeliveryFailure) -> Void
  private let messages = Mutex<[MailMessage]>([])
  /// One element for each message.
  let arrivals: AsyncStream<Int64>
  private let arriving: AsyncStream<Int64>.Continuation

  init(_ answer: @escaping @Sendable (MailMessage) async throws(DeliveryFailure) -> Void = { _ in }) {
    self.answer = answer
    (arrivals, arriving) = AsyncStream.makeStream()
  }

  var given: [MailMessage] { messages.withLock { $0 } }

  func deliver(_ message: MailMessage) async throws(DeliveryFailure) {
    messages.withLock { $0.append(message) }
    arriving.yield(message.letter)
    try await answer(message)
  }
}

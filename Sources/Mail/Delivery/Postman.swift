/// Takes a message to where its recipient will find it.
public protocol Postman: Sendable {
  /// Never blocks the caller's thread; ends soon when the task is cancelled, and then throws
  /// ``DeliveryFailure/temporary(_:)``.
  func deliver(_ message: MailMessage) async throws(DeliveryFailure)
}

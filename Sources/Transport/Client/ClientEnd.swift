/// How a client's connection ended.
public enum ClientEnd: Error, Equatable, Sendable {
  /// With a close frame of the server's, whichever side was first; `code` is nil if it had none.
  case closed(code: UInt16?, reason: String)
  /// This side dropped it.
  case dropped
  /// The server answered the handshake with another status than 101.
  case handshakeRefused(status: Int)
  /// The answer to the handshake broke RFC 6455, section 4.1.
  case handshakeInvalid(String)
  /// The server broke RFC 6455; it was told so with `code`.
  case faulty(code: UInt16, String)
  /// The connection could not be made, or broke, with this `errno`; 0 if the server ended it without a close frame.
  case broken(errno: Int32)
  /// TLS could not be agreed on, or broke.
  case tlsFailed(String)
  /// No open WebSocket, or no end after a close frame, in the time that there was for it.
  case timedOut
}

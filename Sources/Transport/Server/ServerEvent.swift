/// What a server does by itself, without its handler: for those who count it. Told on the loop's thread.
public enum ServerEvent: Sendable, Equatable {
  /// A WebSocket handshake was accepted.
  case handshakeAccepted
  /// A handshake was refused with that HTTP status.
  case handshakeRefused(status: Int)
  /// A connection was closed as soon as it came: there are `ServerConfiguration.maximumConnections`.
  case connectionRefused
  /// A message was longer than `ServerConfiguration.maximumMessageBytes`: the socket is closed with 1009.
  case messageTooLong
  /// A client does not read: the socket is closed with `ServerConfiguration.slowReaderClose`.
  case slowReader
}

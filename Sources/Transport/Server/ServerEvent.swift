/// What a server does by itself, without its handler: for those who count it. Told on the loop's thread.
public enum ServerEvent: Sendable, Equatable {
  /// A WebSocket handshake was accepted.
  case handshakeAccepted
  /// A handshake was refused with that HTTP status.
  case handshakeRefused(status: Int)
  /// A limit was hit.
  case hit(Limit)

  /// The limits that a server keeps by itself.
  public enum Limit: Sendable, CaseIterable {
    /// `ServerConfiguration.maximumConnections`: closed as soon as it came.
    case connections
    /// `ServerConfiguration.maximumConnectionsPerAddress`: the same.
    case connectionsPerAddress
    /// `ServerConfiguration.maximumHalfOpen`, or an eighth of it from one address: the same.
    case halfOpen
    /// `ServerConfiguration.maximumMessageBytes`: the socket is closed with 1009.
    case messageBytes
    /// A client does not read: the socket is closed with `ServerConfiguration.slowReaderClose`.
    case slowReader
    /// `ServerConfiguration.messageTimeout`: the socket is closed with `ServerConfiguration.slowWriterClose`.
    case slowWriter
  }
}

/// What to do with a handshake.
public enum UpgradeDecision: Sendable, Equatable {
  case accept
  /// Refuses with an HTTP status from 400 to 599.
  case refuse(status: Int)
}

/// What a server tells its program. All calls are made on the event loop's thread, one after the other.
///
/// A handler may send, close and respond from within any of them; that never calls back before it returns.
public protocol ServerHandler: AnyObject, Sendable {
  /// Whether a socket is opened. Path, subprotocol, version and `Origin` were found good before.
  func shouldUpgrade(_ request: Request) -> UpgradeDecision
  /// A socket is open.
  func opened(_ socket: WebSocket, request: Request)
  /// A complete text message, valid UTF-8. `text` is good until this returns. Not called any more once a close began.
  func received(_ socket: WebSocket, text: UnsafeRawBufferPointer)
  /// The client has received everything that was sent while `WebSocket.mark` was `mark` or less.
  func confirmed(_ socket: WebSocket, mark: UInt64)
  /// A complete binary message, with `ServerConfiguration.acceptsBinary` only; otherwise as a text.
  func received(_ socket: WebSocket, binary: UnsafeRawBufferPointer)
  /// The socket is closed, or closing: exactly once for each `opened`, as soon as either side began, so that what
  /// depends on the connection can go on. `code` is the code of the side that began, nil if there was none.
  func closed(_ socket: WebSocket, code: UInt16?)
  /// How many bytes the body of this request may have; asked before any of it is read, for bodies beyond
  /// `ServerConfiguration.maximumBodyBytes` only. Nil: not more than that.
  func maximumBody(of request: Request) -> BodyAllowance?
  /// A request is complete, with its body. To be answered with `exchange.respond`, at once or later.
  func handle(_ exchange: HTTPExchange)
}

extension ServerHandler {
  public func confirmed(_ socket: WebSocket, mark: UInt64) {}
  public func received(_ socket: WebSocket, binary: UnsafeRawBufferPointer) {}
  public func maximumBody(of request: Request) -> BodyAllowance? { nil }
}

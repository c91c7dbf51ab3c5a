/// A request that is complete, and the response to it.
///
/// Belongs to the loop's thread. It may be kept and answered later; if the client has gone meanwhile, nothing happens.
public final class HTTPExchange: @unchecked Sendable {
  public let request: Request
  public let body: [UInt8]
  private weak var connection: HTTPConnection?
  private var hasEnded = false
  private var ending: (() -> Void)?

  init(request: Request, body: [UInt8], connection: HTTPConnection) {
    self.request = request
    self.body = body
    self.connection = connection
  }

  /// Whether a response is still awaited by a client that is there.
  public var isPending: Bool { connection?.isAwaiting(self) ?? false }

  /// Answers. The first call counts; later ones do nothing. A `HEAD` request gets the headers only.
  public func respond(_ response: HTTPResponse) {
    connection?.respond(response, to: self)
  }

  /// Calls `body` once, on the loop's thread, when all of the response was given to the system, or never will be, as the
  /// client has gone; at once if that is so already. A second call takes the place of the first.
  public func whenEnded(_ body: @escaping () -> Void) {
    if hasEnded { return body() }
    ending = body
  }

  func end() {
    hasEnded = true
    let body = ending
    ending = nil
    body?()
  }

  /// A piece of the response's body, nil if there is none.
  func deliver(_ piece: [UInt8]?) {
    connection?.fetched(piece, for: self)
  }

  /// Answers with a status from 200 to 599.
  public func respond(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    respond(HTTPResponse(status: status, headers: headers, body: body))
  }

  /// Answers with text, UTF-8.
  public func respond(status: Int, headers: [Header] = [], body: String) {
    respond(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
  }
}

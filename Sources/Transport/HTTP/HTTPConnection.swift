import CLibwebsockets
import Glibc

/// One HTTP/1 connection: collects a request and its body, hands it over, and writes the response.
///
/// While a request is being answered nothing is read: libwebsockets would take a request that a client sends ahead for
/// the body of the present one.
final class HTTPConnection: Connection {
  /// libwebsockets' connection; nil before it exists and after it is gone.
  var wsi: OpaquePointer?
  private(set) var wasDestroyed = false

  private enum State {
    /// Between requests, or within the headers of one.
    case idle
    /// A body is on its way, of which `missing` bytes have not arrived.
    case receiving(Request, ReceivedBody, missing: Int)
    case awaiting(HTTPExchange)
    /// A piece of the response's body is awaited.
    case fetching(Streaming)
    /// The response is written as far as the socket takes it. Then comes the rest, if there is one.
    case draining(Streaming?)
  }

  private enum ReceivedBody {
    case kept([UInt8])
    /// It is read, not kept, and answered with that status.
    case refused(Int)
  }

  /// A response whose body is sent piece by piece.
  private struct Streaming {
    let exchange: HTTPExchange
    let body: HTTPBodyStream
    /// Bytes of it that were written.
    var sent: Int
  }

  let peer: String
  private(set) var entrance: Entrance
  /// The handshake that was accepted, until the socket is open.
  private(set) var upgrade: Request?
  private unowned let server: Server
  private var state = State.idle
  private var closesAfterResponse = false
  private var speaksHTTP10 = false
  private var isHead = false
  /// Within a libwebsockets callback for this connection, whose return value then ends the transaction.
  private var isInCallback = false
  /// When a body must have arrived, by the loop's clock.
  private var bodyDeadline: UInt64 = 0
  /// The room that a long body takes which is here or on its way.
  private var longBody: LongBodies.Place?
  /// Counts requests, so that a verdict on the sender of one is not taken for another's.
  private var requestNumber: UInt64 = 0
  /// The request that is being answered, until the answer is written.
  private var current: HTTPExchange?

  /// Bodies that are longer, and too long, are not even read.
  private static let maximumDiscard = 1_048_576

  init(server: Server, peer: String) {
    self.server = server
    self.peer = peer
    let isProxy = server.configuration.trustedProxies.contains(peer)
    entrance = Entrance(source: isProxy ? nil : ConnectionCounts.Source(peer))
  }

  /// The headers of a request are complete.
  private func enter() {
    guard !entrance.isOpen else { return }
    entrance.isOpen = true
    server.entered(entrance)
  }

  func destroyed() {
    wsi = nil
    wasDestroyed = true
    state = .idle
    releaseLongBody()
    endExchange()
  }

  // MARK: Handshake

  /// `LWS_CALLBACK_HTTP_CONFIRM_UPGRADE`: 0 goes on, -1 hangs up after the refusal was written.
  func confirmUpgrade(to name: String) -> Int32 {
    // Nobody sends a handshake ahead of the response to another request.
    guard let wsi, !server.isServingStored else { return -1 }
    enter()
    let reader = RequestReader(wsi: wsi)
    guard let request = reader.request(peer: peer, trusting: server.configuration.trustedProxies) else {
      return refuse(server.configuration.refusal(400))
    }
    let handshake = Handshake(name: name, request: request, reader: reader)
    if let refusal = handshake.refusal(
      path: server.configuration.webSocketPath,
      subprotocol: server.configuration.subprotocol, isAllowed: server.allows(origin:))
    {
      return refuseHandshake(refusal)
    }
    switch server.handler.shouldUpgrade(request) {
    case .refuse(let status): return refuseHandshake(server.configuration.refusal(status))
    case .accept:
      upgrade = request
      return 0
    }
  }

  private func refuseHandshake(_ response: HTTPResponse) -> Int32 {
    server.configuration.observe?(.handshakeRefused(status: response.status))
    return refuse(response)
  }

  private func refuse(_ response: HTTPResponse) -> Int32 {
    closesAfterResponse = true
    _ = write(response)
    return -1
  }

  // MARK: Request

  /// `LWS_CALLBACK_HTTP`: the headers are complete.
  func requestBegan() -> Int32 {
    guard let wsi else { return -1 }
    enter()
    let reader = RequestReader(wsi: wsi)
    guard let request = reader.request(peer: peer, trusting: server.configuration.trustedProxies) else {
      return refuse(server.configuration.refusal(400))
    }
    let version = reader.value(WSI_TOKEN_HTTP) ?? ""
    let connection = reader.value(WSI_TOKEN_CONNECTION)?.lowercased()
    speaksHTTP10 = !version.hasSuffix("1.1")
    closesAfterResponse = speaksHTTP10 ? connection != "keep-alive" : connection == "close"
    isHead = request.method == "HEAD"

    // libwebsockets does not decode chunked bodies, and two different lengths are how requests are smuggled
    // (RFC 9112, 6.3).
    if reader.value(WSI_TOKEN_HTTP_TRANSFER_ENCODING) != nil { return refuse(server.configuration.refusal(411)) }
    let hasBodyMethod = ["POST", "PUT", "PATCH"].contains(request.method)
    guard let length = reader.value(WSI_TOKEN_HTTP_CONTENT_LENGTH) else {
      return hasBodyMethod ? refuse(server.configuration.refusal(411)) : complete(request, body: [])
    }
    guard length.utf8.count <= 18, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(length)
    else { return refuse(server.configuration.refusal(400)) }
    if count > Self.maximumDiscard { return refuse(server.configuration.refusal(413)) }
    // A request with a body that was sent ahead of the response to another: libwebsockets would take its head for its
    // body, and free the connection twice if that ended it. The client has to send it again (RFC 9112, 9.3.2).
    if count > 0, server.isServingStored { return -1 }
    if count == 0, request.method != "POST" { return complete(request, body: []) }
    bodyDeadline = server.loop.now + server.configuration.bodyTimeout.nanoseconds
    state = .receiving(request, expect(count, for: request), missing: count)
    return 0
  }

  /// Whether a body of that length is kept.
  private func expect(_ count: Int, for request: Request) -> ReceivedBody {
    requestNumber += 1
    if count <= server.configuration.maximumBodyBytes { return .kept([]) }
    guard let allowance = server.handler.maximumBody(of: request), count <= allowance.bytes else {
      return .refused(413)
    }
    let place = server.longBodies.begin(from: request.remoteAddress, isProven: allowance.prove == nil)
    guard let place else { return .refused(503) }
    longBody = place
    if let prove = allowance.prove {
      let waiting = Unproven(connection: self, request: requestNumber)
      prove { [loop = server.loop] isGood in
        loop.execute { waiting.connection?.proved(isGood, request: waiting.request) }
      }
    }
    return .kept([])
  }

  /// A connection whose sender is being looked up. Used on the loop's thread only.
  private final class Unproven: @unchecked Sendable {
    weak var connection: HTTPConnection?
    let request: UInt64

    init(connection: HTTPConnection, request: UInt64) {
      self.connection = connection
      self.request = request
    }
  }

  /// It is known whether the sender of a long body is who they say. Of a body that is here already the handler says so.
  private func proved(_ isGood: Bool, request: UInt64) {
    guard request == requestNumber, let place = longBody, !place.isProven else { return }
    if isGood, let proven = server.longBodies.prove(place) {
      longBody = proven
      return
    }
    guard case .receiving(let request, _, let missing) = state else { return }
    releaseLongBody()
    state = .receiving(request, .refused(isGood ? 503 : 401), missing: missing)
  }

  private func releaseLongBody() {
    guard let place = longBody else { return }
    longBody = nil
    server.longBodies.end(place)
  }

  /// `LWS_CALLBACK_HTTP_BODY`
  func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    guard case .receiving(let request, var body, let missing) = state else { return 0 }
    // However steadily it drips.
    guard server.loop.now <= bodyDeadline else { return -1 }
    // The array has no second owner while bytes are added to it.
    state = .idle
    if case .kept(var kept) = body {
      body = .kept([])
      kept.append(contentsOf: bytes.prefix(missing))
      body = .kept(kept)
    }
    state = .receiving(request, body, missing: max(0, missing - bytes.count))
    guard bytes.count > missing else { return 0 }
    // What was sent ahead of the response is lost in libwebsockets, which takes it for more of the body, and does not
    // find the body's end. The client is told to come again for it.
    closesAfterResponse = true
    return bodyCompleted()
  }

  /// `LWS_CALLBACK_HTTP_BODY_COMPLETION`
  func bodyCompleted() -> Int32 {
    guard case .receiving(let request, let body, _) = state else { return 0 }
    switch body {
    case .kept(let bytes): return complete(request, body: bytes)
    case .refused(let status):
      isInCallback = true
      finish(write(server.configuration.refusal(status)), nil)
      return endOfCallback()
    }
  }

  private func complete(_ request: Request, body: [UInt8]) -> Int32 {
    let exchange = HTTPExchange(request: request, body: body, connection: self)
    state = .awaiting(exchange)
    current = exchange
    isInCallback = true
    server.handler.handle(exchange)
    return endOfCallback()
  }

  /// What the callback returns to libwebsockets: nonzero closes the connection.
  private func endOfCallback() -> Int32 {
    isInCallback = false
    guard let wsi else { return -1 }
    switch state {
    case .idle:
      return closesAfterResponse ? -1 : lws_http_transaction_completed(wsi) == 0 ? 0 : -1
    case .awaiting:
      lws_rx_flow_control(wsi, 0)
      lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, server.configuration.responseTimeout.wholeSeconds)
      return 0
    case .fetching, .draining:
      lws_rx_flow_control(wsi, 0)
      return 0
    case .receiving:
      return 0
    }
  }

  // MARK: Response

  func isAwaiting(_ exchange: HTTPExchange) -> Bool {
    guard case .awaiting(let present) = state else { return false }
    return present === exchange
  }

  func respond(_ response: HTTPResponse, to exchange: HTTPExchange) {
    guard isAwaiting(exchange) else { return }
    releaseLongBody()
    let rest = isHead ? nil : response.stream.map { Streaming(exchange: exchange, body: $0, sent: 0) }
    finish(write(response), rest)
  }

  /// Whether the socket can be written to.
  private func write(_ response: HTTPResponse) -> Bool {
    let connection = closesAfterResponse ? "close" : speaksHTTP10 ? "keep-alive" : nil
    return write(response.encoded(common: server.commonHeaders, withoutBody: isHead, connection: connection))
  }

  private func write(_ content: [UInt8]) -> Bool {
    guard let wsi else { return false }
    var bytes = [UInt8](repeating: 0, count: Int(mqm_lws_pre))
    bytes += content
    return bytes.withUnsafeMutableBufferPointer { buffer in
      let start = buffer.baseAddress! + Int(mqm_lws_pre)
      return lws_write(wsi, start, buffer.count - Int(mqm_lws_pre), LWS_WRITE_HTTP) >= 0
    }
  }

  /// Goes on after something was written: with what the socket did not take, then with the rest.
  private func finish(_ written: Bool, _ rest: Streaming?) {
    guard let wsi else { return }
    guard written else { return abandon() }
    if lws_partial_buffered(wsi) != 0 {
      state = .draining(rest)
      server.watchDraining(lws_get_socket_fd(wsi), self)
      return allowTime()
    }
    if let rest, rest.sent < rest.body.count { return fetch(rest) }
    state = .idle
    endExchange()
    if !isInCallback { finishOutsideCallback() }
  }

  /// The answer is written, or will never be.
  private func endExchange() {
    let ended = current
    current = nil
    ended?.end()
  }

  private func allowTime() {
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, server.configuration.responseTimeout.wholeSeconds)
  }

  /// The response cannot be completed: the client sees that by the connection's end.
  private func abandon() {
    state = .idle
    endExchange()
    closesAfterResponse = true
    if !isInCallback { kill() }
  }

  /// Writable again while a response is draining. libwebsockets writes nothing on a connection whose reading is held
  /// back, unless it is asked to.
  func drain() {
    guard let wsi, case .draining(let rest) = state else { return }
    guard lws_write(wsi, nil, 0, LWS_WRITE_HTTP) >= 0 else {
      server.endDraining(lws_get_socket_fd(wsi))
      return kill()
    }
    allowTime()
    guard lws_partial_buffered(wsi) == 0 else { return }
    server.endDraining(lws_get_socket_fd(wsi))
    if let rest, rest.sent < rest.body.count { return fetch(rest) }
    state = .idle
    endExchange()
    finishOutsideCallback()
  }

  // MARK: A body piece by piece

  private func fetch(_ streaming: Streaming) {
    state = .fetching(streaming)
    allowTime()
    streaming.body.fetch(streaming.sent) { [exchange = streaming.exchange, loop = server.loop] piece in
      loop.execute { exchange.deliver(piece) }
    }
  }

  func fetched(_ piece: [UInt8]?, for exchange: HTTPExchange) {
    guard case .fetching(var streaming) = state, streaming.exchange === exchange else { return }
    guard let piece, !piece.isEmpty, piece.count <= streaming.body.count - streaming.sent else { return abandon() }
    streaming.sent += piece.count
    finish(write(piece), streaming)
  }

  private func finishOutsideCallback() {
    guard let wsi else { return }
    lws_rx_flow_control(wsi, 1)
    if closesAfterResponse || lws_http_transaction_completed(wsi) != 0 { kill() }
  }

  /// Closes from outside a callback of this connection: libwebsockets does it in the next turn.
  private func kill() {
    guard let wsi else { return }
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE, LWS_TO_KILL_ASYNC)
  }
}

import CLibwebsockets
import Glibc

/// What a WebSocket client tells about itself, on the loop's thread.
public protocol WebSocketClientHandler: AnyObject {
  /// The handshake is done; messages may be sent.
  func opened(_ client: WebSocketClient)
  /// A whole text message, valid UTF-8, good only inside the call.
  func received(_ client: WebSocketClient, text: UnsafeRawBufferPointer)
  /// A whole binary message, good only inside the call.
  func received(_ client: WebSocketClient, binary: UnsafeRawBufferPointer)
  /// The connection is over; the last call, made exactly once unless `drop` was called.
  func ended(_ client: WebSocketClient, _ end: ClientEnd)
}

extension WebSocketClientHandler {
  public func received(_ client: WebSocketClient, binary: UnsafeRawBufferPointer) {}
}

/// A WebSocket connection that this process makes (RFC 6455), on an event loop that carries thousands of them. Pings are
/// answered and closes echoed by itself. Belongs to the loop's thread.
public final class WebSocketClient: ClientStreamHandler {
  /// How a connection is made, and what it may take.
  public struct Options: Sendable {
    public var stream = ClientStream.Options()
    /// Asked for, and must be answered with.
    public var subprotocol: String?
    /// Sent with the handshake. Values must be of one line.
    public var headers: [Header] = []
    /// Longest message of the server's in bytes; a longer one ends the connection with 1009.
    public var maximumMessageBytes = 16 * 1_024 * 1_024
    /// Time from the first packet to the open WebSocket, and from a close frame to the end.
    public var timeout: Duration = .seconds(30)

    public init() {}
  }

  private enum State { case connecting, shaking, open, closing, ended }

  private let target: ClientTarget
  private let group: ClientGroup
  private let options: Options
  private var handler: (any WebSocketClientHandler)?
  private var stream: ClientStream?
  private var state = State.connecting
  private var handshake: ClientHandshake
  private var reader: ServerFrameReader
  private var timer: TimerToken?
  /// What the server's close frame said, or what it did wrong, while the end of the connection is awaited.
  private var farewell: ClientEnd?

  /// Begins to connect. The handler is told on the loop's thread, later than this returns, and is kept until the end.
  public init(
    _ target: ClientTarget, group: ClientGroup, options: Options = Options(), handler: any WebSocketClientHandler
  ) {
    self.target = target
    self.group = group
    self.options = options
    self.handler = handler
    let nonce = (0..<4).flatMap { _ in withUnsafeBytes(of: group.masks.next()) { Array($0) } }
    handshake = ClientHandshake(nonce: nonce, subprotocol: options.subprotocol)
    reader = ServerFrameReader(limit: options.maximumMessageBytes)
    stream = ClientStream(target, group: group, options: options.stream, handler: self)
    startTimer()
  }

  /// Whether messages may be sent.
  public var isOpen: Bool { state == .open }

  /// Bytes that the kernel has not taken yet.
  public var unsentBytes: Int { stream?.unsentBytes ?? 0 }

  // MARK: Sending

  /// Sends when this turn of the loop ends, in one write with what else comes until then. `text` must be UTF-8. Does
  /// nothing unless it is open.
  public func send(text: UnsafeRawBufferPointer) { if state == .open { send(.text, text) } }

  public func send(text: String) {
    var text = text
    text.withUTF8 { send(text: UnsafeRawBufferPointer($0)) }
  }

  public func send(binary: UnsafeRawBufferPointer) { if state == .open { send(.binary, binary) } }

  /// Sends a ping; at most 125 bytes of `payload` go with it.
  public func ping(_ payload: [UInt8] = []) {
    guard state == .open else { return }
    payload.prefix(125).withUnsafeBytes { send(.ping, $0) }
  }

  /// Begins the closing handshake (RFC 6455, 7.1.2); the handler hears of the end. Without an open WebSocket the
  /// connection is dropped, and the handler hears of that.
  public func close(code: UInt16 = 1000, reason: String = "") {
    switch state {
    case .open: sendClose(code: code, reason: reason)
    case .connecting, .shaking: finish(.dropped)
    case .closing, .ended: break
    }
  }

  /// Ends the connection without a close frame; with `reset` the server sees it break (RST). The handler is not called any
  /// more.
  public func drop(reset: Bool = false) {
    guard state != .ended else { return }
    stream?.drop(reset: reset)
    release()
  }

  /// Stops reading: what comes waits in the kernel, then in the server. Pings are not answered meanwhile.
  public func pauseReading() { stream?.pause() }

  /// Reads again.
  public func resumeReading() { stream?.resume() }

  private func send(_ opcode: FrameHeader.Opcode, _ payload: UnsafeRawBufferPointer) {
    guard let stream else { return }
    let mask = group.masks.next()
    stream.append(ClientFrame.size(payload: payload.count)) { target in
      ClientFrame.write(opcode, payload: payload, mask: mask, to: target)
    }
  }

  private func sendClose(code: UInt16?, reason: String) {
    state = .closing
    var payload: [UInt8] = []
    if let code { payload = [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8.prefix(123)) }
    payload.withUnsafeBytes { send(.close, $0) }
    startTimer()
  }

  private func startTimer() {
    timer?.cancel()
    timer = group.loop.schedule(after: options.timeout) { [weak self] in
      guard let self else { return }
      finish(farewell ?? .timedOut)
    }
  }

  // MARK: What the stream tells

  public func connected(_ stream: ClientStream) {
    state = .shaking
    var request = handshake.request(target, headers: options.headers)
    request.withUTF8 { stream.send(UnsafeRawBufferPointer($0)) }
  }

  public func received(_ stream: ClientStream, bytes: UnsafeRawBufferPointer) {
    guard state == .shaking else { return read(bytes) }
    switch handshake.read(bytes) {
    case .unfinished: break
    case .failed(let end): finish(end)
    case .open(let rest):
      state = .open
      timer?.cancel()
      timer = nil
      handler?.opened(self)
      if rest > 0 { read(UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - rest)...])) }
    }
  }

  private func read(_ bytes: UnsafeRawBufferPointer) {
    guard state == .open || state == .closing, farewell == nil else { return }
    do {
      // The reader is out of the way while handlers run, which may send, close and drop.
      var reader = self.reader
      self.reader = ServerFrameReader(limit: options.maximumMessageBytes)
      defer { self.reader = reader }
      try reader.read(bytes) { item in
        take(item)
        return (state == .open || state == .closing) && farewell == nil
      }
    } catch {
      farewell = .faulty(code: error.code, error.detail)
      if state == .open { sendClose(code: error.code, reason: "") }
    }
  }

  private func take(_ item: ServerFrameReader.Item) {
    switch item {
    case .text(let bytes): handler?.received(self, text: bytes)
    case .binary(let bytes): handler?.received(self, binary: bytes)
    case .ping(let bytes): if state == .open { send(.pong, bytes) }
    case .pong: break
    case .close(let code, let reason):
      farewell = .closed(code: code, reason: String(decoding: reason, as: UTF8.self))
      // The answer has the same code; then the server ends the connection (RFC 6455, 5.5.1 and 7.1.1).
      if state == .open { sendClose(code: code, reason: "") }
    }
  }

  public func ended(_ stream: ClientStream, _ end: ClientEnd) { finish(farewell ?? end) }

  private func finish(_ end: ClientEnd) {
    guard state != .ended else { return }
    let handler = handler
    stream?.drop()
    release()
    handler?.ended(self, end)
  }

  private func release() {
    state = .ended
    timer?.cancel()
    timer = nil
    handler = nil
    stream = nil
  }
}

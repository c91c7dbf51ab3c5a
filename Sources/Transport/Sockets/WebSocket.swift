import CLibwebsockets
import Glibc

/// One client's WebSocket. Belongs to the event loop's thread.
///
/// What is sent during a turn of the loop leaves at its end, in one write. Nothing here calls the handler back before
/// it returns.
public final class WebSocket: Connection, @unchecked Sendable {
  private enum State {
    case open
    /// A close frame is sent, or queued; what still arrives is dropped.
    case closing
    /// Nothing can be sent any more. What had arrived before that still counts.
    case broken
    /// The connection is being torn down or gone.
    case gone
  }

  /// Never used again by another socket of the process's life.
  public let id: UInt64
  /// For the program: its session, so that it needs no lookup. Let go of after `ServerHandler.closed`.
  public var userData: AnyObject?
  /// Whether messages can still be sent and received.
  public var isOpen: Bool { state == .open }
  /// Bytes that wait to be written, without what is in the kernel's hands.
  public var queuedBytes: Int { outbox.bytes }
  /// How far the program has come with what it sends, as it counts; it only grows. When the client has surely received
  /// everything up to some value of it, `ServerHandler.confirmed` says so.
  public var mark: UInt64 = 0
  /// How long nothing has been heard from the client.
  public var silence: Duration { .nanoseconds(Int64(clamping: heartbeat.silence(at: server.loop.now))) }

  /// libwebsockets' connection; nil once it is gone.
  private var wsi: OpaquePointer?
  let entrance: Entrance
  private let server: Server
  private var state = State.open
  private var outbox: Outbox
  private var reception = Reception()
  /// Within a call to libwebsockets that may ask for writability itself.
  private var isCalling = false
  /// libwebsockets has a ping to answer, and nothing is read before it did.
  private var isAnsweringPing = false
  /// It did, and reading goes on at the end of the turn.
  private var hasAnsweredPing = false
  private var isAnnounced = false
  /// Where the server's list has it.
  var index = 0
  /// In the server's list of what has to be flushed.
  var isDirty = false
  private var heartbeat: Heartbeat

  init(id: UInt64, wsi: OpaquePointer, entrance: Entrance, server: Server) {
    self.id = id
    self.entrance = entrance
    self.server = server
    outbox = Outbox(pool: server.pool)
    heartbeat = Heartbeat(now: server.loop.now)
    self.wsi = wsi
  }

  // MARK: Sending

  /// Queues a text message, which must be UTF-8. False if the socket is not open (any more): then it is dropped.
  @discardableResult
  public func send(text: UnsafeRawBufferPointer) -> Bool {
    guard let target = room(forPayload: text.count) else { return false }
    copy(text, to: target)
    return true
  }

  /// Queues a binary message; otherwise as a text.
  @discardableResult
  public func send(binary: UnsafeRawBufferPointer) -> Bool {
    guard let target = room(forPayload: binary.count, opcode: .binary) else { return false }
    copy(binary, to: target)
    return true
  }

  @discardableResult
  public func send(text: [UInt8]) -> Bool {
    text.withUnsafeBytes { send(text: $0) }
  }

  @discardableResult
  public func send(text: String) -> Bool {
    var text = text
    return text.withUTF8 { send(text: UnsafeRawBufferPointer($0)) }
  }

  /// Queues a message that is made of three pieces, without putting them together first.
  @discardableResult
  public func send(prefix: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, suffix: UnsafeRawBufferPointer)
    -> Bool
  {
    guard let target = room(forPayload: prefix.count + body.count + suffix.count) else { return false }
    copy(prefix, to: target)
    copy(body, to: target + prefix.count)
    copy(suffix, to: target + prefix.count + body.count)
    return true
  }

  /// Closes: what is queued leaves first, then the close frame. The client has `ServerConfiguration.closeTimeout` to
  /// take it and to answer. `ServerHandler.closed` follows at the end of the turn. Does nothing on a socket that is
  /// not open.
  ///
  /// - Parameters:
  ///   - code: 1000, 1001, 1003, 1007 to 1014, or 3000 to 4999.
  ///   - reason: what is beyond 123 bytes of UTF-8 is cut off.
  public func close(code: UInt16, reason: String = "") {
    guard state == .open else { return }
    queueClose(code: code, reason: reason)
    beginClosing(code: code, within: server.configuration.closeTimeout)
  }

  private func copy(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) {
    if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
  }

  /// Room for the payload, its header written; nil if it cannot be sent.
  private func room(forPayload count: Int, opcode: FrameHeader.Opcode = .text) -> UnsafeMutableRawPointer? {
    let header = FrameHeader.size(payload: count)
    guard reserve(header + count) else { return nil }
    let frame = outbox.extend(by: header + count)
    return frame + FrameHeader.write(opcode: opcode, payload: count, to: frame)
  }

  /// Whether a frame of `count` bytes may be queued. If not, the client is one that does not read, and is closed.
  private func reserve(_ count: Int) -> Bool {
    guard state == .open else { return false }
    if isOverLimit(adding: count) {
      // Perhaps it is only that much happened within one turn.
      flush()
      guard state == .open else { return false }
      if isOverLimit(adding: count) {
        closeSlowReader()
        return false
      }
    }
    server.markDirty(self)
    return true
  }

  /// A single message is never too much: however long the server made it, whoever reads it is not slow.
  private func isOverLimit(adding count: Int) -> Bool {
    guard !outbox.isEmpty else { return false }
    return outbox.bytes + count > server.configuration.maximumOutboxBytes
      || outbox.messages + 1 > server.configuration.maximumOutboxMessages
  }

  /// Writes what is queued, as far as the socket takes it. libwebsockets keeps the rest of a write that the socket took
  /// in part, and asks for more when that is gone.
  func flush() {
    guard let wsi, state == .open || state == .closing else { return }
    isCalling = true
    defer { isCalling = false }
    while lws_partial_buffered(wsi) == 0, let (bytes, count) = outbox.next() {
      let written = lws_write(wsi, bytes.assumingMemoryBound(to: UInt8.self), count, LWS_WRITE_HTTP)
      if written < 0 { return breakOff() }
    }
    outbox.releaseIfEmpty()
    if hasAnsweredPing {
      hasAnsweredPing = false
      lws_rx_flow_control(wsi, 1)
    }
  }

  /// `LWS_CALLBACK_SERVER_WRITEABLE`
  func writable() {
    flush()
    guard isAnsweringPing else { return }
    isAnsweringPing = false
    // Not from within the callback, after which libwebsockets would ask for writability, as it does for a ping.
    hasAnsweredPing = true
    server.markDirty(self)
  }

  /// libwebsockets asks to be called when the socket can be written to, which it does to answer a ping, to send a close
  /// of its own, and for the rest of a write.
  ///
  /// It answers a ping when the socket is found writable, and forgets all those that come before that. So that each is
  /// answered, and before the message that comes behind it (RFC 6455, 5.5.2), nothing is read until then.
  func libraryWantsToWrite() {
    guard !isCalling, state == .open, let wsi, lws_get_close_length(wsi) == 0 else { return }
    isAnsweringPing = true
    lws_rx_flow_control(wsi, 0)
  }

  // MARK: Closing

  private func queueClose(code: UInt16, reason: String) {
    var text = reason
    while text.utf8.count > 123 { text.removeLast() }
    let frame = outbox.extend(by: 4 + text.utf8.count)
    _ = FrameHeader.write(opcode: .close, payload: 2 + text.utf8.count, to: frame)
    frame.storeBytes(of: code.bigEndian, toByteOffset: 2, as: UInt16.self)
    text.withUTF8 { copy(UnsafeRawBufferPointer($0), to: frame + 4) }
    server.markDirty(self)
  }

  private func beginClosing(code: UInt16?, within timeout: Duration) {
    state = .closing
    reception.drop()
    server.announceClosed(self, code: code)
    // The connection ends by force if the client does not answer in time.
    if let wsi { lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_ACK, timeout.wholeSeconds) }
  }

  /// The client made a mistake.
  private func fail(_ code: UInt16) {
    guard state == .open else { return }
    queueClose(code: code, reason: "")
    beginClosing(code: code, within: .seconds(2))
  }

  /// The client does not read. What waits is dropped; it is told why if it reads on within two seconds.
  private func closeSlowReader() {
    server.configuration.observe?(.hit(.slowReader))
    let (code, reason) = server.configuration.slowReaderClose
    outbox.removeAll()
    queueClose(code: code, reason: reason)
    beginClosing(code: code, within: .seconds(2))
    abortOnClose()
  }

  /// What the kernel still holds for the client is dropped when the descriptor is closed, not kept for minutes.
  private func abortOnClose() {
    guard let wsi else { return }
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  /// The client has reset the connection, perhaps behind last words and a close that wait to be read: who closes a page while
  /// something is on its way there does. libwebsockets tells what it finds.
  private func breakOff() {
    state = .broken
    outbox.removeAll()
    if let wsi { lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_ACK, 1) }
  }

  /// The client is silent: the connection ends without ceremony.
  private func abandon() {
    guard state != .gone, let wsi else { return }
    state = .gone
    outbox.removeAll()
    server.announceClosed(self, code: nil)
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_ACK, LWS_TO_KILL_ASYNC)
  }

  /// `LWS_CALLBACK_WS_PEER_INITIATED_CLOSE`: always ends the connection, after the answer.
  func peerClosed(_ payload: UnsafeRawBufferPointer) -> Int32 {
    guard state == .open || state == .broken else { return -1 }
    var code: UInt16?
    if payload.count >= 2 {
      code = UInt16(payload[0]) << 8 | UInt16(payload[1])
      // libwebsockets has replaced other codes that must not be sent.
      if code! > 4999 { code = 1002 }
      if !isValidUTF8(UnsafeRawBufferPointer(rebasing: payload[2...])) { code = 1007 }
    } else if payload.count == 1 {
      code = 1002
    }
    server.announceClosed(self, code: code)
    guard state == .open else { return -1 }
    if let code {
      queueClose(code: code, reason: "")
    } else {
      _ = FrameHeader.write(opcode: .close, payload: 0, to: outbox.extend(by: 2))
    }
    flush()
    state = .gone
    return -1
  }

  /// libwebsockets begins to end the connection: broken, timed out, or a protocol error that it answers itself.
  func ending() {
    guard state != .gone else { return }
    flush()
    // The client did something wrong after a close was sent. A second one must not follow it, and only this keeps
    // libwebsockets from that: it takes the failing write for the connection's end.
    if state == .closing, let wsi, lws_get_close_length(wsi) > 0, lws_partial_buffered(wsi) == 0 {
      shutdown(lws_get_socket_fd(wsi), Int32(SHUT_WR))
    }
    var code: UInt16?
    if let wsi, lws_get_close_length(wsi) >= 2, let payload = lws_get_close_payload(wsi) {
      code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    }
    state = .gone
    outbox.removeAll()
    server.announceClosed(self, code: code)
  }

  func destroyed() {
    wsi = nil
    state = .gone
    outbox.removeAll()
    reception.drop()
    server.announceClosed(self, code: nil)
    server.forget(self)
  }

  /// Whether the handler has yet to hear that it is closed; true once.
  func takeAnnouncement() -> Bool {
    defer { isAnnounced = true }
    return !isAnnounced
  }

  // MARK: Receiving

  /// `LWS_CALLBACK_RECEIVE`: a piece of a message, in libwebsockets' own buffer.
  func received(_ piece: UnsafeRawBufferPointer) {
    reception.count(piece)
    guard state == .open || state == .broken, let wsi else { return }
    heard()
    let outcome = reception.take(
      piece, of: wsi, check: server.frameCheck, terms: server.receptionTerms, at: server.loop.now)
    switch outcome {
    case .more: break
    case .message(let isBinary): deliver(piece, isBinary: isBinary)
    case .assembled(let message, let isBinary): message.withUnsafeBytes { deliver($0, isBinary: isBinary) }
    case .violation(let violation):
      if violation == .tooLong { server.configuration.observe?(.hit(.messageBytes)) }
      fail(violation.rawValue)
    }
  }

  private func deliver(_ message: UnsafeRawBufferPointer, isBinary: Bool) {
    if isBinary { server.handler.received(self, binary: message) } else { server.handler.received(self, text: message) }
  }

  /// Bytes received, roughly, since the last call.
  func takeReceivedBytes() -> Int { reception.takeBytes() }

  /// What came together with the handshake was read, if anything did.
  func storedWasRead() { reception.storedWasRead() }

  // MARK: Silence

  func heard() {
    heartbeat.heard(at: server.loop.now)
  }

  /// `LWS_CALLBACK_RECEIVE_PONG`: whoever answers a ping has received everything that was sent before it (RFC 6455, 5.5.3).
  func ponged(_ payload: UnsafeRawBufferPointer) {
    let wasSilent = heartbeat.isPinged
    heard()
    guard state == .open, payload.count == 8 else { return }
    let mark = UInt64(bigEndian: payload.loadUnaligned(as: UInt64.self))
    // Probably all that it will say for a while.
    if wasSilent, let base = payload.baseAddress { ReceiveBuffers.release(base) }
    if heartbeat.confirm(mark) { server.handler.confirmed(self, mark: mark) }
  }

  /// Asks the client what it has received. `ServerHandler.confirmed` follows, unless the same is being asked already.
  public func askForConfirmation() {
    if state == .open, heartbeat.mayAsk(for: mark) { ping(now: server.loop.now) }
  }

  private func ping(now: UInt64) {
    heartbeat.pinged(with: mark, at: now)
    let frame = outbox.extend(by: 10)
    _ = FrameHeader.write(opcode: .ping, payload: 8, to: frame)
    frame.storeBytes(of: mark.bigEndian, toByteOffset: 2, as: UInt64.self)
    server.markDirty(self)
  }

  /// Closes a client that lets the pieces of a message drip, however lively it is otherwise.
  func checkProgress(now: UInt64, within limit: UInt64) {
    guard state == .open, let began = reception.began, now > began, now - began > limit else { return }
    let (code, reason) = server.configuration.slowWriterClose
    close(code: code, reason: reason)
    server.configuration.observe?(.hit(.slowWriter))
  }

  /// Sends a ping to a client that has been silent, or has not confirmed for as long, and ends the connection of one that is
  /// silent still.
  func checkSilence(now: UInt64, pingAfter: UInt64, hangUpAfter: UInt64) {
    guard state == .open else { return }
    switch heartbeat.due(at: now, mark: mark, pingAfter: pingAfter, hangUpAfter: hangUpAfter) {
    case .hangUp: abandon()
    case .ping:
      ping(now: now)
      // Thousands may be pinged at once: each is done with its buffer before the next takes one.
      flush()
    case nil: break
    }
  }
}

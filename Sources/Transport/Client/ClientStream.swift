import CLibwebsockets
import Glibc

/// What a stream tells about itself, on the loop's thread.
public protocol ClientStreamHandler: AnyObject {
  /// The connection is there, TLS included.
  func connected(_ stream: ClientStream)
  /// Bytes came, good only inside the call.
  func received(_ stream: ClientStream, bytes: UnsafeRawBufferPointer)
  /// The connection is over, for good; the last call. Not called after `drop`.
  func ended(_ stream: ClientStream, _ end: ClientEnd)
}

/// A TCP connection that a client makes, with TLS where the target asks for it: nothing of WebSocket yet. Belongs to the
/// loop's thread.
public final class ClientStream: PollHandler {
  /// How a connection is made.
  public struct Options: Sendable {
    /// The lower 24 bits of an address in 127.0.0.0/8 to connect from; nil for the system's choice. Only for a target that
    /// is such an address itself. With one source address there are about 28,000 ports.
    public var source: UInt32?
    /// Bytes that may wait to be sent before the connection is given up.
    public var maximumUnsentBytes = 4 * 1_024 * 1_024
    /// The kernel's receive buffer in bytes; nil for its default. A slow reader's is small.
    public var receiveBufferBytes: Int32?

    public init() {}
  }

  private enum State { case connecting, securing, open, ended }

  private let group: ClientGroup
  private let options: Options
  private var handler: (any ClientStreamHandler)?
  private var descriptor: Int32 = -1
  private var state = State.connecting
  private var tls: ClientTLSSession?
  /// What waits to be sent; from `offset` on.
  private var unsent: [UInt8] = []
  private var offset = 0
  private var isFlushDue = false
  private var isPaused = false

  /// Begins to connect. The handler is told on the loop's thread, later than this returns, and is kept until the end.
  public init(
    _ target: ClientTarget, group: ClientGroup, options: Options = Options(), handler: any ClientStreamHandler
  ) {
    group.loop.checkIsolated()
    self.group = group
    self.options = options
    self.handler = handler
    let result = connect(target)
    if case .failure(let end) = result { group.loop.atEndOfTurn { self.end(end) } }
  }

  private func connect(_ target: ClientTarget) -> Result<Void, ClientEnd> {
    descriptor = socket(
      target.address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return .failure(.broken(errno: errno)) }
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    if let bytes = options.receiveBufferBytes { set(SOL_SOCKET, SO_RCVBUF, bytes) }
    if let source = options.source {
      set(Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
      let bound = SocketAddress.loopback(source).withPointer { bind(descriptor, $0, $1) }
      guard bound == 0 else { return .failure(.broken(errno: errno)) }
    }
    if target.isSecure {
      do { tls = try ClientTLSSession(group.tlsContext(), host: target.host) } catch let end as ClientEnd {
        return .failure(end)
      } catch {
        return .failure(.tlsFailed("\(error)"))
      }
    }
    let result = target.address.withPointer { Glibc.connect(descriptor, $0, $1) }
    guard result == 0 || errno == EINPROGRESS else { return .failure(.broken(errno: errno)) }
    group.loop.poller.add(descriptor, handler: self, events: Poll.write)
    return .success(())
  }

  private func set(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Whether bytes may be sent: connected, and not over.
  public var isOpen: Bool { state == .open }

  /// Bytes that the kernel has not taken yet.
  public var unsentBytes: Int { unsent.count - offset }

  // MARK: Sending

  /// Sends when this turn of the loop ends, together with what else comes until then. Does nothing unless it is open.
  public func send(_ bytes: UnsafeRawBufferPointer) {
    append(bytes.count) { $0.copyMemory(from: bytes) }
  }

  /// Has `fill` write `count` bytes, all of them, to where they wait to be sent.
  func append(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
    guard state == .open, count > 0 else { return }
    guard unsentBytes + count <= options.maximumUnsentBytes else { return end(.broken(errno: ENOBUFS)) }
    let start = unsent.count
    unsent.append(contentsOf: repeatElement(0, count: count))
    unsent.withUnsafeMutableBytes { fill(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    flushLater()
  }

  private func flushLater() {
    guard !isFlushDue else { return }
    isFlushDue = true
    group.flushLater(self)
  }

  /// Writes what waits, with one system call.
  func flush() {
    isFlushDue = false
    guard state == .open || state == .securing else { return }
    if let tls, state == .open, offset < unsent.count {
      let plain = unsent
      unsent = []
      let accepted = plain.withUnsafeBytes { tls.encrypt(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      offset = 0
      guard accepted else { return end(.tlsFailed(ClientTLSContext.lastError())) }
    }
    write()
  }

  private func write() {
    if let tls { return writeEncrypted(tls) }
    guard let written = write(unsent, from: offset) else { return }
    offset += written
    let isDone = offset == unsent.count
    if isDone {
      offset = 0
      unsent.removeAll(keepingCapacity: unsent.capacity <= 16_384)
    }
    group.loop.poller.change(descriptor, adding: isDone ? 0 : Poll.write, removing: isDone ? Poll.write : 0)
  }

  private func writeEncrypted(_ tls: ClientTLSSession) {
    tls.collect()
    guard let written = write(tls.unsent, from: 0) else { return }
    let isDone = tls.remove(written)
    group.loop.poller.change(descriptor, adding: isDone ? 0 : Poll.write, removing: isDone ? Poll.write : 0)
  }

  /// How many bytes the kernel took; nil if the connection is over.
  private func write(_ bytes: [UInt8], from start: Int) -> Int? {
    guard start < bytes.count else { return 0 }
    let written = bytes.withUnsafeBytes { bytes in
      Glibc.send(descriptor, bytes.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
    }
    if written >= 0 { return written }
    if errno == EAGAIN || errno == EINTR { return 0 }
    end(.broken(errno: errno))
    return nil
  }

  // MARK: Receiving

  /// Stops reading: what comes waits in the kernel, then in the server.
  public func pause() {
    isPaused = true
    if state == .open { group.loop.poller.change(descriptor, adding: 0, removing: Poll.read) }
  }

  /// Reads again.
  public func resume() {
    isPaused = false
    if state == .open { group.loop.poller.change(descriptor, adding: Poll.read, removing: 0) }
  }

  func ready(_ descriptor: Int32, events: UInt32) {
    if state == .connecting { return finishConnecting() }
    if events & Poll.write != 0 { write() }
    if events & (Poll.read | Poll.hangUp | Poll.error) != 0, state != .ended, !isPaused { receive() }
  }

  private func finishConnecting() {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code == 0 else {
      return end(.broken(errno: code))
    }
    group.loop.poller.change(descriptor, adding: Poll.read, removing: Poll.write)
    guard tls == nil else {
      state = .securing
      return secure()
    }
    open()
  }

  private func open() {
    state = .open
    if isPaused { pause() }
    handler?.connected(self)
  }

  private func secure() {
    guard let tls else { return }
    switch tls.handshake() {
    case .unfinished: write()
    case .done:
      write()
      if state == .securing { open() }
    case .failed(let reason):
      // The server learns why (RFC 8446, 6.2) as far as the alert fits.
      write()
      end(.tlsFailed(reason))
    }
  }

  private func receive() {
    let count = recv(descriptor, group.input.baseAddress!, group.input.count, 0)
    guard count > 0 else {
      if count == 0 { return end(.broken(errno: 0)) }
      if errno != EAGAIN, errno != EINTR { end(.broken(errno: errno)) }
      return
    }
    let bytes = UnsafeRawBufferPointer(rebasing: group.input[..<count])
    guard let tls else { return handler?.received(self, bytes: bytes) ?? () }
    tls.take(bytes)
    if state == .securing { secure() }
    while state == .open {
      switch tls.decrypt(into: group.input) {
      case .bytes(let count): handler?.received(self, bytes: UnsafeRawBufferPointer(rebasing: group.input[..<count]))
      case .nothing: return flushLater()  // what TLS itself has to say
      case .end: return end(.broken(errno: 0))
      case .failed(let reason): return end(.tlsFailed(reason))
      }
    }
  }

  // MARK: The end

  /// Ends the connection without a word of WebSocket's. With `reset` the server sees a broken connection (RST), otherwise
  /// one that ended (FIN). What waits to be sent is lost. The handler is not called any more.
  public func drop(reset: Bool = false) {
    guard state != .ended else { return }
    if reset {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    release()
  }

  private func end(_ end: ClientEnd) {
    guard state != .ended else { return }
    let handler = handler
    release()
    handler?.ended(self, end)
  }

  private func release() {
    state = .ended
    if descriptor >= 0 {
      group.loop.poller.remove(descriptor)
      close(descriptor)
      descriptor = -1
    }
    handler = nil
    unsent = []
    offset = 0
    tls = nil
  }
}

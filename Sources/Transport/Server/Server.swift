import CLibwebsockets
import Glibc
import Synchronization

/// An HTTP/1.1 and WebSocket server on an event loop.
///
/// It belongs to the loop's thread, except for what says otherwise. It runs from `init` until `shutdown`, which must be
/// called before the loop is stopped.
public final class Server: PollHandler, LoopService, @unchecked Sendable {
  /// The port that it listens on. From any thread.
  public let port: UInt16
  public let configuration: ServerConfiguration
  public let loop: EventLoop
  /// Sockets that are there, those that are closing included.
  public var socketCount: Int { sockets.count }
  /// Connections of all kinds.
  public var connectionCount: Int { counts.all }
  /// Those on which no request is complete yet.
  public var halfOpenCount: Int { counts.halfOpen }

  let handler: any ServerHandler
  let pool = Outbox.Pool()
  /// Lines that every response has.
  let commonHeaders: [UInt8]
  private(set) var frameCheck = FrameCheck()
  let receptionTerms: Reception.Terms
  var longBodies: LongBodies

  private let origins: Mutex<Set<String>>
  private let resources: LibraryContext
  private var listener: Listener?
  private var counts: ConnectionCounts

  private(set) var sockets: [WebSocket] = []
  /// Those that were opened in this turn.
  private var newcomers: [WebSocket] = []
  private var dirty: [WebSocket] = []
  private var closed: [(WebSocket, UInt16?)] = []
  private var draining: [Int32: HTTPConnection] = [:]
  private var emptied: [() -> Void] = []
  /// While libwebsockets works on input that it read earlier and stored: requests that were sent ahead.
  private(set) var isServingStored = false
  private var silenceCheck: SilenceCheck?
  private var isShutDown = false

  /// Socket ids are unique among all servers of the process.
  private static let lastID = Atomic<UInt64>(0)

  /// Starts to listen. May be called from any thread; waits for the loop.
  ///
  /// - Throws: `TransportError`, which says what to do.
  public init(configuration: ServerConfiguration, handler: any ServerHandler, loop: EventLoop) throws {
    try Library.checkVersion()
    ReceiveBuffers.install()
    self.configuration = configuration
    self.handler = handler
    self.loop = loop
    origins = Mutex(Set(configuration.allowedOrigins))
    longBodies = LongBodies(
      limit: configuration.maximumLongBodies, limitForAddress: configuration.maximumLongBodiesPerAddress,
      unprovenLimit: configuration.maximumUnprovenBodies,
      unprovenLimitForAddress: configuration.maximumUnprovenBodiesPerAddress)
    var headers = configuration.responseHeaders
    if configuration.tls != nil { headers.append(ServerConfiguration.strictTransportSecurity) }
    commonHeaders = headers.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    receptionTerms = Reception.Terms(
      acceptsBinary: configuration.acceptsBinary, maximumBytes: configuration.maximumMessageBytes)
    // Some descriptors are the program's: files, the database, timers.
    counts = ConnectionCounts(
      limit: min(configuration.maximumConnections, max(16, DescriptorLimit.adjust() - 64)),
      perAddress: configuration.maximumConnectionsPerAddress, halfOpen: configuration.maximumHalfOpen)
    Library.setLog(configuration.log)
    resources = LibraryContext(configuration: configuration, headers: headers)

    // The listener first: its errors are the likely ones, and nothing has to be undone.
    let pending = PendingConnections()
    let listener = try loop.sync {
      try Listener(host: configuration.host, port: configuration.port, loop: loop) { pending.accepted($0, $1) }
    }
    self.listener = listener
    port = listener.port
    do {
      try loop.sync { [self] in
        try resources.create(server: self)
        loop.add(self)
        pending.start { self.accepted($0, peer: $1) }
        silenceCheck = SilenceCheck(self)
      }
    } catch {
      try? loop.sync { listener.close() }
      throw error
    }
  }

  // MARK: From any thread

  /// Replaces the list of `ServerConfiguration.allowedOrigins`. From any thread.
  public func setAllowedOrigins(_ origins: [String]) {
    self.origins.withLock { $0 = Set(origins) }
  }

  func allows(origin: String) -> Bool { origins.withLock { $0.contains(origin) } }

  /// Closes the listener: no new connection, and the present ones go on. From any thread.
  public func beginDraining() {
    try? loop.sync { self.listener?.close() }
  }

  /// Reads the TLS files again, for new connections. From any thread. Does nothing without TLS.
  public func reloadCertificate() {
    try? loop.sync { self.resources.reloadCertificate() }
  }

  /// Ends the server: listener, connections, and all memory. `closed` is called for sockets that are still open. Returns
  /// when it is done; on the loop's own thread, before that: it is done in the next turn. From any thread; calling it
  /// again does nothing.
  public func shutdown() {
    if loop.isCurrent {
      // libwebsockets cannot be destroyed from within one of its callbacks.
      loop.execute { self.destroy() }
    } else {
      try? loop.sync { self.destroy() }
    }
  }

  // MARK: On the loop's thread

  /// Whether new connections are accepted.
  public var isListening: Bool { listener?.isOpen ?? false }

  /// Bytes that wait for the clients of these sockets, by their places in the server's list, some of which may not be
  /// there (any more): it changes as sockets come and go.
  public func queuedBytes(of places: Range<Int>) -> Int {
    loop.checkIsolated()
    return sockets[places.clamped(to: sockets.indices)].reduce(0) { $0 + $1.queuedBytes }
  }

  /// Calls `body` for each socket that is open.
  public func forEachSocket(_ body: (WebSocket) -> Void) {
    loop.checkIsolated()
    for socket in sockets where socket.isOpen { body(socket) }
  }

  /// Closes the sockets that are open now, in batches, so that their clients do not all come back at once.
  ///
  /// - Parameters:
  ///   - code: see `WebSocket.close`.
  ///   - reason: for each socket, 123 bytes of UTF-8 at most.
  ///   - batch: sockets at a time.
  ///   - duration: from the first batch to the last.
  ///   - completion: when all sockets and connections of the server are gone, `closeTimeout` after the last batch at
  ///     the latest.
  public func closeAll(
    code: UInt16, reason: @escaping (WebSocket) -> String, batch: Int = 100, over duration: Duration,
    completion: @escaping () -> Void = {}
  ) {
    loop.checkIsolated()
    let open = sockets.filter(\.isOpen)
    let size = max(1, batch)
    let batches = max(1, (open.count + size - 1) / size)
    let interval = batches > 1 ? duration / (batches - 1) : .zero

    func close(from start: Int) {
      for socket in open[start..<min(start + size, open.count)] {
        socket.close(code: code, reason: socket.isOpen ? reason(socket) : "")
      }
      let next = start + size
      if next < open.count {
        _ = loop.schedule(after: interval) { close(from: next) }
      } else {
        whenEmpty(within: configuration.closeTimeout, completion)
      }
    }
    if open.isEmpty { whenEmpty(within: configuration.closeTimeout, completion) } else { close(from: 0) }
  }

  /// Calls `completion` once, when there is no connection or the time is over.
  private func whenEmpty(within timeout: Duration, _ completion: @escaping () -> Void) {
    var pending: (() -> Void)? = completion
    let finish = {
      let completion = pending
      pending = nil
      completion?()
    }
    if connectionCount == 0 { return loop.atEndOfTurn(finish) }
    emptied.append(finish)
    _ = loop.schedule(after: timeout, finish)
  }

  private func destroy() {
    guard !isShutDown else { return }
    isShutDown = true
    silenceCheck?.end()
    listener?.close()
    // It holds the server.
    listener = nil
    resources.destroy()
    draining = [:]
    finishTurn()
    loop.remove(self)
  }

  // MARK: Connections

  private func accepted(_ descriptor: Int32, peer: String) {
    guard !isShutDown else {
      close(descriptor)
      return
    }
    let connection = HTTPConnection(server: self, peer: peer)
    if let limit = counts.begin(connection.entrance.source) {
      close(descriptor)
      configuration.observe?(.hit(limit))
      return
    }
    // Released when libwebsockets says that the connection is destroyed, also if that is at once.
    if !resources.adopt(descriptor, as: Unmanaged.passRetained(connection)) { destroyed(connection) }
  }

  /// libwebsockets has an open socket instead of an HTTP connection.
  func opened(_ wsi: OpaquePointer, _ connection: HTTPConnection, _ request: Request) {
    let id = Self.lastID.add(1, ordering: .relaxed).newValue
    let socket = WebSocket(id: id, wsi: wsi, entrance: connection.entrance, server: self)
    Unmanaged.passUnretained(connection).release()
    lws_set_opaque_user_data(wsi, Unmanaged.passRetained(socket).toOpaque())
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    socket.index = sockets.count
    sockets.append(socket)
    newcomers.append(socket)
    configuration.observe?(.handshakeAccepted)
    handler.opened(socket, request: request)
  }

  func destroyed(_ connection: any Connection) {
    connection.destroyed()
    counts.end(connection.entrance.source, wasOpen: connection.entrance.isOpen)
    guard connectionCount == 0 else { return }
    let waiting = emptied
    emptied = []
    for completion in waiting { loop.atEndOfTurn(completion) }
  }

  /// The first request of a connection is there.
  func entered(_ entrance: Entrance) { counts.open(entrance.source) }

  func forget(_ socket: WebSocket) {
    guard socket.index < sockets.count, sockets[socket.index] === socket else { return }
    let last = sockets.removeLast()
    if last !== socket {
      sockets[socket.index] = last
      last.index = socket.index
    }
  }

  func learnBuffer(position: UnsafePointer<CChar>, room: Int) {
    frameCheck.learn(position: position, room: room, size: LibraryContext.bufferSize)
  }

  // MARK: Turns

  func markDirty(_ socket: WebSocket) {
    guard !socket.isDirty else { return }
    // What goes to thousands takes no more buffers than there are in the pool.
    if dirty.count >= Outbox.Pool.maximumCount { flushDirty() }
    socket.isDirty = true
    dirty.append(socket)
  }

  func announceClosed(_ socket: WebSocket, code: UInt16?) {
    if socket.takeAnnouncement() { closed.append((socket, code)) }
  }

  var hasUnfinished: Bool { !dirty.isEmpty || !closed.isEmpty }

  func finishTurn() {
    if !dirty.isEmpty { flushDirty() }
    if !closed.isEmpty {
      let announcements = closed
      closed = []
      for (socket, code) in announcements {
        handler.closed(socket, code: code)
        // A session holds its socket, and the socket its session.
        socket.userData = nil
      }
    }
  }

  private func flushDirty() {
    let sockets = dirty
    dirty.removeAll(keepingCapacity: true)
    for socket in sockets {
      socket.isDirty = false
      socket.flush()
    }
  }

  func prepare(_ timeout: Int32) -> Int32 {
    defer { if !newcomers.isEmpty { newcomers = [] } }
    guard let context = resources.context else { return timeout }
    let longest: Int32 = timeout < 0 ? 60_000 : timeout
    let adjusted = lws_service_adjust_timeout(context, longest, 0)
    guard adjusted == 0 else { return adjusted < 60_000 ? adjusted : timeout }
    // Something has input that was read already (TLS, a request sent ahead), or a timer is due within the millisecond.
    isServingStored = true
    let isForced = _lws_plat_service_forced_tsi(context, 0) != 0
    isServingStored = false
    if isForced { for socket in newcomers { socket.storedWasRead() } }
    return isForced || timeout == 0 ? 0 : 1
  }

  func ready(_ descriptor: Int32, events: UInt32) {
    guard let context = resources.context else { return }
    if !draining.isEmpty, let connection = draining[descriptor], events & Poll.write != 0 { return connection.drain() }
    // As much as a full read of the longest message could bring; then the others' turn.
    var rounds = configuration.maximumMessageBytes / LibraryContext.readSize + 2
    var pending = events
    repeat {
      service(context, descriptor, events: pending)
      rounds -= 1
      // A full read: there is probably more, and asking epoll first would cost a system call.
      pending = Poll.read
    } while rounds > 0 && wasFullRead(context, descriptor)
  }

  private func service(_ context: OpaquePointer, _ descriptor: Int32, events: UInt32) {
    var request = pollfd()
    request.fd = descriptor
    request.events = pollEvents(loop.poller.wants(descriptor))
    request.revents = pollEvents(events)
    // libwebsockets takes a hang-up for one only together with an error.
    if events & (Poll.hangUp | Poll.error) != 0 { request.revents |= Int16(POLLHUP | POLLERR) }
    lws_service_fd(context, &request)
  }

  private func pollEvents(_ events: UInt32) -> Int16 {
    (events & Poll.read != 0 ? Int16(POLLIN) : 0) | (events & Poll.write != 0 ? Int16(POLLOUT) : 0)
  }

  private func wasFullRead(_ context: OpaquePointer, _ descriptor: Int32) -> Bool {
    guard let wsi = wsi_from_fd(context, descriptor), let pointer = lws_get_opaque_user_data(wsi),
      let socket = Unmanaged<AnyObject>.fromOpaque(pointer).takeUnretainedValue() as? WebSocket
    else { return false }
    return socket.takeReceivedBytes() >= LibraryContext.readSize
  }

  // MARK: Responses that the socket did not take at once

  func watchDraining(_ descriptor: Int32, _ connection: HTTPConnection) { draining[descriptor] = connection }

  func endDraining(_ descriptor: Int32) { draining[descriptor] = nil }
}

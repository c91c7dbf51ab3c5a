import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// What a test waits for, without sleeping: elements that another thread appends.
final class Inbox<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  private let available = Semaphore()

  func append(_ element: Element) {
    elements.withLock { $0.append(element) }
    available.signal()
  }

  /// The next element; an error after ten seconds.
  func next(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws -> Element {
    try #require(available.wait(seconds: 10), comment ?? "nothing came", sourceLocation: sourceLocation)
    return elements.withLock { $0.removeFirst() }
  }

  var isEmpty: Bool { elements.withLock { $0.isEmpty } }
}

final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }

  func wait(seconds: Int) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    while sem_timedwait(semaphore, &deadline) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }
}

struct Closing: Sendable, Equatable {
  let id: UInt64
  let code: UInt16?
}

/// A handler of closures. Echoes, unless a test says otherwise.
final class TestHandler: ServerHandler, @unchecked Sendable {
  var decide: (Request) -> UpgradeDecision = { _ in .accept }
  var onOpened: (WebSocket, Request) -> Void = { _, _ in }
  var onReceived: (WebSocket, UnsafeRawBufferPointer) -> Void = { socket, text in socket.send(text: text) }
  var onBinary: (WebSocket, UnsafeRawBufferPointer) -> Void = { _, _ in }
  var onExchange: (HTTPExchange) -> Void = { $0.respond(status: 404) }
  var bodyLimit: (Request) -> BodyAllowance? = { _ in nil }
  let opened = Inbox<WebSocket>()
  let closed = Inbox<Closing>()

  func shouldUpgrade(_ request: Request) -> UpgradeDecision { decide(request) }

  func opened(_ socket: WebSocket, request: Request) {
    onOpened(socket, request)
    opened.append(socket)
  }

  func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) { onReceived(socket, text) }

  func received(_ socket: WebSocket, binary: UnsafeRawBufferPointer) { onBinary(socket, binary) }

  func closed(_ socket: WebSocket, code: UInt16?) { closed.append(Closing(id: socket.id, code: code)) }

  func maximumBody(of request: Request) -> BodyAllowance? { bodyLimit(request) }

  func handle(_ exchange: HTTPExchange) { onExchange(exchange) }
}

/// A real server on a port of its own, ended with `stop`.
struct TestServer {
  static let origin = TestClient.origin

  let loop: EventLoop
  let handler: TestHandler
  let server: Server

  init(_ handler: TestHandler = TestHandler(), _ configuration: ServerConfiguration = .with { _ in }) throws {
    self.handler = handler
    loop = try EventLoop()
    do {
      server = try Server(configuration: configuration, handler: handler, loop: loop)
    } catch {
      loop.stop()
      throw error
    }
  }

  var port: UInt16 { server.port }

  func stop() {
    server.shutdown()
    loop.stop()
  }

  /// Runs `body` with a server, and ends it.
  static func run(
    _ handler: TestHandler = TestHandler(), _ configuration: ServerConfiguration = .with { _ in },
    _ body: (TestServer) throws -> Void
  ) throws {
    let server = try TestServer(handler, configuration)
    defer { server.stop() }
    try body(server)
  }
}

extension ServerConfiguration {
  /// The default for tests, changed.
  static func with(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.allowedOrigins = [TestServer.origin]
    change(&configuration)
    return configuration
  }
}

extension TestClient {
  /// A client whose WebSocket is open.
  static func open(_ server: TestServer) throws -> TestClient {
    let client = try TestClient(port: server.port)
    let answer = try client.handshake()
    try #require(answer.status == 101)
    return client
  }
}

import CoreMetrics
import Synchronization
public import Telemetry
public import Transport

/// What operators' programs ask, on a listener of its own: `/metrics` for Prometheus, `/health/live`, `/health/ready`.
///
/// It has an event loop of its own, so that it answers when the broker's is stuck, and writes its pages elsewhere. The
/// broker's is asked for a moment only, for what is live.
public final class MetricsEndpoint: ServerHandler {
  private let registry: MetricsRegistry
  private let loop: EventLoop
  private let patience: Duration
  private let source = Mutex<Source?>(nil)
  private let isComplete: Meter
  /// All three belong to the loop's thread.
  private let metrics = Question()
  private let life = Question()
  private let readiness = Question()

  private struct Source {
    let broker: Broker
    let server: Server
  }

  /// - Parameters:
  ///   - loop: of the server whose handler this is, not the broker's.
  ///   - patience: how long the broker has to answer.
  public init(registry: MetricsRegistry, loop: EventLoop, patience: Duration = .seconds(2)) {
    self.patience = patience
    self.registry = registry
    self.loop = loop
    isComplete = registry.gauge(
      "mqm_scrape_complete",
      "1 if what is live was counted for this reading, 0 if the event loop did not answer in time.")
  }

  /// From now on the broker is asked. From any thread.
  public func begin(with broker: Broker, _ server: Server) {
    source.withLock { $0 = Source(broker: broker, server: server) }
  }

  // MARK: ServerHandler

  public func shouldUpgrade(_ request: Request) -> UpgradeDecision { .refuse(status: 404) }
  public func opened(_ socket: WebSocket, request: Request) { socket.close(code: 1011) }
  public func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) {}
  public func closed(_ socket: WebSocket, code: UInt16?) {}

  public func handle(_ exchange: HTTPExchange) {
    guard ["/metrics", "/health/live", "/health/ready"].contains(exchange.request.path) else {
      return exchange.respond(Problem.notFound.response)
    }
    guard ["GET", "HEAD"].contains(exchange.request.method) else {
      return exchange.respond(Problem.methodNotAllowed(["GET", "HEAD"]).response)
    }
    let source = source.withLock { $0 }
    switch exchange.request.path {
    case "/metrics":
      ask(
        metrics, exchange, late: { self.page(isComplete: false) },
        find: {
          if let source {
            async let mail: Void = source.broker.measureMail()
            await source.broker.measure(source.server)
            await mail
          }
          return { self.page(isComplete: true) }
        })
    case "/health/live":
      ask(
        life, exchange, late: { Self.health([.loop]) },
        find: {
          if let source { await source.broker.answer() }
          return { Self.health([]) }
        })
    default:
      ask(
        readiness, exchange, late: { Self.health([.timeout]) },
        find: {
          guard let source else { return { Self.health([.starting]) } }
          let obstacles = await source.broker.obstacles(to: source.server)
          return { Self.health(obstacles) }
        })
    }
  }

  // MARK: Answers

  /// Everybody who asks the same while an answer is awaited gets that one.
  private final class Question: @unchecked Sendable {
    var waiting: [HTTPExchange] = []
    var isAsked = false
  }

  /// - Parameters:
  ///   - late: what is answered when the broker takes too long.
  ///   - find: asks the broker, and returns what makes the answer, on this loop.
  private func ask(
    _ question: Question, _ exchange: HTTPExchange, late: @escaping @Sendable () -> HTTPResponse,
    find: @escaping @Sendable () async -> (@Sendable () -> HTTPResponse)
  ) {
    question.waiting.append(exchange)
    _ = loop.schedule(after: patience) {
      guard let index = question.waiting.firstIndex(where: { $0 === exchange }) else { return }
      question.waiting.remove(at: index)
      exchange.respond(late())
    }
    guard !question.isAsked else { return }
    question.isAsked = true
    Task { [loop] in
      let make = await find()
      loop.execute {
        let waiting = question.waiting
        question.waiting = []
        question.isAsked = false
        guard !waiting.isEmpty else { return }
        let response = make()
        for exchange in waiting { exchange.respond(response) }
      }
    }
  }

  private func page(isComplete: Bool) -> HTTPResponse {
    self.isComplete.set(isComplete ? 1 : 0)
    return HTTPResponse(
      status: 200,
      headers: [Header("Content-Type", MetricsRegistry.contentType), Header("Cache-Control", "no-store")],
      body: registry.text())
  }

  private static func health(_ obstacles: [Broker.Obstacle]) -> HTTPResponse {
    .object(obstacles.isEmpty ? 200 : 503) { writer in
      writer.member("status", obstacles.isEmpty ? "ok" : "unavailable")
      writer.member("reasons", array: obstacles) { $0.string($1.rawValue) }
    }
  }
}

extension Broker {
  /// Returns as soon as the event loop comes to it.
  func answer() {}
}

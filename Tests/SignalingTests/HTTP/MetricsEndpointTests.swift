import Foundation
import MQMSessions
import Telemetry
import TestSupport
import Testing
import Transport

@testable import Signaling

/// The listener for operators' programs, over real sockets, beside a real broker.
struct MetricsEndpointTests {
  private struct BrokenDisk: Error {}

  /// The endpoint on a port of its own.
  private final class Operators: Sendable {
    let registry: MetricsRegistry
    let endpoint: MetricsEndpoint
    private let loop: EventLoop
    private let server: Server

    init(_ registry: MetricsRegistry, patience: Duration) throws {
      self.registry = registry
      loop = try EventLoop(name: "operators")
      endpoint = MetricsEndpoint(registry: registry, loop: loop, patience: patience)
      var configuration = ServerConfiguration()
      configuration.webSocketPath = ""
      // Other tests may keep all of Swift's threads busy meanwhile.
      configuration.responseTimeout = .seconds(570)
      server = try Server(configuration: configuration, handler: endpoint, loop: loop)
    }

    deinit {
      server.shutdown()
      loop.stop()
    }

    var port: UInt16 { server.port }

    func ask(_ path: String, method: String = "GET") async throws -> HTTPAnswer {
      let port = server.port
      // Waits on a thread of its own: Swift's are the broker's.
      return try await withCheckedThrowingContinuation { done in
        DispatchQueue.global().async {
          done.resume(
            with: Result {
              try TestClient(try TCPStream(port: port, patience: 600)).request(method, path)
            })
        }
      }
    }

    /// Asks until the broker was quick enough, which on a busy machine it is not always.
    func untilInTime() async throws {
      let deadline = ContinuousClock.now + .seconds(60)
      while true {
        let page = try await ask("/metrics").text
        if page.contains("\nmqm_scrape_complete 1\n"), try await readiness() == "200",
          try await ask("/health/live").status == 200
        {
          return
        }
        try #require(ContinuousClock.now < deadline, "the broker was never quick enough")
      }
    }

    /// The status, and the reasons that are given.
    func readiness() async throws -> String {
      let answer = try await ask("/health/ready")
      let said = try JSONValue(parsing: answer.text)
      return (["\(answer.status)"] + (said["reasons"]?.elements ?? []).compactMap(\.text)).joined(separator: " ")
    }
  }

  private static func run(
    wrap: (SQLiteStore) -> any Store = { $0 }, patience: Duration = .seconds(600),
    _ body: (BrokerFixture, Operators) async throws -> Void
  ) async throws {
    try await BrokerFixture.run(wrap: wrap) { fixture in
      try await body(fixture, Operators(fixture.registry, patience: patience))
    }
  }

  @Test("before the broker has come so far it lives, and is not ready")
  func starting() async throws {
    try await Self.run { fixture, operators in
      #expect(try await operators.ask("/health/live").status == 200)
      #expect(try await operators.readiness() == "503 starting")
      #expect(try await operators.ask("/metrics").status == 200)
      try await fixture.start()
      operators.endpoint.begin(with: fixture.broker, try fixture.listening())
      #expect(try await operators.readiness() == "200")
    }
  }

  @Test("a record that cannot be written makes it unready, and one that can again makes it ready")
  func record() async throws {
    nonisolated(unsafe) var disk: ScriptedStore?
    let wrap = { (store: SQLiteStore) -> any Store in
      let scripted = ScriptedStore(behind: store)
      disk = scripted
      return scripted
    }
    try await Self.run(wrap: wrap) { fixture, operators in
      try await fixture.start()
      operators.endpoint.begin(with: fixture.broker, try fixture.listening())
      disk?.fail(with: BrokenDisk())
      #expect(try await operators.readiness() == "503 record")
      #expect(try await operators.ask("/health/live").status == 200)
      disk?.fail(with: nil)
      #expect(try await operators.readiness() == "200")
    }
  }

  @Test("a broker that goes down says so before its port is closed, and then that, too")
  func draining() async throws {
    try await Self.run { fixture, operators in
      try await fixture.start()
      let server = try fixture.listening()
      operators.endpoint.begin(with: fixture.broker, server)
      await fixture.broker.beginShutdown()
      #expect(try await operators.readiness() == "503 draining")
      server.beginDraining()
      #expect(try await operators.readiness() == "503 draining not_listening")
    }
  }

  @Test("an event loop that is stuck is told of within seconds, and metrics are read nonetheless")
  func stuck() async throws {
    try await Self.run(patience: .seconds(2)) { fixture, operators in
      try await fixture.start()
      operators.endpoint.begin(with: fixture.broker, try fixture.listening())
      try await operators.untilInTime()
      let gate = DispatchSemaphore(value: 0)
      // Whatever comes, the fixture can be ended.
      defer { gate.signal() }
      fixture.broker.loop.execute { gate.wait() }
      async let page = operators.ask("/metrics")
      async let second = operators.ask("/metrics")
      async let life = operators.ask("/health/live")
      async let readiness = operators.readiness()
      #expect(try await page.text.contains("\nmqm_scrape_complete 0\n"))
      #expect(try await second.status == 200)
      #expect(try await life.status == 503)
      #expect(try await readiness == "503 timeout")
      gate.signal()
      try await operators.untilInTime()
    }
  }

  @Test("there is nothing else, and nothing that changes anything")
  func nothingElse() async throws {
    try await Self.run { _, operators in
      for path in ["/", "/metrics/", "/v1/health", "/health", "/health/ready/x", "/index.html"] {
        #expect(try await operators.ask(path).status == 404, "\(path)")
      }
      for method in ["DELETE", "OPTIONS"] {
        let answer = try await operators.ask("/metrics", method: method)
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
      }
      let head = try await operators.ask("/metrics", method: "HEAD")
      #expect(head.status == 200)
      #expect(head.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      let client = try TestClient(port: operators.port)
      #expect(try client.handshake().status == 404)
    }
  }
}

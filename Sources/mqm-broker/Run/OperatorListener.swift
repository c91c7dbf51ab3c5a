import Logging
import Signaling
import Telemetry
import Transport

/// The listener for operators' programs, metrics and health, apart from the one for clients. It has a thread of its own.
struct OperatorListener {
  let endpoint: MetricsEndpoint
  private let host: String
  private let loop: EventLoop
  private let server: Server

  /// Why it could not be started.
  struct Failure: Error, CustomStringConvertible {
    let cause: TransportError

    var description: String {
      "The listener for metrics ('metrics.host', 'metrics.port') could not be started. \(cause)"
    }
  }

  /// Begins to listen.
  ///
  /// - Returns: nil if the settings want none.
  /// - Throws: `Failure`, or what is wrong with the settings.
  init?(_ settings: Settings, registry: MetricsRegistry, log: Logger) throws {
    guard let host = try settings.optionalText(.metricsHost) else { return nil }
    ProcessMetrics.register(in: registry)
    registry.reading(
      "mqm_build_info", "Always 1; the labels say what runs.",
      labels: [("configuration", Self.configuration), ("libwebsockets", Server.libraryVersion), ("protocol", "mqm.v1")]
    ) { 1 }
    var configuration = ServerConfiguration()
    configuration.host = host
    configuration.port = UInt16(try settings.integer(.metricsPort))
    // No path is a socket's.
    configuration.webSocketPath = ""
    configuration.refusal = Problem.response(status:)
    configuration.maximumBodyBytes = 0
    configuration.maximumConnections = 64
    configuration.log = BrokerService.libraryLog(log)
    do {
      loop = try EventLoop(name: "mqm-metrics")
      endpoint = MetricsEndpoint(registry: registry, loop: loop)
      server = try Server(configuration: configuration, handler: endpoint, loop: loop)
    } catch let error as TransportError {
      throw Failure(cause: error)
    }
    self.host = host
    if !BrokerService.isLoopback(host) {
      log.warning("metrics and health are on an address that others can reach, and ask nobody who they are")
    }
  }

  /// What is said of it at the start.
  var greeting: String {
    "metrics and health on http://\(host.contains(":") ? "[\(host)]" : host):\(server.port)"
  }

  /// Stops listening, and ends its thread.
  func end() {
    server.shutdown()
    loop.stop()
  }

  private static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }
}

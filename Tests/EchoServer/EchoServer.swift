import Glibc
import Transport

/// Says back every message over the broker's own transport, until it is killed: for the Autobahn cases, which also want
/// what the broker refuses, binary messages and ones of 16 MiB. Everything else is as in the broker.
///
/// `echo-server [CERTIFICATE-FILE KEY-FILE]`: with TLS if it is given PEM files for it.
@main
struct EchoServer {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    var configuration = ServerConfiguration()
    configuration.webSocketPath = "/"
    configuration.subprotocol = nil
    configuration.acceptsBinary = true
    configuration.maximumMessageBytes = 16_777_216
    configuration.maximumOutboxBytes = 67_108_864
    if arguments.count == 2, let certificate = arguments.first, let key = arguments.last {
      configuration.tls = .init(certificateFile: certificate, keyFile: key)
    }
    let server = try Server(configuration: configuration, handler: Echo(), loop: EventLoop(name: "echo"))
    print("listening on 127.0.0.1:\(server.port)")
    fflush(nil)
    // The loop has a thread of its own; this one ends with whoever started it.
    while readLine() != nil {}
    server.shutdown()
    server.loop.stop()
  }
}

private final class Echo: ServerHandler {
  func shouldUpgrade(_ request: Request) -> UpgradeDecision { .accept }
  func opened(_ socket: WebSocket, request: Request) {}
  func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) { socket.send(text: text) }
  func received(_ socket: WebSocket, binary: UnsafeRawBufferPointer) { socket.send(binary: binary) }
  func closed(_ socket: WebSocket, code: UInt16?) {}
  func handle(_ exchange: HTTPExchange) { exchange.respond(status: 404) }
}

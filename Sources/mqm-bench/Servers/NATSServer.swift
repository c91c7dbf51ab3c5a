import BenchClient
import Foundation

/// `nats-server` over WebSocket: each connection has a subject of its own, to which its partner publishes.
final class NATSServer: RelayServer {
  static let name = "nats-server"
  static let dialect = BENCH_NATS
  let process: ServerProcess
  private let port: UInt16

  static func program(_ place: Place) -> String { place.peers.appending(path: "usr/sbin/nats-server").path }

  init(_ place: Place) throws {
    let folder = try place.folder()
    port = try Place.freePort()
    let configuration = """
      listen: "127.0.0.1:-1"
      ping_interval: "1h"
      websocket { listen: "127.0.0.1:\(port)", no_tls: true }
      """
    let file = folder.appending(path: "nats.conf")
    try Data(configuration.utf8).write(to: file)
    process = try ServerProcess(Self.program(place), ["-c", file.path], in: folder, core: place.serverCore)
    _ = try process.wait(for: "Server is ready")
    try Place.waitForListener(on: port)
  }

  func signIn(_ count: Int, _ sockets: Sockets) throws {
    let first = sockets.count
    for connection in first..<first + count {
      try sockets.connect(port: port, path: "/")
      let hello = """
        CONNECT {"verbose":false,"pedantic":false,"lang":"c","version":"1","protocol":1,"headers":false}\r
        SUB \(Self.subject(connection)) 1\r
        PING\r

        """
      try sockets.send(connection, .binary(Array(hello.utf8)))
    }
    var missing = count
    try sockets.receive("signing in to nats-server", until: missing == 0) { _, bytes in
      if String(decoding: bytes, as: UTF8.self).contains("PONG\r\n") { missing -= 1 }
    }
  }

  func pairUp(_ sockets: Sockets) {}

  func message(from connection: Int, payload: [UInt8]) -> Message {
    .binary(Array("PUB \(Self.subject(connection ^ 1)) \(payload.count)\r\n".utf8) + payload + Array("\r\n".utf8))
  }

  private static func subject(_ connection: Int) -> String { "peer.\(connection)" }
}

import BenchClient
import Foundation

/// `bare-relay`: the least that a relay can do (Sources/bare-relay).
final class BareServer: RelayServer {
  static let name = "bare relay"
  static let dialect = BENCH_BARE
  let process: ServerProcess
  private let port: UInt16

  init(_ place: Place) throws {
    process = try ServerProcess(place.bareRelay, [], in: place.folder(), core: place.serverCore)
    guard let port = UInt16(try process.wait(for: "listening on http://127.0.0.1:")) else {
      throw BenchFailure("no port")
    }
    self.port = port
  }

  func signIn(_ count: Int, _ sockets: Sockets) throws {
    for connection in sockets.count..<sockets.count + count {
      try sockets.connect(port: port, path: "/pair/\(connection / 2)")
    }
  }

  func pairUp(_ sockets: Sockets) {}

  func message(from connection: Int, payload: [UInt8]) -> Message { Message(opcode: 1, bytes: payload) }
}

import BenchClient
import Foundation
import Glibc

/// A server that relays messages between pairs of connections: connection 2n and 2n+1 are partners.
protocol RelayServer: AnyObject {
  /// As it is called in tables.
  static var name: String { get }
  static var dialect: BenchDialect { get }
  var process: ServerProcess { get }

  /// Connects as many more clients, who sign in if they can. Idle then.
  func signIn(_ count: Int, _ sockets: Sockets) throws
  /// Whatever else must be before partners can send to each other.
  func pairUp(_ sockets: Sockets) throws
  /// The message with which a connection sends `payload`, a JSON object, to its partner.
  func message(from connection: Int, payload: [UInt8]) -> Message
}

/// Where programs and files are.
struct Place {
  /// The folder of the repository.
  let root: URL
  /// A folder for this run, which is removed at its end.
  let scratch: URL
  let serverCore: Int

  var broker: String { build.appending(path: "mqm-broker").path }
  var bareRelay: String { build.appending(path: "bare-relay").path }
  var peers: URL { root.appending(path: ".deps/peers") }
  /// The bench and what it measures are built together.
  private var build: URL { URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent() }

  /// A new empty folder.
  func folder() throws -> URL {
    let folder = scratch.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// A port of loopback that is free just now, for servers that cannot choose one themselves.
  static func freePort() throws -> UInt16 {
    let port = withSocket(port: 0) { descriptor, address, size in
      var size = size
      guard bind(descriptor, address, size) == 0, getsockname(descriptor, address, &size) == 0 else { return UInt16(0) }
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
    guard port != 0 else { throw BenchFailure("no free port") }
    return port
  }

  /// Waits until something listens there: some servers say that they do before it is so.
  static func waitForListener(on port: UInt16, within seconds: Double = 20) throws {
    let end = bench_now() + UInt64(seconds * 1e9)
    while !withSocket(port: port, { Glibc.connect($0, $1, $2) == 0 }) {
      if bench_is_interrupted() { throw BenchFailure.interrupted }
      guard bench_now() < end else { throw BenchFailure("nobody listens on port \(port)") }
      usleep(10_000)
    }
  }

  private static func withSocket<Result>(
    port: UInt16, _ body: (Int32, UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    address.sin_port = port.bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, size) }
    }
  }
}

import BenchClient
import Foundation

/// WebSocket connections to one server (BenchClient). All happens on the thread that asks for it.
final class Sockets {
  private let handle: OpaquePointer

  init() {
    handle = bench_client_make()
  }

  deinit {
    bench_client_free(handle)
  }

  var count: Int { Int(bench_client_count(handle)) }

  /// Connects, and waits for the handshake.
  func connect(port: UInt16, path: String, subprotocol: String? = nil, isSecure: Bool = false) throws {
    try check(bench_client_connect(handle, port, path, subprotocol, isSecure))
  }

  func send(_ connection: Int, _ message: Message) throws {
    try message.bytes.withUnsafeBytes {
      try check(bench_client_send(handle, Int32(connection), message.opcode, $0.baseAddress, $0.count))
    }
  }

  /// Hands over what arrives until `isDone`, looked at after every wait.
  ///
  /// - Throws: `BenchFailure` when it takes too long, or the server closes a connection.
  func receive(
    _ what: String, within seconds: Double = 120, until isDone: @autoclosure () throws -> Bool,
    handler: (Int, UnsafeBufferPointer<UInt8>) -> Void
  ) throws {
    let end = bench_now() + UInt64(seconds * 1e9)
    while try !isDone() {
      guard bench_now() < end else { throw BenchFailure("\(what): not within \(seconds) s") }
      try poll(milliseconds: 100, handler)
    }
  }

  /// Waits for what arrives, once.
  func poll(milliseconds: Int, _ handler: (Int, UnsafeBufferPointer<UInt8>) -> Void) throws {
    try withoutActuallyEscaping(handler) { handler in
      var box = HandlerBox(handler: handler)
      try withUnsafeMutablePointer(to: &box) { box in
        try check(
          bench_client_poll(
            handle, Int32(milliseconds),
            { context, connection, bytes, count in
              let box = context!.assumingMemoryBound(to: HandlerBox.self)
              box.pointee.handler(Int(connection), UnsafeBufferPointer(start: bytes, count: count))
            }, box))
      }
    }
  }

  private struct HandlerBox {
    let handler: (Int, UnsafeBufferPointer<UInt8>) -> Void
  }

  /// What a connection sends in `relay`.
  func prepare(_ connection: Int, _ message: Message) throws {
    try message.bytes.withUnsafeBytes {
      try check(bench_client_prepare(handle, Int32(connection), message.opcode, $0.baseAddress, $0.count))
    }
  }

  func relay(_ load: RelayLoad, dialect: BenchDialect, payload: [UInt8], server: pid_t) throws -> BenchRelayResult {
    var result = BenchRelayResult()
    try payload.withUnsafeBufferPointer { payload in
      var plan = BenchRelayPlan(
        dialect: dialect, under_way: Int32(load.underWay), burst: Int32(load.burst), warm_up: load.warmUp,
        seconds: load.seconds, server: server, payload: payload.baseAddress, payload_count: payload.count)
      try check(bench_client_relay(handle, &plan, &result))
    }
    return result
  }

  private func check(_ result: Int32) throws {
    if result == BENCH_INTERRUPTED || (result < 0 && bench_is_interrupted()) { throw BenchFailure.interrupted }
    guard result >= 0 else { throw BenchFailure(String(cString: bench_client_error(handle))) }
  }
}

/// A WebSocket message.
struct Message {
  let opcode: Int32
  let bytes: [UInt8]

  static func text(_ text: String) -> Message { Message(opcode: 1, bytes: Array(text.utf8)) }
  static func binary(_ bytes: [UInt8]) -> Message { Message(opcode: 2, bytes: bytes) }
}

/// How messages are relayed while it is measured.
struct RelayLoad {
  /// Messages on their way at any time, in the whole server.
  var underWay = 100
  /// Messages in each write of a client.
  var burst = 1
  /// Seconds.
  var warmUp = 0.2
  var seconds = 1.0
}

struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  static let interrupted = BenchFailure("interrupted")
}

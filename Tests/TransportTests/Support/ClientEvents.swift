import Glibc
import Testing

@testable import Transport

/// What a WebSocket client told.
enum ClientEvent: Equatable, Sendable {
  case opened
  case text(String)
  case binary(Int)
  case ended(ClientEnd)
}

/// Collects it for a test on another thread.
final class ClientEvents: WebSocketClientHandler, @unchecked Sendable {
  let inbox = Inbox<ClientEvent>()

  func opened(_ client: WebSocketClient) { inbox.append(.opened) }

  func received(_ client: WebSocketClient, text: UnsafeRawBufferPointer) {
    inbox.append(.text(String(decoding: text, as: UTF8.self)))
  }

  func received(_ client: WebSocketClient, binary: UnsafeRawBufferPointer) { inbox.append(.binary(binary.count)) }

  func ended(_ client: WebSocketClient, _ end: ClientEnd) { inbox.append(.ended(end)) }
}

/// A client on a loop of its own.
final class ClientUnderTest: @unchecked Sendable {
  let loop: EventLoop
  let events = ClientEvents()
  private let client: WebSocketClient

  init(port: UInt16, secure: Bool = false, _ change: (inout WebSocketClient.Options) -> Void = { _ in }) throws {
    let loop = try EventLoop(name: "client")
    self.loop = loop
    var options = WebSocketClient.Options()
    options.subprotocol = "mqm.v1"
    change(&options)
    let (settled, events) = (options, events)
    do {
      let target = try ClientTarget(host: "127.0.0.1", port: port, path: "/v1/ws", isSecure: secure)
      client = try loop.sync {
        WebSocketClient(target, group: ClientGroup(loop: loop), options: settled, handler: events)
      }
    } catch {
      loop.stop()
      throw error
    }
  }

  func run(_ body: @escaping (WebSocketClient) -> Void) throws {
    let client = client
    try loop.sync { body(client) }
  }

  func next(_ sourceLocation: SourceLocation = #_sourceLocation) throws -> ClientEvent {
    try events.inbox.next(sourceLocation: sourceLocation)
  }

  func stop() {
    let client = client
    try? loop.sync { client.drop() }
    loop.stop()
  }
}

/// Takes one connection, reads a request's head, and answers with whatever a test wants.
final class ScriptedServer: @unchecked Sendable {
  let port: UInt16
  private let listener: Int32

  /// - Parameter answer: given the request's head, the pieces to write; then the connection ends, unless it `stays`.
  init(stays: Bool = false, answer: @escaping @Sendable (String) -> [[UInt8]]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 1) == 0 ? getsockname(listener, address, &size) : -1
      }
    }
    guard code == 0 else { throw TransportError.system(call: "bind", code: errno) }
    port = UInt16(bigEndian: address.sin_port)
    _ = Worker {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      defer { close(connection) }
      var head: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4_096)
      while !String(decoding: head, as: UTF8.self).hasSuffix("\r\n\r\n") {
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        head += buffer[..<count]
      }
      for piece in answer(String(decoding: head, as: UTF8.self)) {
        _ = send(connection, piece, piece.count, Int32(MSG_NOSIGNAL))
      }
      while stays, recv(connection, &buffer, buffer.count, 0) > 0 {}
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// The head of a good answer to a request.
  static func upgrade(_ request: String, accept: String? = nil, more: String = "") -> [UInt8] {
    let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19) ?? ""
    return Array(
      """
      HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\n\
      Sec-WebSocket-Accept: \(accept ?? ClientHandshake.accept(key: String(key)))\r\n\
      Sec-WebSocket-Protocol: mqm.v1\r\n\(more)\r\n
      """.utf8)
  }
}

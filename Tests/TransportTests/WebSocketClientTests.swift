import Foundation
import Testing

@testable import Transport

@Suite struct WebSocketClientTests {
  /// Runs `body` with a client of `server`.
  private func run(
    _ server: TestServer, secure: Bool = false, _ change: (inout WebSocketClient.Options) -> Void = { _ in },
    _ body: (ClientUnderTest) throws -> Void
  ) throws {
    let client = try ClientUnderTest(port: server.port, secure: secure, change)
    defer { client.stop() }
    try body(client)
  }

  @Test(arguments: [0, 1, 125, 126, 4_096, 65_535, 65_536])
  func `A message of any length comes back`(count: Int) throws {
    try TestServer.run { server in
      try run(server) { client in
        #expect(try client.next() == .opened)
        let text = String(repeating: "é", count: count / 2) + String(repeating: "x", count: count % 2)
        try client.run { $0.send(text: text) }
        #expect(try client.next() == .text(text))
      }
    }
  }

  @Test func `Messages of one turn go out together and stay in order`() throws {
    try TestServer.run { server in
      try run(server) { client in
        #expect(try client.next() == .opened)
        try client.run { client in for number in 0..<500 { client.send(text: "\(number)") } }
        for number in 0..<500 { #expect(try client.next() == .text("\(number)")) }
      }
    }
  }

  @Test func `RFC 6455, 7.1: both sides close, and what the server said is told`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in socket.close(code: 4_101, reason: "slow") }
    try TestServer.run(handler) { server in
      try run(server) { client in
        #expect(try client.next() == .opened)
        try client.run { $0.send(text: "x") }
        #expect(try client.next() == .ended(.closed(code: 4_101, reason: "slow")))
      }
      try run(server) { client in
        #expect(try client.next() == .opened)
        try client.run { $0.close(code: 4_000, reason: "later") }
        #expect(try client.next() == .ended(.closed(code: 4_000, reason: "")))
      }
      #expect(try [handler.closed.next().code, handler.closed.next().code].contains(4_000))
    }
  }

  @Test(arguments: [false, true]) func `A client that drops is gone at once`(reset: Bool) throws {
    try TestServer.run { server in
      try run(server) { client in
        #expect(try client.next() == .opened)
        try client.run { $0.drop(reset: reset) }
        #expect(try server.handler.closed.next().code == nil)
        #expect(client.events.inbox.isEmpty)
      }
    }
  }

  @Test func `A client that does not read is a slow reader, and hears so when it reads`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      let text = [UInt8](repeating: 0x61, count: 60_000)
      for _ in 0..<60 where socket.isOpen { socket.send(text: text) }
    }
    try TestServer.run(handler, .with { $0.maximumOutboxBytes = 131_072 }) { server in
      try run(server, { $0.stream.receiveBufferBytes = 4_096 }) { client in
        #expect(try client.next() == .opened)
        try client.run { client in
          client.pauseReading()
          client.send(text: "x")
        }
        #expect(try handler.closed.next().id > 0)
        #expect(client.events.inbox.isEmpty)
        try client.run { $0.resumeReading() }
        var event = try client.next()
        while case .text = event { event = try client.next() }
        guard case .ended = event else {
          Issue.record("not so")
          return
        }
      }
    }
  }

  @Test func `Pings of the server are answered`() throws {
    let configuration = ServerConfiguration.with { configuration in
      configuration.pingAfter = .seconds(1)
      configuration.hangUpAfter = .seconds(6)
    }
    try TestServer.run(TestHandler(), configuration) { server in
      try run(server) { client in
        #expect(try client.next() == .opened)
        // Longer than the server waits for somebody who does not answer.
        let over = Semaphore()
        try client.loop.sync { _ = client.loop.schedule(after: .seconds(8)) { over.signal() } }
        #expect(over.wait(seconds: 60))
        try client.run { $0.send(text: "still here") }
        #expect(try client.next() == .text("still here"))
      }
    }
  }

  @Test func `From an address of its own`() throws {
    let handler = TestHandler()
    let addresses = Inbox<String>()
    handler.onOpened = { _, request in addresses.append("\(request.remoteAddress)") }
    try TestServer.run(handler) { server in
      try run(server, { $0.stream.source = 0x01_02_03 }) { client in
        #expect(try client.next() == .opened)
        let address: String = try addresses.next()
        #expect(address == "127.1.2.3")
      }
    }
  }

  @Test func `RFC 6455, 4.1: what a handshake must not be answered with`() throws {
    let answers: [(@Sendable (String) -> [[UInt8]], ClientEnd)] = [
      ({ _ in [Array("HTTP/1.1 503 No\r\n\r\n".utf8)] }, .handshakeRefused(status: 503)),
      ({ [ScriptedServer.upgrade($0, accept: "AAAA")] }, .handshakeInvalid("a wrong Sec-WebSocket-Accept")),
      (
        { [ScriptedServer.upgrade($0, more: "Sec-WebSocket-Extensions: x\r\n")] },
        .handshakeInvalid("an extension that was not asked for")
      ),
      (
        { _ in [Array("HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n".utf8)] },
        .handshakeInvalid("no upgrade to websocket")
      ),
      ({ _ in [Array("hello\r\n\r\n".utf8)] }, .handshakeInvalid("an answer that is not of HTTP/1.1")),
      ({ _ in [[UInt8](repeating: 0x61, count: 20_000)] }, .handshakeInvalid("an answer without end")),
      ({ _ in [] }, .broken(errno: 0)),
    ]
    for (answer, expected) in answers {
      let server = try ScriptedServer(answer: answer)
      let client = try ClientUnderTest(port: server.port)
      defer { client.stop() }
      #expect(try client.next() == .ended(expected))
    }
  }

  @Test func `Frames may come with the handshake, split anywhere`() throws {
    let server = try ScriptedServer(stays: true) { request in
      let bytes = ScriptedServer.upgrade(request) + [0x01, 0x01, 0x61, 0x89, 0x00, 0x80, 0x01, 0x62, 0x82, 0x02, 1, 2]
      return bytes.map { [$0] }
    }
    let client = try ClientUnderTest(port: server.port)
    defer { client.stop() }
    #expect(try client.next() == .opened)
    #expect(try client.next() == .text("ab"))
    #expect(try client.next() == .binary(2))
  }

  @Test func `A server that breaks the rules is told so`() throws {
    let server = try ScriptedServer { [ScriptedServer.upgrade($0) + [0x81, 0x81, 1, 2, 3, 4, 5]] }
    let client = try ClientUnderTest(port: server.port)
    defer { client.stop() }
    #expect(try client.next() == .opened)
    #expect(try client.next() == .ended(.faulty(code: 1002, "a masked frame from the server")))
  }

  @Test func `Nobody there, and nobody who answers`() throws {
    let silent = try ScriptedServer(stays: true) { _ in [] }
    let waiting = try ClientUnderTest(port: silent.port) { $0.timeout = .milliseconds(50) }
    defer { waiting.stop() }
    #expect(try waiting.next() == .ended(.timedOut))
    let gone = try TestServer()
    let port = gone.port
    gone.stop()
    let refused = try ClientUnderTest(port: port)
    defer { refused.stop() }
    #expect(try refused.next() == .ended(.broken(errno: ECONNREFUSED)))
  }

  @Test func `The same through TLS`() throws {
    try TLSTests.run { server, _ in
      try run(server, secure: true) { client in
        #expect(try client.next() == .opened)
        for count in [1, 20_000, 60_000] {
          try client.run { $0.send(text: String(repeating: "x", count: count)) }
          #expect(try client.next() == .text(String(repeating: "x", count: count)))
        }
        try client.run { $0.close() }
        #expect(try client.next() == .ended(.closed(code: 1000, reason: "")))
      }
    }
    try TestServer.run { server in
      try run(server, secure: true) { client in
        guard case .ended(.tlsFailed) = try client.next() else {
          Issue.record("TLS with a plain server")
          return
        }
      }
    }
  }
}

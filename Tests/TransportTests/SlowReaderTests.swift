import TestSupport
import Testing

@testable import Transport

@Suite struct SlowReaderTests {
  /// Sends 64 KiB to the first socket for each message of the second, and echoes.
  private func flooding(_ slow: Inbox<WebSocket>) -> TestHandler {
    let handler = TestHandler()
    let flood = [UInt8](repeating: UInt8(ascii: "f"), count: 65_000)
    nonisolated(unsafe) var target: WebSocket?
    handler.onOpened = { socket, _ in if target == nil { target = socket } }
    handler.onReceived = { socket, text in
      if target?.send(text: flood) == false, let gone = target {
        slow.append(gone)
        target = nil
      }
      socket.send(text: text)
    }
    return handler
  }

  @Test func `A client that does not read is closed, and another goes on`() throws {
    let slow = Inbox<WebSocket>()
    let handler = flooding(slow)
    try TestServer.run(handler) { server in
      let stuck = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      try #require(try stuck.handshake().status == 101)
      let other = try TestClient.open(server)
      var rounds = 0
      while slow.isEmpty, rounds < 2_000 {
        try other.sendText("round \(rounds)")
        #expect(try other.text() == "round \(rounds)")
        rounds += 1
      }
      let socket = try slow.next("the client was never found slow")
      #expect(try handler.closed.next() == Closing(id: socket.id, code: 4101))
      // The memory of what it did not read is free, and its connection is gone within seconds.
      let gone = Inbox<Bool>()
      server.loop.execute {
        #expect(socket.queuedBytes < 128)
        waitUntil(server.loop, { server.server.connectionCount == 1 }) { gone.append(true) }
      }
      #expect(try gone.next())
      try other.sendText("after")
      #expect(try other.text() == "after")
    }
  }

  @Test func `A slow client that reads on learns why it was closed`() throws {
    let slow = Inbox<WebSocket>()
    let handler = flooding(slow)
    try TestServer.run(handler) { server in
      let stuck = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      try #require(try stuck.handshake().status == 101)
      let other = try TestClient.open(server)
      while slow.isEmpty {
        try other.sendText("x")
        #expect(try other.text() == "x")
      }
      let close = try stuck.close()
      #expect(close.code == 4101)
      #expect(close.reason == #"{"code":"slow_reader"}"#)
    }
  }

  @Test func `A burst of more than the outbox holds is no offence for a client that reads`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      let text = [UInt8](repeating: UInt8(ascii: "b"), count: 1_000)
      for _ in 0..<1_500 { socket.send(text: text) }
    }
    try TestServer.run(handler, .with { $0.maximumOutboxMessages = 1_400 }) { server in
      let client = try TestClient.open(server)
      try client.sendText("go")
      for _ in 0..<1_500 { try #require(try client.text().utf8.count == 1_000) }
      #expect(handler.closed.isEmpty)
    }
  }

  @Test func `Everything arrives, whole and in order, when the socket takes it bit by bit`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      for index in 0..<200 { socket.send(text: "\(index) " + String(repeating: "c", count: 5_000)) }
    }
    try TestServer.run(handler) { server in
      let client = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      try #require(try client.handshake().status == 101)
      try client.sendText("go")
      for index in 0..<200 { try #require(try client.text().hasPrefix("\(index) c")) }
    }
  }

  @Test func `What is queued is flushed before a close, even if it takes several writes`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      for _ in 0..<100 { socket.send(text: String(repeating: "d", count: 9_000)) }
      socket.close(code: 4000)
    }
    try TestServer.run(handler) { server in
      let client = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      try #require(try client.handshake().status == 101)
      try client.sendText("go")
      for _ in 0..<100 { try #require(try client.text().utf8.count == 9_000) }
      #expect(try client.frame().code == 4000)
    }
  }
}

/// Looks again every ten milliseconds, on the loop.
func waitUntil(_ loop: EventLoop, _ condition: @escaping () -> Bool, then finish: @escaping () -> Void) {
  if condition() { return finish() }
  _ = loop.schedule(after: .milliseconds(10)) { waitUntil(loop, condition, then: finish) }
}

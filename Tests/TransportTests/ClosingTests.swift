import Dispatch
import TestSupport
import Testing

@testable import Transport

@Suite struct ClosingTests {
  @Test(arguments: [
    ("a binary frame", TestClient.frame(2, [1, 2, 3]), 1003),
    ("a fragmented binary frame", TestClient.frame(2, [1], isFinal: false), 1003),
    ("a message of one byte too many", TestClient.frame(1, [UInt8](repeating: 97, count: 65_537)), 1009),
    ("invalid UTF-8", TestClient.frame(1, [0x61, 0xff, 0x61]), 1007),
    ("an overlong form", TestClient.frame(1, [0xc0, 0xaf]), 1007),
    ("a surrogate", TestClient.frame(1, [0xed, 0xa0, 0x80]), 1007),
    ("an unfinished character", TestClient.frame(1, [0x61, 0xe2, 0x82]), 1007),
    (
      "an unfinished character before an empty fragment",
      TestClient.frame(1, [0xe2, 0x82], isFinal: false) + TestClient.frame(0, []), 1007
    ),
    ("reserved bits", TestClient.frame(1, [97], reserved: 4), 1002),
    ("an unknown opcode", TestClient.frame(3, [97]), 1002),
    ("an unknown control opcode", TestClient.frame(11, []), 1002),
    ("a continuation of nothing", TestClient.frame(0, [97]), 1002),
    ("a fragmented ping", TestClient.frame(9, [97], isFinal: false), 1002),
    ("a message within a message", TestClient.frame(1, [97], isFinal: false) + TestClient.frame(1, [97]), 1002),
    ("a short frame without a mask", TestClient.frame(1, [97, 98], isMasked: false), 1002),
    ("a longer frame without a mask", TestClient.frame(1, [UInt8](repeating: 97, count: 300), isMasked: false), 1002),
    (
      "a frame without a mask after one with",
      TestClient.frame(1, [97, 98]) + TestClient.frame(1, [97, 98], isMasked: false), 1002
    ),
  ])
  func `A protocol error closes with its code`(what: String, bytes: [UInt8], code: Int) throws {
    try TestServer.run(TestHandler(), .with { $0.pingAfter = .seconds(30) }) { server in
      let other = try TestClient.open(server)
      let client = try TestClient.open(server)
      let otherID = try server.handler.opened.next().id
      try client.stream.write(bytes)
      #expect(try client.close().code == UInt16(code))
      let closing = try server.handler.closed.next()
      #expect(closing.code == UInt16(code))
      #expect(closing.id != otherID)
      try client.sendClose(UInt16(code))
      #expect(client.sawEnd())
      try other.sendText("still here")
      #expect(try other.text() == "still here")
    }
  }

  @Test func `A control frame that is too long ends the connection`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.stream.write(TestClient.frame(9, [UInt8](repeating: 97, count: 126)))
      #expect(client.sawEnd())
      _ = try server.handler.closed.next()
      _ = try TestClient.open(server)
    }
  }

  @Test func `A fragment of the longest length that a header can have closes with 1009`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(1, [97], isFinal: false)
      // The first of 2^63 - 1 bytes.
      try client.stream.write([0x80, 0xff, 0x7f] + [UInt8](repeating: 0xff, count: 7) + [1, 2, 3, 4, 97])
      #expect(try client.close().code == 1009)
    }
  }

  @Test func `Fragments over the limit close with 1009`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      let piece = [UInt8](repeating: 97, count: 16_384)
      try client.sendFrame(1, piece, isFinal: false)
      for _ in 0..<3 { try client.sendFrame(0, piece, isFinal: false) }
      try client.sendFrame(0, [97])
      #expect(try client.close().code == 1009)
    }
  }

  @Test func `A frame that announces more than memory holds closes with 1009 at its first byte`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.stream.write([0x81, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 97])
      #expect(try client.close().code == 1009)
    }
  }

  @Test func `A client's close is answered with its code, once`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendText("last words")
      try client.sendClose(4000, "bye")
      #expect(try client.text() == "last words")
      #expect(try client.close().code == 4000)
      #expect(client.sawEnd())
      #expect(try server.handler.closed.next().code == 4000)
      #expect(server.handler.closed.isEmpty)
    }
  }

  /// A browser that has something unread when its page is closed resets the connection right behind its close.
  @Test(arguments: [false, true])
  func `Last words and a close count although the connection was reset behind them`(withSomethingToSend: Bool) throws {
    let handler = TestHandler()
    let words = Inbox<String>()
    handler.onReceived = { _, text in words.append(String(decoding: text, as: UTF8.self)) }
    try TestServer.run(handler) { server in
      var client: TestClient? = try TestClient.open(server)
      let socket = try server.handler.opened.next()
      let (isBusy, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      server.loop.execute {
        isBusy.signal()
        goOn.wait()
        if withSomethingToSend { socket.send(text: "too late") }
      }
      isBusy.wait()
      try client?.sendText("last words")
      try client?.sendClose(1001)
      (client?.stream as? TCPStream)?.reset()
      client = nil
      goOn.signal()
      #expect(try server.handler.closed.next().code == 1001)
      #expect(try words.next() == "last words")
    }
  }

  @Test func `A close without a code is answered without one`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(8, [])
      #expect(try client.close().payload.isEmpty)
      #expect(client.sawEnd())
      #expect(try server.handler.closed.next().code == nil)
    }
  }

  @Test(arguments: [([3], 1002), ([3, 236], 1002), ([3, 231], 1002), ([0x13, 0x88], 1002), ([3, 232, 0xff], 1007)])
  func `A close that is wrong is answered with what is wrong`(payload: [UInt8], code: Int) throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(8, payload)
      #expect(try client.close().code == UInt16(code))
      #expect(client.sawEnd())
    }
  }

  @Test func `What was sent before a close arrives before it, and nothing after`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      socket.send(text: "before")
      socket.close(code: 4200, reason: #"{"code":"signed_out"}"#)
      #expect(!socket.isOpen)
      #expect(!socket.send(text: "after"))
      socket.close(code: 4000)
    }
    try TestServer.run(handler) { server in
      let client = try TestClient.open(server)
      try client.sendText("go")
      #expect(try client.text() == "before")
      let close = try client.frame()
      #expect(close.code == 4200)
      #expect(close.reason == #"{"code":"signed_out"}"#)
      #expect(try handler.closed.next().code == 4200)
      try client.sendText("ignored")
      try client.sendClose(4200)
      #expect(client.sawEnd())
      #expect(handler.closed.isEmpty)
    }
  }

  @Test func `A client that does not answer a close is cut off`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in socket.close(code: 4200, reason: String(repeating: "é", count: 100)) }
    try TestServer.run(handler, .with { $0.closeTimeout = .seconds(1) }) { server in
      let client = try TestClient.open(server)
      try client.sendText("go")
      #expect(try client.frame().reason == String(repeating: "é", count: 61))
      #expect(client.sawEnd())
    }
  }

  @Test func `Closing never calls the handler before it returns`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, _ in
      socket.close(code: 1000)
      #expect(handler.closed.isEmpty)
    }
    try TestServer.run(handler) { server in
      let client = try TestClient.open(server)
      try client.sendText("go")
      #expect(try client.close().code == 1000)
      _ = try handler.closed.next()
    }
  }

  @Test(arguments: [false, true])
  func `Clients that vanish are noticed, each once`(byReset: Bool) throws {
    try TestServer.run { server in
      var clients: [TestClient] = []
      for _ in 0..<30 { clients.append(try TestClient.open(server)) }
      for (index, client) in clients.enumerated() where index % 3 == 0 {
        // Half a frame.
        try client.stream.write([0x81, 0xff])
      }
      if byReset { for client in clients { (client.stream as? TCPStream)?.reset() } }
      clients = []
      var ids: Set<UInt64> = []
      for _ in 0..<30 {
        let closing = try server.handler.closed.next()
        #expect(closing.code == nil)
        ids.insert(closing.id)
      }
      #expect(ids.count == 30)
      _ = try TestClient.open(server)
    }
  }

  @Test func `Sending to a socket that vanished in the same turn is harmless`() throws {
    let handler = TestHandler()
    try TestServer.run(handler) { server in
      var client: TestClient? = try TestClient.open(server)
      let socket = try handler.opened.next()
      (client?.stream as? TCPStream)?.reset()
      client = nil
      _ = try handler.closed.next()
      let sent = Inbox<Bool>()
      server.loop.execute {
        sent.append(socket.send(text: "too late"))
        socket.close(code: 1000)
      }
      #expect(try sent.next() == false)
    }
  }

  @Test func `All sockets are closed in batches, each with a reason of its own, and the listener is closed`() throws {
    let handler = TestHandler()
    try TestServer.run(handler) { server in
      let clients = try (0..<25).map { _ in try TestClient.open(server) }
      server.server.beginDraining()
      #expect(throws: StreamError.self) { try TestClient(port: server.port) }
      let finished = Inbox<Bool>()
      server.loop.execute {
        server.server.closeAll(
          code: 4100, reason: { #"{"code":"server_restarting","after_ms":\#($0.id)}"# }, batch: 10,
          over: .milliseconds(60)
        ) { finished.append(true) }
      }
      var reasons: Set<String> = []
      for client in clients {
        let close = try client.close()
        #expect(close.code == 4100)
        reasons.insert(close.reason)
        try client.sendClose(4100)
      }
      #expect(reasons.count == 25)
      #expect(try finished.next())
      for _ in clients { #expect(try handler.closed.next().code == 4100) }
    }
  }

  @Test func `Nothing is left of a server that was shut down`() throws {
    weak var server: Server?
    weak var handler: TestHandler?
    weak var open: WebSocket?
    weak var closed: WebSocket?
    var client: TestClient?
    do {
      let running = try TestServer(TestHandler())
      running.handler.onOpened = { socket, _ in socket.userData = socket }
      let other = try TestClient.open(running)
      closed = try running.handler.opened.next()
      try other.sendClose(1000)
      _ = try running.handler.closed.next()
      client = try TestClient.open(running)
      open = try running.handler.opened.next()
      (server, handler) = (running.server, running.handler)
      running.stop()
    }
    #expect(server == nil)
    #expect(handler == nil)
    #expect(open == nil)
    #expect(closed == nil)
    #expect(client?.sawEnd() == true)
  }

  @Test func `Shutting down ends what is open, and tells`() throws {
    let handler = TestHandler()
    let server = try TestServer(handler)
    let client = try TestClient.open(server)
    let idle = try TestClient(port: server.port)
    server.server.shutdown()
    #expect(client.sawEnd())
    #expect(idle.sawEnd())
    #expect(try handler.closed.next().code == nil)
    server.server.shutdown()
    server.loop.stop()
    server.loop.stop()
  }
}

import TestSupport
import Testing

@testable import Transport

struct PingTests {
  @Test func `RFC 6455, 5.5.2: each of many pings is answered, and before the message behind it`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      var bytes: [UInt8] = []
      for index in 0..<50 {
        bytes += TestClient.frame(9, Array("ping \(index)".utf8)) + TestClient.frame(1, Array("text \(index)".utf8))
      }
      try client.stream.write(bytes)
      for index in 0..<50 {
        #expect(try client.frame() == Frame(opcode: 10, payload: Array("ping \(index)".utf8)))
        #expect(try client.text() == "text \(index)")
      }
    }
  }

  @Test func `RFC 6455, 5.4: a ping between fragments is answered before the message is complete`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(1, Array("one ".utf8), isFinal: false)
      try client.sendFrame(9, [1])
      #expect(try client.frame() == Frame(opcode: 10, payload: [1]))
      try client.sendFrame(0, Array("message".utf8))
      #expect(try client.text() == "one message")
    }
  }

  @Test(arguments: [
    // A binary message, and then what cannot follow: a continuation of nothing, an opcode that does not exist.
    TestClient.frame(2, []) + TestClient.frame(0, []), TestClient.frame(2, []) + TestClient.frame(11, []),
  ])
  func `A faulty frame after the close gets no second one`(bytes: [UInt8]) throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.stream.write(bytes)
      #expect(try client.close().code == 1003)
      #expect(throws: StreamError.self) { try client.frame() }
    }
  }

  @Test(arguments: [[UInt8]([0xff]), [0xed, 0xa0], [0xc3, 0xc3], [0xf4, 0x90]])
  func `Text that cannot become UTF-8 is refused before its message is complete`(bytes: [UInt8]) throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(1, Array("text".utf8) + bytes, isFinal: false)
      #expect(try client.close().code == 1007)
    }
  }

  @Test func `Binary messages are taken where the configuration says so, and no subprotocol where it asks for none`()
    throws
  {
    let configuration = ServerConfiguration.with { configuration in
      configuration.acceptsBinary = true
      configuration.subprotocol = nil
    }
    let handler = TestHandler()
    handler.onBinary = { socket, bytes in socket.send(binary: bytes) }
    try TestServer.run(handler, configuration) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.handshake(["Sec-WebSocket-Protocol": ""]).status == 101)
      try client.sendFrame(2, [0, 255], isFinal: false)
      try client.sendFrame(0, [128])
      #expect(try client.frame() == Frame(opcode: 2, payload: [0, 255, 128]))
    }
  }

  @Test(arguments: ["/a/..", "/..", "/a/."]) func `A path that still leads elsewhere is refused`(path: String) throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      #expect([400, 404].contains(try client.request("GET", path).status))
    }
  }
}

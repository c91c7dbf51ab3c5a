import TestSupport
import Testing

@testable import Transport

@Suite struct BodyStreamTests {
  private static let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }

  /// Answers with the content in pieces of that many bytes.
  private static func streaming(_ size: Int, status: Int = 200) -> TestHandler {
    let handler = TestHandler()
    handler.onExchange = { exchange in
      guard exchange.request.path == "/stream" else { return exchange.respond(status: 204) }
      exchange.respond(
        HTTPResponse(
          status: status,
          stream: HTTPBodyStream(count: content.count) { $1(Array(content[$0..<min($0 + size, content.count)])) }))
    }
    return handler
  }

  @Test(arguments: [100_000, 1_048_576, 3_000_000])
  func `A body of pieces arrives whole, and the connection goes on`(size: Int) throws {
    try TestServer.run(Self.streaming(size)) { server in
      let client = TestClient(try TCPStream(port: server.port, receiveBuffer: 16_384))
      for _ in 0..<2 {
        let answer = try client.request("GET", "/stream")
        #expect(answer.headers["content-length"] == "3000000")
        #expect(answer.body == Self.content)
        #expect(try client.request("GET", "/").status == 204)
      }
      #expect(try client.request("GET", "/stream", headers: ["Connection: close"]).body == Self.content)
      #expect(client.sawEnd())
    }
  }

  @Test func `A HEAD is told how long the body would be, and gets nothing of it`() throws {
    try TestServer.run(Self.streaming(1_000)) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("HEAD", "/stream").headers["content-length"] == "3000000")
      #expect(try client.request("GET", "/").status == 204)
    }
  }

  @Test(arguments: [0, 1])
  func `A body of which a piece is missing or too long ends the connection`(excess: Int) throws {
    let handler = TestHandler()
    handler.onExchange = { exchange in
      let stream = HTTPBodyStream(count: 2_000) { offset, deliver in
        if offset == 0 { return deliver([UInt8](repeating: 1, count: 1_000)) }
        deliver(excess == 0 ? nil : [UInt8](repeating: 1, count: 1_000 + excess))
      }
      exchange.respond(HTTPResponse(status: 200, stream: stream))
    }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.head().headers["content-length"] == "2000")
      #expect(client.sawEnd())
    }
  }

  @Test func `A client that goes in the middle is forgotten`() throws {
    try TestServer.run(Self.streaming(65_536)) { server in
      var client: TestClient? = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      try client?.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client?.head().status == 200)
      (client?.stream as? TCPStream)?.reset()
      client = nil
      let gone = Inbox<Bool>()
      server.loop.execute { waitUntil(server.loop, { server.server.connectionCount == 0 }) { gone.append(true) } }
      #expect(try gone.next())
    }
  }

  @Test func `The headers of a request for a part reach the handler`() throws {
    let handler = TestHandler()
    handler.onExchange = { exchange in
      let names: [HeaderName] = [.range, .ifRange, .contentRange]
      exchange.respond(status: 206, body: names.map { exchange.request[$0] ?? "-" }.joined(separator: "|"))
    }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      let answer = try client.request(
        "GET", "/", headers: ["Range: bytes=1-2", #"If-Range: "tag""#, "Content-Range: bytes 0-1/2"])
      #expect(answer.status == 206)
      #expect(answer.text == #"bytes=1-2|"tag"|bytes 0-1/2"#)
    }
  }
}

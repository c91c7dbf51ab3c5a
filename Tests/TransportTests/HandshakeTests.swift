import TestSupport
import Testing

@testable import Transport

@Suite struct HandshakeTests {
  @Test func `A good handshake opens a socket and names the subprotocol`() throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      let answer = try client.handshake()
      #expect(answer.status == 101)
      #expect(answer.headers["sec-websocket-protocol"] == "mqm.v1")
      #expect(answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      #expect(answer.headers["sec-websocket-extensions"] == nil)
      try client.sendText("hello")
      #expect(try client.text() == "hello")
    }
  }

  @Test func `Compression that a client offers is not negotiated`() throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      let answer = try client.handshake(["Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"])
      #expect(answer.status == 101)
      #expect(answer.headers["sec-websocket-extensions"] == nil)
    }
  }

  @Test(arguments: [
    (["Origin": "https://evil.example"], 403),
    (["Origin": "https://mqm.example.evil.example"], 403),
    (["Origin": "https://mqm.exampl"], 403),
    (["Origin": "null"], 403),
    (["Sec-WebSocket-Protocol": ""], 400),
    (["Sec-WebSocket-Protocol": "mqm.v2"], 400),
    (["Sec-WebSocket-Protocol": "mqm.v10, xmqm.v1"], 400),
    (["Sec-WebSocket-Version": "8"], 426),
    (["Sec-WebSocket-Version": ""], 426),
    (["Sec-WebSocket-Key": ""], 400),
    (["Sec-WebSocket-Key": "short"], 400),
    (["Connection": "keep-alive"], 400),
    (["Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"], 400),
    (["Upgrade": "foo"], 403),
    (["Upgrade": "websocket, foo"], 403),
  ])
  func `A bad handshake gets a status and no socket`(changes: [String: String], status: Int) throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      let answer = try client.handshake(changes)
      #expect(answer.status == status)
      #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
      #expect(client.sawEnd())
      // And the server is well.
      _ = try TestClient.open(server)
    }
  }

  @Test func `An unknown upgrade after another request on the connection is refused as well`() throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("GET", "/").status == 404)
      #expect(try client.handshake(["Upgrade": "foo"]).status == 403)
      #expect(client.sawEnd())
      _ = try TestClient.open(server)
    }
  }

  @Test func `A handshake elsewhere is not found`() throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      #expect(try client.handshake(path: "/v2/ws").status == 404)
    }
  }

  @Test func `A handshake without an Origin, from a program, is the handler's matter`() throws {
    let handler = TestHandler()
    handler.decide = { $0[.origin] == nil ? .refuse(status: 401) : .accept }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.handshake(["Origin": ""]).status == 401)
      _ = try TestClient.open(server)
    }
  }

  @Test func `The list of origins can be replaced while the server runs`() throws {
    try TestServer.run { server in
      server.server.setAllowedOrigins(["https://other.example"])
      let former = try TestClient(port: server.port).handshake()
      #expect(former.status == 403)
      let other = try TestClient(port: server.port).handshake(["Origin": "https://other.example"])
      #expect(other.status == 101)
    }
  }

  @Test func `The handler sees path, query, headers and address`() throws {
    let handler = TestHandler()
    let requests = Inbox<Request>()
    handler.onOpened = { requests.append($1) }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      let answer = try client.handshake(
        path: "/v1/ws?a=1&b=2",
        ["Cookie": "session=abc", "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "8.8.8.8"])
      #expect(answer.status == 101)
      let request = try requests.next()
      #expect(request.method == "GET")
      #expect(request.path == "/v1/ws")
      #expect(request.query == "a=1&b=2")
      #expect(request[.cookie] == "session=abc")
      #expect(request[.secFetchSite] == "same-origin")
      #expect(request[.origin] == TestServer.origin)
      #expect(request[.authorization] == nil)
      #expect(request.remoteAddress == "127.0.0.1")
    }
  }

  @Test(arguments: [
    ("203.0.113.7", "203.0.113.7"), ("10.9.9.9, 203.0.113.7", "203.0.113.7"),
    ("203.0.113.7, 127.0.0.1", "203.0.113.7"), ("nonsense", "127.0.0.1"), ("2001:db8::1", "2001:db8::1"),
  ])
  func `A trusted proxy names the client, and the last hop counts`(forwarded: String, address: String) throws {
    let handler = TestHandler()
    handler.onExchange = { $0.respond(status: 200, body: $0.request.remoteAddress) }
    try TestServer.run(handler, .with { $0.trustedProxies = ["127.0.0.1"] }) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("GET", "/", headers: ["X-Forwarded-For: \(forwarded)"]).text == address)
    }
  }

  @Test func `A message that comes with the handshake is not lost`() throws {
    try TestServer.run { server in
      let client = try TestClient(port: server.port)
      let request = """
        GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Protocol: mqm.v1\r\n\r\n
        """
      try client.stream.write(Array(request.utf8) + TestClient.frame(1, Array("early".utf8)))
      #expect(try client.head().status == 101)
      #expect(try client.text() == "early")
    }
  }

  @Test func `More connections than allowed are turned away, and the present ones go on`() throws {
    try TestServer.run(TestHandler(), .with { $0.maximumConnections = 2 }) { server in
      let first = try TestClient.open(server)
      let second = try TestClient.open(server)
      #expect(throws: StreamError.self) { try TestClient(port: server.port).handshake() }
      try first.sendText("a")
      #expect(try first.text() == "a")
      try second.sendClose(1000)
      #expect(second.sawEnd())
      _ = try server.handler.closed.next()
    }
  }
}

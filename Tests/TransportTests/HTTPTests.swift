import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite struct HTTPTests {
  private static func echoing() -> TestHandler {
    let handler = TestHandler()
    handler.onExchange = { exchange in
      exchange.respond(
        status: 200, headers: [Header("Content-Type", "text/plain")],
        body: "\(exchange.request.method) \(exchange.request.path) " + String(decoding: exchange.body, as: UTF8.self))
    }
    return handler
  }

  @Test func `A response has the security headers and its length`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      let answer = try client.request("GET", "/some/path")
      #expect(answer.status == 200)
      #expect(answer.text == "GET /some/path ")
      for header in ServerConfiguration.securityHeaders {
        #expect(answer.headers[header.name.lowercased()] == header.value)
      }
      #expect(answer.headers["strict-transport-security"] == nil)
      #expect(answer.headers["content-length"] == "15")
      #expect(answer.headers["content-type"] == "text/plain")
    }
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
  func `Every method reaches the handler, on one connection, with and without a body`(method: String) throws {
    let handler = TestHandler()
    let methods = Inbox<String>()
    handler.onExchange = { exchange in
      methods.append("\(exchange.request.method) \(exchange.body.count)")
      exchange.respond(status: 200, body: "answer")
    }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      for body in ["", "x", String(repeating: "y", count: 16_384)] {
        let answer = try client.request(method, "/", body: body)
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "6")
        #expect(try methods.next() == "\(method) \(body.utf8.count)")
      }
    }
  }

  @Test func `A HEAD gets no body, and the connection goes on`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("HEAD", "/h").headers["content-length"] == "8")
      #expect(try client.request("GET", "/g").text == "GET /g ")
    }
  }

  @Test func `A body over the limit gets 413, and the connection goes on`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("POST", "/", body: String(repeating: "x", count: 16_385)).status == 413)
      #expect(try client.request("POST", "/", body: "y").text == "POST / y")
    }
  }

  @Test func `A body of a size out of all proportion gets 413 at once`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
      #expect(try client.answer().status == 413)
      #expect(client.sawEnd())
    }
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHost: x\r\n\r\n", 411),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello", 411),
    ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello", 400),
  ])
  func `A body of unclear length is refused, and nothing after it is taken for a request`(
    request: String, status: Int
  ) throws {
    let handler = Self.echoing()
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      try client.send(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == status)
      #expect(answer.headers["connection"] == "close")
      #expect(client.sawEnd())
    }
  }

  @Test(arguments: [
    "CONNECT example.com:80 HTTP/1.1\r\nHost: x\r\n\r\n", "NONSENSE\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}",
    "GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n",
  ])
  func `What is not a request ends the connection, not the server`(bytes: String) throws {
    try TestServer.run(Self.echoing(), .with { $0.requestTimeout = .seconds(1) }) { server in
      let client = try TestClient(port: server.port)
      try client.send(bytes)
      #expect(client.sawEnd())
      let other = try TestClient(port: server.port)
      #expect(try other.request("GET", "/").status == 200)
    }
  }

  @Test func `A path cannot climb`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("GET", "/a/../../etc/passwd").text == "GET /etc/passwd ")
      #expect(try client.request("GET", "/a/%2e%2e/%2e%2e/etc/passwd").text == "GET /etc/passwd ")
    }
  }

  @Test func `Headers that are too long end the connection`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\nCookie: \(String(repeating: "c", count: 20_000))\r\n\r\n")
      #expect(client.sawEnd())
    }
  }

  @Test(arguments: [
    "", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nCook", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
  ])
  func `A client that dawdles is cut off`(start: String) throws {
    let handler = TestHandler()
    handler.onExchange = { _ in Issue.record("an incomplete request was handed over") }
    try TestServer.run(handler, .with { $0.requestTimeout = .seconds(1) }) { server in
      let client = try TestClient(port: server.port)
      try client.send(start)
      #expect(client.sawEnd())
    }
  }

  @Test func `HTTP 1.0 and Connection: close end the connection after the response`() throws {
    try TestServer.run(Self.echoing()) { server in
      for request in ["GET /c HTTP/1.0\r\n\r\n", "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"] {
        let client = try TestClient(port: server.port)
        try client.send(request)
        let answer = try client.answer()
        #expect(answer.text == "GET /c ")
        #expect(answer.headers["connection"] == "close")
        #expect(client.sawEnd())
      }
    }
  }

  @Test func `Requests that are sent ahead are answered in order`() throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      try client.send(
        (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
      for index in 0..<20 { #expect(try client.answer().text == "GET /\(index) ") }
    }
  }

  @Test(arguments: ["", "b", "body", String(repeating: "b", count: 1_000)])
  func `A request with a body that is sent ahead of another's response is never misread`(body: String) throws {
    let handler = TestHandler()
    let bodies = Inbox<String>()
    handler.onExchange = { exchange in
      if exchange.request.method == "POST" { bodies.append(String(decoding: exchange.body, as: UTF8.self)) }
      exchange.respond(status: 200)
    }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      try client.send(
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(try client.answer().status == 200)
      // It is answered, or the client has to send it again.
      #expect(client.sawEnd())
      if !bodies.isEmpty { #expect(try bodies.next() == body) }
    }
  }

  @Test(arguments: [4, 20_000])
  func `A request sent ahead of the response to one with a body has to be sent again`(count: Int) throws {
    try TestServer.run(Self.echoing()) { server in
      let client = try TestClient(port: server.port)
      try client.send(
        "POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: \(count)\r\n\r\n" + String(repeating: "b", count: count)
          + "GET /second HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == (count == 4 ? 200 : 413))
      if count == 4 { #expect(answer.text == "POST /first bbbb") }
      #expect(answer.headers["connection"] == "close")
      #expect(client.sawEnd())
    }
  }

  @Test func `Requests that are sent ahead wait for a response that comes later, however long it is`() throws {
    let handler = TestHandler()
    let body = [UInt8](repeating: 97, count: 3_000_000)
    let loop = Mutex<EventLoop?>(nil)
    handler.onExchange = { exchange in
      let respond = { exchange.respond(status: 200, headers: [Header("X-Path", exchange.request.path)], body: body) }
      _ = loop.withLock { $0 }?.schedule(after: .milliseconds(5), respond)
    }
    try TestServer.run(handler) { server in
      loop.withLock { $0 = server.loop }
      let client = TestClient(try TCPStream(port: server.port, receiveBuffer: 65_536))
      try client.send((0..<4).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
      for index in 0..<4 {
        let answer = try client.answer()
        #expect(answer.headers["x-path"] == "/\(index)")
        #expect(answer.body == body)
      }
    }
  }

  @Test func `A long response at once, to a client that reads slowly, arrives whole`() throws {
    let handler = TestHandler()
    let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    handler.onExchange = { $0.respond(status: 200, body: body) }
    try TestServer.run(handler) { server in
      let client = TestClient(try TCPStream(port: server.port, receiveBuffer: 4_096))
      for _ in 0..<2 { #expect(try client.request("GET", "/").body == body) }
      #expect(try client.request("GET", "/", headers: ["Connection: close"]).body == body)
      #expect(client.sawEnd())
    }
  }

  @Test func `A response from another thread's work arrives, and only the first one counts`() throws {
    let handler = TestHandler()
    let waiting = Inbox<HTTPExchange>()
    handler.onExchange = { waiting.append($0) }
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      try client.send("POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
      let exchange = try waiting.next()
      server.loop.execute {
        #expect(exchange.isPending)
        exchange.respond(status: 201, body: "first")
        #expect(!exchange.isPending)
        exchange.respond(status: 500, body: "second")
      }
      let answer = try client.answer()
      #expect(answer.status == 201)
      #expect(answer.text == "first")
      // The connection serves another one.
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let next = try waiting.next()
      server.loop.execute { next.respond(status: 204) }
      #expect(try client.answer().status == 204)
    }
  }

  @Test(arguments: [false, true])
  func `A response to a client that has gone is dropped`(byReset: Bool) throws {
    let handler = TestHandler()
    let waiting = Inbox<HTTPExchange>()
    handler.onExchange = { waiting.append($0) }
    try TestServer.run(handler) { server in
      var client: TestClient? = try TestClient(port: server.port)
      try client?.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let exchange = try waiting.next()
      if byReset { (client?.stream as? TCPStream)?.reset() }
      client = nil
      let gone = Inbox<Bool>()
      server.loop.execute {
        exchange.respond(status: 200, body: String(repeating: "x", count: 100_000))
        waitUntil(server.loop, { server.server.connectionCount == 0 }) { gone.append(exchange.isPending) }
      }
      #expect(try gone.next() == false)
    }
  }

  @Test func `A request that is never answered ends with its connection`() throws {
    let handler = TestHandler()
    handler.onExchange = { _ in }
    try TestServer.run(handler, .with { $0.responseTimeout = .seconds(1) }) { server in
      let client = try TestClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.sawEnd())
    }
  }

  @Test func `A pending exchange does not keep the server from ending`() throws {
    let handler = TestHandler()
    let waiting = Inbox<HTTPExchange>()
    handler.onExchange = { waiting.append($0) }
    let server = try TestServer(handler)
    let client = try TestClient(port: server.port)
    try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    let exchange = try waiting.next()
    server.server.shutdown()
    let after = Inbox<Bool>()
    server.loop.execute {
      exchange.respond(status: 200)
      after.append(exchange.isPending)
    }
    #expect(try after.next() == false)
    server.loop.stop()
  }

  @Test func `A header cannot split a response`() {
    let header = Header("X-A\r\nB:", "1\r\nSet-Cookie: x=1")
    #expect(header.name == "X-AB")
    #expect(header.value == "1Set-Cookie: x=1")
  }
}

import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite struct LongBodyTests {
  /// Lets bodies of 262,144 bytes in at `/long` for those with a cookie, and answers with what came.
  private static func admitting() -> TestHandler {
    let handler = TestHandler()
    handler.bodyLimit = { $0.path == "/long" && $0[.cookie] != nil ? BodyAllowance(bytes: 262_144) : nil }
    handler.onExchange = { $0.respond(status: 200, body: $0.body) }
    return handler
  }

  private static let cookie = ["Cookie: a=b"]

  private static func text(_ count: Int) -> String {
    String(decoding: (0..<count).map { UInt8(97 + $0 % 23) }, as: UTF8.self)
  }

  @Test(arguments: [16_385, 65_536, 262_144])
  func `A long body arrives where the handler lets it in`(count: Int) throws {
    try TestServer.run(Self.admitting()) { server in
      let client = try TestClient(port: server.port)
      for _ in 0..<2 {
        let answer = try client.request("PUT", "/long", headers: Self.cookie, body: Self.text(count))
        #expect(answer.status == 200)
        #expect(answer.text == Self.text(count))
      }
    }
  }

  @Test(arguments: [("/long", 16_385, false), ("/other", 16_385, true), ("/long", 262_145, true)])
  func `A long body gets 413 elsewhere, without a cookie, and beyond the limit`(
    path: String, count: Int, hasCookie: Bool
  ) throws {
    try TestServer.run(Self.admitting()) { server in
      let client = try TestClient(port: server.port)
      let headers = hasCookie ? Self.cookie : []
      #expect(try client.request("PUT", path, headers: headers, body: Self.text(count)).status == 413)
      #expect(try client.request("PUT", path, body: "short").text == "short")
    }
  }

  @Test func `No more than so many long bodies are kept at a time, and room is given back`() throws {
    try TestServer.run(Self.admitting(), .with { $0.maximumLongBodiesPerAddress = 2 }) { server in
      let body = Self.text(20_000)
      let start = "PUT /long HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nContent-Length: 20000\r\n\r\n" + body.prefix(10_000)
      let unfinished = try (0..<2).map { _ in try TestClient(port: server.port) }
      for client in unfinished { try client.send(start) }
      try waitFor(server) { $0.longBodies.count == 2 }
      let other = try TestClient(port: server.port)
      #expect(try other.request("PUT", "/long", headers: Self.cookie, body: body).status == 503)
      #expect(try other.request("PUT", "/long", headers: Self.cookie, body: "short").text == "short")
      // One is completed, the other one's client goes.
      try unfinished[0].send(String(body.dropFirst(10_000)))
      #expect(try unfinished[0].answer().text == body)
      (unfinished[1].stream as? TCPStream)?.endWriting()
      #expect(unfinished[1].sawEnd())
      try waitFor(server) { $0.longBodies.count == 0 }
      #expect(try other.request("PUT", "/long", headers: Self.cookie, body: body).text == body)
    }
  }

  @Test func `A body that drips for too long ends the connection`() throws {
    let handler = TestHandler()
    handler.onExchange = { _ in Issue.record("an incomplete request was handed over") }
    try TestServer.run(handler, .with { $0.bodyTimeout = .milliseconds(1) }) { server in
      let client = try TestClient(port: server.port)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
      let hasPassed = Inbox<Bool>()
      server.loop.execute { _ = server.loop.schedule(after: .milliseconds(5)) { hasPassed.append(true) } }
      _ = try hasPassed.next()
      try client.send("abcde")
      #expect(client.sawEnd())
    }
  }

  @Test func `Room is counted for each address and for all, and apart for senders who are not proven`() throws {
    var bodies = LongBodies(limit: 3, limitForAddress: 2, unprovenLimit: 2, unprovenLimitForAddress: 1)
    let begun = ["a", "a", "a", "b", "b"].map { bodies.begin(from: $0, isProven: true) }
    #expect(begun.map { $0 != nil } == [true, true, false, true, false])
    let strangers = ["a", "a", "b", "c"].map { bodies.begin(from: $0, isProven: false) }
    #expect(strangers.map { $0 != nil } == [true, false, true, false])
    let stranger = try #require(strangers[0])
    #expect(bodies.prove(stranger) == nil, "there is no room among the proven ones")
    #expect(bodies.unprovenCount == 2)
    bodies.end(try #require(begun[0]))
    bodies.end(LongBodies.Place(address: "nobody", isProven: true))
    #expect(bodies.prove(stranger) == LongBodies.Place(address: "a", isProven: true))
    #expect((bodies.count, bodies.unprovenCount) == (4, 1))
    let later = ["c", "c"].map { bodies.begin(from: $0, isProven: true) }
    #expect(later.allSatisfy { $0 == nil })
  }

  // MARK: Senders who are not known yet

  /// Lets long bodies in at `/long`; the verdicts on their senders are the test's matter.
  private static func doubting() -> (TestHandler, Inbox<BodyAllowance.Deliver>) {
    let handler = TestHandler()
    let verdicts = Inbox<BodyAllowance.Deliver>()
    handler.bodyLimit = { _ in BodyAllowance(bytes: 262_144) { verdicts.append($0) } }
    handler.onExchange = { $0.respond(status: 200, body: $0.body) }
    return (handler, verdicts)
  }

  private static let head = "PUT /long HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n"

  @Test func `Whoever turns out not to be known gives their place back at once, and gets 401`() throws {
    let (handler, verdicts) = Self.doubting()
    try TestServer.run(handler, .with { $0.maximumUnprovenBodiesPerAddress = 1 }) { server in
      let body = Self.text(20_000)
      let stranger = try TestClient(port: server.port)
      try stranger.send(Self.head + body.prefix(10_000))
      let verdict = try verdicts.next()
      let other = try TestClient(port: server.port)
      #expect(try other.request("PUT", "/long", body: body).status == 503)
      verdict(false)
      try waitFor(server) { $0.longBodies.count == 0 }
      try stranger.send(String(body.dropFirst(10_000)))
      #expect(try stranger.answer().status == 401)
    }
  }

  @Test func `Whoever is known moves to a place of those who are, and others may be looked up`() throws {
    let (handler, verdicts) = Self.doubting()
    try TestServer.run(handler, .with { $0.maximumUnprovenBodiesPerAddress = 1 }) { server in
      let body = Self.text(20_000)
      let clients = try (0..<3).map { _ in try TestClient(port: server.port) }
      for (index, client) in clients.enumerated() {
        try client.send(Self.head + body.prefix(10_000))
        try verdicts.next()(true)
        try waitFor(server) { $0.longBodies.count == index + 1 && $0.longBodies.unprovenCount == 0 }
      }
      for client in clients {
        try client.send(String(body.dropFirst(10_000)))
        #expect(try client.answer().text == body)
      }
      try waitFor(server) { $0.longBodies.count == 0 }
    }
  }

  @Test func `Known as they are, they get 503 where all places are taken`() throws {
    let (handler, verdicts) = Self.doubting()
    try TestServer.run(handler, .with { $0.maximumLongBodiesPerAddress = 0 }) { server in
      let client = try TestClient(port: server.port)
      try client.send(Self.head)
      try verdicts.next()(true)
      try waitFor(server) { $0.longBodies.count == 0 }
      try client.send(Self.text(20_000))
      #expect(try client.answer().status == 503)
    }
  }

  @Test func `A verdict that comes after its request is for nobody`() throws {
    let (handler, verdicts) = Self.doubting()
    try TestServer.run(handler) { server in
      let client = try TestClient(port: server.port)
      #expect(try client.request("PUT", "/long", body: Self.text(20_000)).status == 200)
      let late = try verdicts.next()
      try client.send(Self.head)
      let own = try verdicts.next()
      late(false)
      own(true)
      try waitFor(server) { $0.longBodies.count == 1 && $0.longBodies.unprovenCount == 0 }
      try client.send(Self.text(20_000))
      #expect(try client.answer().status == 200)
    }
  }

  private func waitFor(_ server: TestServer, _ condition: @escaping @Sendable (Server) -> Bool) throws {
    let reached = Inbox<Bool>()
    server.loop.execute { waitUntil(server.loop, { condition(server.server) }) { reached.append(true) } }
    _ = try reached.next()
  }
}

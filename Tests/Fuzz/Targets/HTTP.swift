import Foundation
import TestSupport

@testable import Transport

extension FuzzTarget {
  /// What is sent before anything is known of a client: requests, handshakes, and what only looks like them. The server
  /// is a real one that shows what it was given. Whatever comes, it answers in whole responses, hands on what it promises
  /// to hand on, and ends the connection.
  ///
  /// The first byte says where the rest is cut in two that are sent one after the other.
  static let http = FuzzTarget(name: "http") { bytes in
    guard let cut = bytes.first else { return }
    let sent = Array(bytes.dropFirst())
    let middle = sent.count * Int(cut) / 256
    let exchange = Exchange(port: Mirror.server.port, pieces: [Array(sent[..<middle]), Array(sent[middle...])])
    var answer = ServerBytes(exchange.received)
    while !answer.isAtEnd {
      guard let head = answer.head(), let status = head.first, status.hasPrefix("HTTP/1.") else {
        return check(exchange.wasReset, "not a response: \(answer.rest.prefix(32))")
      }
      // What follows are frames.
      if status.hasPrefix("HTTP/1.1 101 ") { return }
      var headers: [String: String] = [:]
      for line in head.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        check(parts.count == 2, "not a header: \(line)")
        let name = parts[0].lowercased()
        check(name != "content-length" || headers[name] == nil, "two lengths")
        headers[name] = parts[1].trimmingCharacters(in: .whitespaces)
      }
      check(headers["content-security-policy"] != nil, "a response without a policy: \(status)")
      let isEmpty = ["204", "304"].contains { status.hasPrefix("HTTP/1.1 \($0) ") } || headers["x-method"] == "HEAD"
      guard let count = isEmpty ? 0 : headers["content-length"].flatMap({ Int($0) }) else {
        return check(false, "a response without a length: \(status)")
      }
      guard answer.take(count) != nil else {
        // To HEAD, libwebsockets and the refusals say how long the answer to GET would be.
        let asksForHead = String(decoding: sent, as: UTF8.self).contains("HEAD")
        return check(exchange.wasReset || asksForHead, "half a response")
      }
    }
  }
}

/// Shows what it was given.
private final class Mirror: ServerHandler {
  static let server = {
    var configuration = ServerConfiguration()
    configuration.trustedProxies = ["127.0.0.1"]
    configuration.allowedOrigins = [TestClient.origin]
    return Server.running(Mirror(), configuration)
  }()

  func shouldUpgrade(_ request: Request) -> UpgradeDecision {
    look(at: request)
    return request.query == "no" ? .refuse(status: 503) : .accept
  }

  func opened(_ socket: WebSocket, request: Request) {}
  func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) { socket.send(text: text) }
  func closed(_ socket: WebSocket, code: UInt16?) {}
  func maximumBodyBytes(of request: Request) -> Int? { request.path.hasPrefix("/long") ? 65_536 : nil }

  func handle(_ exchange: HTTPExchange) {
    let request = exchange.request
    look(at: request)
    FuzzTarget.check(exchange.body.count <= 65_536, "a body beyond its limit")
    var headers = [Header("X-Method", request.method), Header("X-Path", request.path)]
    headers += HeaderName.allCases.compactMap { name in request[name].map { Header("X-\(name)", $0) } }
    switch request.path {
    case "/stream":
      let count = min(100_000, 1 + exchange.body.count * 64)
      let stream = HTTPBodyStream(count: count) { offset, deliver in
        deliver([UInt8](repeating: 0x61, count: min(16_384, count - offset)))
      }
      exchange.respond(HTTPResponse(status: 200, headers: headers, stream: stream))
    case "/empty": exchange.respond(status: 204, headers: headers)
    default: exchange.respond(status: 200, headers: headers, body: exchange.body)
    }
  }

  /// What `Request` promises.
  private func look(at request: Request) {
    FuzzTarget.check(request.path.utf8.first == UInt8(ascii: "/"), "a path without its slash: \(request.path)")
    // By bytes: to Swift, a slash with a combining character behind it is no slash.
    let segments = request.path.utf8.split(separator: UInt8(ascii: "/"))
    FuzzTarget.check(!segments.contains { $0.elementsEqual("..".utf8) }, "a path that leads upwards: \(request.path)")
    FuzzTarget.check(isAddress(request.remoteAddress), "not an address: \(request.remoteAddress)")
    FuzzTarget.check(
      ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(request.method), "method \(request.method)")
  }
}

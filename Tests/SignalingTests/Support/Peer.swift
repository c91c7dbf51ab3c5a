import Foundation
import TestSupport

/// One connection to the broker, and what it was told. Waits on a queue of its own, never on Swift's threads, which the
/// broker needs.
final class Peer: @unchecked Sendable {
  /// What the server said, under the name that its golden example would have.
  struct Said: Sendable {
    let name: String
    let message: JSONValue
  }

  struct ClosedEarly: Error {
    let code: UInt16?
    let reason: String
  }

  private let queue = DispatchQueue(label: "peer")
  // Everything below belongs to the queue.
  private var client: TestClient?
  private var lastID = 0
  private var asked: [Int: String] = [:]
  private var unread: [Said] = []
  private var heard: [Said] = []
  /// The answer to `hello`; belongs to whoever sent that.
  private var greeting: JSONValue = .null

  /// - Parameter headers: of the handshake, in place of the usual ones.
  init(port: UInt16, headers: [String: String] = [:]) async throws {
    try await on { peer in
      let client = TestClient(try TCPStream(port: port, patience: 120))
      guard try client.handshake(headers).status == 101 else { throw StreamError.unexpected("no upgrade") }
      peer.client = client
    }
  }

  private func on<Result: Sendable>(_ body: @escaping @Sendable (Peer) throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { done in
      queue.async { done.resume(with: Swift.Result { try body(self) }) }
    }
  }

  // MARK: Talking

  private static let mutations: Set<String> = [
    "request.create", "request.cancel", "request.claim", "request.refuse", "request.assign", "request.unassign",
    "request.release", "room.open", "consultation.start", "consultation.end", "consultation.confirm",
    "consultation.close",
  ]

  /// Sends a request and returns its number.
  @discardableResult
  func send(_ type: String, _ body: JSONValue = [:], key: String? = nil) async throws -> Int {
    try await on { peer in
      peer.lastID += 1
      peer.asked[peer.lastID] = type
      var message: JSONValue = ["id": .number(Double(peer.lastID)), "type": .string(type), "body": body]
      if Self.mutations.contains(type) {
        message = message.with("key", .string(key ?? UUID().uuidString.lowercased()))
      }
      try peer.client?.sendText(try message.json)
      return peer.lastID
    }
  }

  func send(raw text: String) async throws {
    try await on { try $0.client?.sendText(text) }
  }

  /// The whole reply to that request.
  func reply(to id: Int) async throws -> JSONValue {
    try await first { $0.message["re"]?.integer == id }
  }

  /// Sends a request and returns the whole reply.
  func ask(_ type: String, _ body: JSONValue = [:], key: String? = nil) async throws -> JSONValue {
    try await reply(to: try await send(type, body, key: key))
  }

  func hello(_ token: String) async throws -> JSONValue {
    greeting = try await ask("hello", ["token": .string(token), "client": "test/1"])
    return greeting
  }

  /// Goes on with the session of a peer whose connection is over.
  func resume(_ earlier: Peer) async throws -> JSONValue {
    let session = earlier.greeting["body"] ?? .null
    let last = try await earlier.transcript().compactMap { $0.message["seq"]?.integer }.last ?? 0
    greeting = try await ask(
      "hello",
      [
        "resume": [
          "session": session["session"] ?? .null, "secret": session["secret"] ?? .null, "seq": .number(Double(last)),
        ]
      ])
    return greeting
  }

  /// A signal, with an id if there shall be an answer.
  func signal(_ room: JSONValue, to seat: String, _ kind: String, _ negotiation: JSONValue, id: Int? = nil) async throws
  {
    var message: JSONValue = [
      "type": "signal", "room": room, "to": .string(seat), "kind": .string(kind), "negotiation": negotiation,
      "data": Self.data[kind] ?? [:],
    ]
    if let id { message = message.with("id", .number(Double(id))) }
    let text = try message.json
    try await on { peer in
      if let id { peer.asked[id] = "signal" }
      try peer.client?.sendText(text)
    }
  }

  private static let data: [String: JSONValue] = [
    "offer": ["type": "offer", "sdp": "v=0\r\n"], "answer": ["type": "answer", "sdp": "v=0\r\n"],
    "candidate": ["candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "EsAw"],
  ]

  // MARK: Listening

  /// The body of the next event of a type that has come since the last one that was taken, and is as wanted.
  func event(
    _ type: String, where isWanted: @escaping @Sendable (JSONValue) -> Bool = { _ in true }
  ) async throws -> JSONValue {
    try await first { $0.message["type"]?.text == type && isWanted($0.message["body"] ?? .null) }["body"] ?? .null
  }

  /// The next message of any kind that is as wanted.
  func message(where isWanted: @escaping @Sendable (JSONValue) -> Bool) async throws -> JSONValue {
    try await first { isWanted($0.message) }
  }

  private func first(where isWanted: @escaping @Sendable (Said) -> Bool) async throws -> JSONValue {
    try await on { peer in
      if let index = peer.unread.firstIndex(where: isWanted) { return peer.unread.remove(at: index).message }
      while true {
        let said = try peer.read()
        if isWanted(said) { return said.message }
        peer.unread.append(said)
      }
    }
  }

  private func read() throws -> Said {
    while let client {
      let frame = try client.frame()
      switch frame.opcode {
      case 1:
        let message = try JSONValue(parsing: frame.text)
        let said = Said(name: name(of: message), message: message)
        heard.append(said)
        return said
      case 8: throw ClosedEarly(code: frame.code, reason: frame.reason)
      case 9: try client.sendFrame(10, frame.payload)
      default: break
      }
    }
    throw StreamError.ended
  }

  private func name(of message: JSONValue) -> String {
    guard message["seq"] == nil else {
      let type = message["type"]?.text ?? ""
      if type == "signal" { return "signal.received" }
      let isList = type == "consultations" || type == "queue"
      return isList ? "\(type).\(message["body"]?["kind"]?.text ?? "")" : type
    }
    if message["ok"] == false { return "error" }
    return (message["re"]?.integer.flatMap { asked[$0] } ?? "") + ".reply"
  }

  /// The code and reason of the server's close, after whatever messages come before it.
  func closed() async throws -> (code: UInt16?, reason: JSONValue) {
    try await on { peer in
      do {
        while true { peer.unread.append(try peer.read()) }
      } catch let closed as ClosedEarly {
        peer.client = nil
        return (closed.code, (try? JSONValue(parsing: closed.reason)) ?? .null)
      }
    }
  }

  /// Everything that was said so far.
  func transcript() async throws -> [Said] { try await on { $0.heard } }

  /// Goes away without a word.
  func vanish() async throws { try await on { $0.client = nil } }
}

import Foundation
import TestSupport

@testable import Signaling

extension FuzzTarget {
  /// Messages to a whole broker, one on each line, with the letter of who sends it before it; each of them says hello
  /// first. Ids are written as ``FuzzedBroker/fill(_:consultation:)`` says, the consultation being the last that any of
  /// them was told of.
  ///
  /// Whatever is said, what comes back is JSON with the next number in its sequence, the connection answers to a ping
  /// afterwards or was closed with a code of the protocol, and nothing happened that the broker would log as an error.
  static let sessions = FuzzTarget(name: "sessions") { bytes in
    let broker = FuzzedBroker.shared
    var talk = Talk(broker)
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(24) {
      guard let letter = line.first, broker.tokens[letter] != nil else { continue }
      talk.say(String(line.dropFirst()), as: letter)
    }
    talk.end()
    broker.checkLog(String(decoding: bytes, as: UTF8.self))
  }
}

/// Several people's connections, each of which waits for what its message leads to.
private struct Talk {
  private let broker: FuzzedBroker
  private var connections: [Character: Connection] = [:]
  private var consultation = "00000000-0000-4000-8000-000000000000"

  init(_ broker: FuzzedBroker) { self.broker = broker }

  mutating func say(_ text: String, as letter: Character) {
    do {
      let connection = try connections[letter] ?? Connection(port: broker.port, token: broker.tokens[letter] ?? "")
      connections[letter] = connection
      if let told = try connection.say(broker.fill(text, consultation: consultation)) { consultation = told }
    } catch {
      FuzzTarget.check(false, "\(error) after \(text)")
    }
  }

  mutating func end() {
    for connection in connections.values { connection.end() }
    connections = [:]
  }
}

private final class Connection {
  private let stream: TCPStream
  private let client: TestClient
  private var sequence = 0
  private var isClosed = false
  private static let ping = 999_999

  init(port: UInt16, token: String) throws {
    stream = try TCPStream(port: port, patience: 20)
    client = TestClient(stream)
    guard try client.handshake().status == 101 else { throw StreamError.unexpected("no upgrade") }
    _ = try say(#"{"id":1,"type":"hello","body":{"token":"\#(token)"}}"#)
  }

  /// Sends a text, and reads until a ping that is sent after it is answered.
  ///
  /// - Returns: the consultation that was spoken of last.
  func say(_ text: String) throws -> String? {
    guard !isClosed else { return nil }
    try client.sendText(text)
    try client.sendText(#"{"id":\#(Self.ping),"type":"ping"}"#)
    var told: String?
    while true {
      let frame: Frame
      do {
        frame = try client.frame()
      } catch StreamError.ended {
        throw StreamError.unexpected("the end without a close")
      }
      switch frame.opcode {
      case 1:
        guard let read = try? JSONSerialization.jsonObject(with: Data(frame.payload)) as? [String: Any] else {
          throw StreamError.unexpected("not JSON: \(frame.text)")
        }
        if let number = read["seq"] as? Int {
          guard number == sequence + 1 || sequence == 0 else {
            throw StreamError.unexpected("\(number) after \(sequence)")
          }
          sequence = number
        }
        let body = read["body"] as? [String: Any]
        if let id = body?["consultation"] as? String { told = id }
        if read["re"] as? Int == Self.ping { return told }
      case 8:
        guard let code = frame.code, code >= 1000 else { throw StreamError.unexpected("a close without a code") }
        isClosed = true
        return told
      case 9: try client.sendFrame(10, frame.payload)
      default: throw StreamError.unexpected("opcode \(frame.opcode)")
      }
    }
  }

  func end() { stream.reset() }
}

@testable import Transport

extension FuzzTarget {
  /// What follows a handshake: frames, and what only looks like them. The server is a real one, with the broker's limits,
  /// that says back each message; what it does is compared with what RFC 6455 says, as ``FrameReader`` reads it.
  ///
  /// The first byte says where the rest is cut in two that are sent one after the other, and, if it is odd, that the first
  /// part comes together with the handshake.
  static let frames = FuzzTarget(name: "frames") { bytes in
    guard let cut = bytes.first else { return }
    let sent = Array(bytes.dropFirst())
    let middle = sent.count * Int(cut) / 256
    let (first, second) = (Array(sent[..<middle]), Array(sent[middle...]))
    let port = Echo.server.port
    let exchange =
      cut & 1 == 0
      ? Exchange(port: port, after: Echo.handshake, pieces: [first, second])
      : Exchange(port: port, pieces: [Echo.handshake + first, second])
    var answer = ServerBytes(exchange.received)
    let head = answer.head()
    if exchange.wasReset, head == nil { return }
    check(head?.first?.hasPrefix("HTTP/1.1 101 ") == true, "no upgrade: \(head ?? [])")

    var expected = FrameReader(sent)
    expected.read()
    // Whoever does not wait for the answer to the handshake (RFC 6455, 4.1) may have their own bytes overwritten by it:
    // libwebsockets writes it into the buffer that it has read into.
    let isEarly = cut & 1 == 1 && Echo.handshake.count + sent.count > answerPosition
    var messages: [[UInt8]] = []
    var pongs: [[UInt8]] = []
    var close: [UInt8]?
    while !answer.isAtEnd {
      guard let frame = answer.frame() else {
        check(exchange.wasReset, "not a frame that a server sends: \(answer.rest.prefix(16))")
        return
      }
      check(close == nil || frame.opcode == 10, "something after a close")
      switch frame.opcode {
      case 1: messages.append(frame.payload)
      case 8: close = frame.payload
      // libwebsockets still answers what comes behind the fault that the server closed for.
      case 10: if close == nil { pongs.append(frame.payload) }
      default: check(false, "opcode \(frame.opcode)")
      }
    }
    if isEarly { return }
    check(
      expected.messages.starts(with: messages) || expected.isUncertain && messages.starts(with: expected.messages),
      "a message that was not sent")
    check(expected.isUncertain || isSubsequence(pongs, of: expected.pings), "a pong that nobody asked for")
    if let close { checkClose(close, expected) }
    guard !exchange.wasReset, !expected.isUncertain else { return }
    check(expected.end != .stopped || pongs == expected.pings, "\(pongs.count) pongs for \(expected.pings.count) pings")
    check(messages.count == expected.messages.count, "\(messages.count) of \(expected.messages.count) messages")
    // Whoever only stops in the middle is not told that something was wrong.
    if expected.end == .dropped { return }
    check((close != nil) == (expected.end != .stopped), "ended with \(close ?? []) where \(expected.end) was right")
  }

  /// Where in its buffer libwebsockets begins to write the answer to a handshake.
  private static let answerPosition = 384

  private static func checkClose(_ payload: [UInt8], _ expected: FrameReader) {
    guard payload.count >= 2 else { return check(payload.isEmpty, "half a code") }
    let code = Int(payload[0]) << 8 | Int(payload[1])
    check(FrameReader.mayBeSent(code), "code \(code) must not be sent")
    if case .failed(let wanted) = expected.end, !expected.isUncertain {
      // Of two faults in one frame either may be seen first.
      check(code == wanted || code == 1002 || (code, wanted) == (1007, 1002), "code \(code) where \(wanted) is right")
    }
  }

  private static func isSubsequence(_ some: [[UInt8]], of all: [[UInt8]]) -> Bool {
    var rest = all[...]
    return some.allSatisfy { each in
      guard let found = rest.firstIndex(of: each) else { return false }
      rest = rest[(found + 1)...]
      return true
    }
  }
}

/// Says back every message, with the broker's limits.
private final class Echo: ServerHandler {
  static let server = Server.running(Echo())
  static let handshake = Array(
    """
    GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqm.v1\r\n\r\n
    """.utf8)

  func shouldUpgrade(_ request: Request) -> UpgradeDecision { .accept }
  func opened(_ socket: WebSocket, request: Request) {}
  func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) { socket.send(text: text) }
  func closed(_ socket: WebSocket, code: UInt16?) {}
  func handle(_ exchange: HTTPExchange) { exchange.respond(status: 404) }
}

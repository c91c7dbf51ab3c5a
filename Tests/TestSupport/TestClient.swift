import Foundation
import Glibc

package struct HTTPAnswer {
  package let status: Int
  /// Names in lower case.
  package let headers: [String: String]
  package var body: [UInt8] = []

  package var text: String { String(decoding: body, as: UTF8.self) }
}

package struct Frame: Equatable {
  package var opcode: UInt8
  package var payload: [UInt8]

  package init(opcode: UInt8, payload: [UInt8]) {
    self.opcode = opcode
    self.payload = payload
  }

  package var text: String { String(decoding: payload, as: UTF8.self) }
  /// Of a close frame.
  package var code: UInt16? { payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1]) }
  package var reason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }
}

/// Speaks HTTP/1.1 and WebSocket, and, where a test wants it, badly.
package final class TestClient {
  /// Where the page is from, unless a test says otherwise.
  package static let origin = "https://mqm.example"

  package let stream: any ByteStream
  private var buffer: [UInt8] = []
  private var offset = 0

  package init(_ stream: any ByteStream) { self.stream = stream }

  package convenience init(port: UInt16) throws { self.init(try TCPStream(port: port)) }

  // MARK: Bytes

  private func fill() throws {
    let bytes = try stream.read()
    if bytes.isEmpty { throw StreamError.ended }
    if offset > 65_536 {
      buffer.removeFirst(offset)
      offset = 0
    }
    buffer.append(contentsOf: bytes)
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count - offset < count { try fill() }
    defer { offset += count }
    return Array(buffer[offset..<offset + count])
  }

  /// Whether the server ended the connection, after whatever it still sent.
  package func sawEnd() -> Bool {
    do {
      while true { try fill() }
    } catch StreamError.ended {
      return true
    } catch StreamError.readFailed(let code) {
      return code == ECONNRESET
    } catch {
      return false
    }
  }

  // MARK: HTTP

  package func send(_ text: String) throws { try stream.write(Array(text.utf8)) }

  package func head() throws -> HTTPAnswer {
    var lines: [String] = []
    var line: [UInt8] = []
    while true {
      let byte = try take(1)[0]
      if byte == UInt8(ascii: "\n") {
        if line.isEmpty { break }
        lines.append(String(decoding: line, as: UTF8.self))
        line = []
      } else if byte != UInt8(ascii: "\r") {
        line.append(byte)
      }
    }
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw StreamError.unexpected("not a status line")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return HTTPAnswer(status: status, headers: headers)
  }

  package func answer(hasBody: Bool = true) throws -> HTTPAnswer {
    var answer = try head()
    if hasBody, let count = answer.headers["content-length"].flatMap({ Int($0) }) { answer.body = try take(count) }
    return answer
  }

  package func request(_ method: String, _ path: String, headers: [String] = [], body: String? = nil) throws
    -> HTTPAnswer
  {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return try answer(hasBody: method != "HEAD")
  }

  /// A handshake; headers given here replace those of the same name, an empty value takes one away.
  package func handshake(path: String = "/v1/ws", _ changes: [String: String] = [:]) throws -> HTTPAnswer {
    var headers = [
      "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Protocol": "mqm.v1", "Origin": Self.origin,
    ]
    headers.merge(changes) { $1 }
    let lines = headers.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.sorted()
    try send("GET \(path) HTTP/1.1\r\n" + lines.joined() + "\r\n")
    let answer = try head()
    guard answer.status != 101, let count = answer.headers["content-length"].flatMap({ Int($0) }) else { return answer }
    _ = try take(count)
    return answer
  }

  // MARK: WebSocket

  package static func frame(
    _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, reserved: UInt8 = 0, isMasked: Bool = true,
    mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
  ) -> [UInt8] {
    var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    let maskBit: UInt8 = isMasked ? 0x80 : 0
    switch payload.count {
    case 0..<126: bytes.append(maskBit | UInt8(payload.count))
    case 126..<65_536: bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default:
      bytes.append(maskBit | 127)
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard isMasked else { return bytes + payload }
    bytes += mask
    for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index & 3]) }
    return bytes
  }

  package func sendFrame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) throws {
    try stream.write(Self.frame(opcode, payload, isFinal: isFinal))
  }

  package func sendText(_ text: String) throws { try sendFrame(1, Array(text.utf8)) }

  package func sendClose(_ code: UInt16, _ reason: String = "") throws {
    try sendFrame(8, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8))
  }

  /// The next frame; control frames included.
  package func frame() throws -> Frame {
    let start = try take(2)
    // A server's frames are whole and not masked.
    guard start[0] & 0xf0 == 0x80, start[1] & 0x80 == 0 else { throw StreamError.unexpected("frame \(start)") }
    var count = Int(start[1])
    if count > 125 { count = try take(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
    return Frame(opcode: start[0] & 0xf, payload: try take(count))
  }

  package func text() throws -> String {
    let frame = try frame()
    guard frame.opcode == 1 else { throw StreamError.unexpected("opcode \(frame.opcode)") }
    return frame.text
  }

  /// The close frame, after whatever messages come before it.
  package func close() throws -> Frame {
    while true {
      let frame = try frame()
      if frame.opcode == 8 { return frame }
    }
  }
}

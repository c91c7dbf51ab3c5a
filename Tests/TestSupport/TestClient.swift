import CLibwebsockets
import Foundation
import Glibc
import Testing

/// A byte stream to a server.
protocol ByteStream: AnyObject {
  func write(_ bytes: [UInt8]) throws
  /// At least one byte; none at the end of the stream.
  func read() throws -> [UInt8]
}

enum StreamError: Error {
  case connectFailed(Int32)
  case writeFailed(Int32)
  case readFailed(Int32)
  case ended
}

/// A blocking TCP connection with a timeout.
final class TCPStream: ByteStream {
  let descriptor: Int32

  /// - Parameter receiveBuffer: bytes, for clients that do not read.
  init(port: UInt16, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
    }
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code != 0 { throw StreamError.connectFailed(errno) }
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 { throw StreamError.writeFailed(errno) }
      sent += count
    }
  }

  func read() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { throw StreamError.readFailed(errno) }
    return Array(buffer[..<count])
  }

  /// Closes with a reset, as a machine that crashed and came back would.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}

struct HTTPAnswer {
  let status: Int
  let headers: [String: String]
  var body: [UInt8] = []

  var text: String { String(decoding: body, as: UTF8.self) }
}

struct Frame: Equatable {
  var opcode: UInt8
  var payload: [UInt8]

  var text: String { String(decoding: payload, as: UTF8.self) }
  /// Of a close frame.
  var code: UInt16? { payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1]) }
  var reason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }
}

/// Speaks HTTP/1.1 and WebSocket, and, where a test wants it, badly.
final class TestClient {
  let stream: any ByteStream
  private var buffer: [UInt8] = []
  private var offset = 0

  init(_ stream: any ByteStream) { self.stream = stream }

  convenience init(port: UInt16) throws { self.init(try TCPStream(port: port)) }

  /// A client whose WebSocket is open.
  static func open(_ server: TestServer) throws -> TestClient {
    let client = try TestClient(port: server.port)
    let answer = try client.handshake()
    try #require(answer.status == 101)
    return client
  }

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
  func sawEnd() -> Bool {
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

  func send(_ text: String) throws { try stream.write(Array(text.utf8)) }

  func head() throws -> HTTPAnswer {
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
    let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return HTTPAnswer(status: status, headers: headers)
  }

  func answer(hasBody: Bool = true) throws -> HTTPAnswer {
    var answer = try head()
    if hasBody, let count = answer.headers["content-length"].flatMap({ Int($0) }) { answer.body = try take(count) }
    return answer
  }

  func request(_ method: String, _ path: String, headers: [String] = [], body: String? = nil) throws -> HTTPAnswer {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return try answer(hasBody: method != "HEAD")
  }

  /// A handshake; headers given here replace those of the same name, an empty value takes one away.
  func handshake(path: String = "/v1/ws", _ changes: [String: String] = [:]) throws -> HTTPAnswer {
    var headers = [
      "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Protocol": "mqm.v1", "Origin": TestServer.origin,
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

  static func frame(
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

  func sendFrame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) throws {
    try stream.write(Self.frame(opcode, payload, isFinal: isFinal))
  }

  func sendText(_ text: String) throws { try sendFrame(1, Array(text.utf8)) }

  func sendClose(_ code: UInt16, _ reason: String = "") throws {
    try sendFrame(8, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8))
  }

  /// The next frame; control frames included.
  func frame() throws -> Frame {
    let start = try take(2)
    // A server's frames are whole and not masked.
    try #require(start[0] & 0xf0 == 0x80)
    try #require(start[1] & 0x80 == 0)
    var count = Int(start[1])
    if count > 125 { count = try take(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
    return Frame(opcode: start[0] & 0xf, payload: try take(count))
  }

  func text() throws -> String {
    let frame = try frame()
    try #require(frame.opcode == 1)
    return frame.text
  }

  /// The close frame, after whatever messages come before it.
  func close() throws -> Frame {
    while true {
      let frame = try frame()
      if frame.opcode == 8 { return frame }
    }
  }
}

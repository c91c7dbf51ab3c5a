import Glibc
import TestSupport

/// What one connection brought: everything that the server sent, until it ended.
struct Exchange {
  var received: [UInt8] = []
  /// The server closed with bytes unread, and some of what it sent may be lost.
  var wasReset = false

  /// Connects to a server of this process, sends, says that nothing follows, and reads to the end.
  ///
  /// Stops the process if the server does not end the connection: no input may leave it hanging.
  ///
  /// - Parameters:
  ///   - handshake: sent first, and its answer awaited.
  ///   - pieces: sent one after the other.
  init(port: UInt16, after handshake: [UInt8] = [], pieces: [[UInt8]]) {
    do {
      let stream = try TCPStream(port: port, patience: 20)
      do {
        if !handshake.isEmpty {
          try stream.write(handshake)
          received = try stream.read()
        }
        for piece in pieces { try stream.write(piece) }
        stream.endWriting()
      } catch StreamError.writeFailed(let code) where code == EPIPE || code == ECONNRESET {
        // It has heard enough.
      }
      while true {
        let bytes = try stream.read()
        if bytes.isEmpty { break }
        received += bytes
      }
      // The port is free again at once: thousands of connections a second would use them up.
      stream.reset()
    } catch StreamError.readFailed(let code) where code == ECONNRESET {
      wasReset = true
    } catch {
      fatalError("the server does not end the connection: \(error)")
    }
  }
}

/// Reads what a server sent, byte for byte.
struct ServerBytes {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// The head of a response: its lines, the first of them the status line; nil if it is not whole.
  mutating func head() -> [String]? {
    var lines: [String] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      guard line.last == UInt8(ascii: "\r") else { return nil }
      if line.count == 1 { return lines }
      lines.append(String(decoding: line.dropLast(), as: UTF8.self))
    }
    return nil
  }

  struct Frame: Equatable {
    let opcode: UInt8
    let payload: [UInt8]
  }

  /// A frame as a server may send it (RFC 6455, 5.1): final, without extensions, not masked, of the shortest length.
  mutating func frame() -> Frame? {
    guard let start = take(2).map(Array.init), start[0] & 0xf0 == 0x80, start[1] & 0x80 == 0 else { return nil }
    var count = Int(start[1])
    if count >= 126 {
      let size = count == 126 ? 2 : 8
      guard let number = take(size) else { return nil }
      count = number.reduce(0) { $0 << 8 | Int($1) }
      guard count >= (size == 2 ? 126 : 65_536) else { return nil }
    }
    return take(count).map { Frame(opcode: start[0] & 0xf, payload: Array($0)) }
  }
}

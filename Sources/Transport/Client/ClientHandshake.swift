import CLibwebsockets

/// A client's side of the opening handshake (RFC 6455, 4.1).
struct ClientHandshake {
  /// What was asked and what must be answered.
  private let key: String
  private let subprotocol: String?
  private var answer: [UInt8] = []

  /// Longest answer in bytes.
  private static let limit = 16_384

  enum Progress: Equatable {
    case unfinished
    /// The connection is a WebSocket; so many bytes of what was last read belong to its first frames.
    case open(rest: Int)
    case failed(ClientEnd)
  }

  /// - Parameter nonce: 16 random bytes.
  init(nonce: [UInt8], subprotocol: String?) {
    key = Self.base64(nonce)
    self.subprotocol = subprotocol
  }

  func request(_ target: ClientTarget, headers: [Header]) -> String {
    var lines = [
      "GET \(target.path) HTTP/1.1", "Host: \(target.authority)", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)",
    ]
    if let subprotocol { lines.append("Sec-WebSocket-Protocol: \(subprotocol)") }
    lines += headers.map { "\($0.name): \($0.value)" }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// Takes what was read.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Progress {
    let before = answer.count
    answer.append(contentsOf: bytes)
    guard let end = Self.end(of: answer, from: max(0, before - 3)) else {
      return answer.count > Self.limit ? .failed(.handshakeInvalid("an answer without end")) : .unfinished
    }
    guard end <= Self.limit else { return .failed(.handshakeInvalid("an answer without end")) }
    defer { answer = [] }
    if let fault = fault(String(decoding: answer[..<end], as: UTF8.self)) { return .failed(fault) }
    return .open(rest: answer.count - end)
  }

  /// Where the empty line ends.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + 4 <= bytes.count {
      if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 { return index + 4 }
      index += 1
    }
    return nil
  }

  private func fault(_ head: String) -> ClientEnd? {
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let status = lines[0].split(separator: " ", maxSplits: 2)
    guard status.count >= 2, status[0] == "HTTP/1.1", let code = Int(status[1]) else {
      return .handshakeInvalid("an answer that is not of HTTP/1.1")
    }
    guard code == 101 else { return .handshakeRefused(status: code) }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() where !line.isEmpty {
      guard let colon = line.firstIndex(of: ":") else { return .handshakeInvalid("a header without a colon") }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      fields[line[..<colon].lowercased(), default: ""] += String(value.reversed().drop { $0 == " " }.reversed())
    }
    let isUpgrade = (fields["connection"] ?? "").lowercased().split(separator: ",").contains { element in
      element.drop { $0 == " " }.prefix { $0 != " " } == "upgrade"
    }
    guard fields["upgrade"]?.lowercased() == "websocket", isUpgrade else {
      return .handshakeInvalid("no upgrade to websocket")
    }
    guard fields["sec-websocket-accept"] == Self.accept(key: key) else {
      return .handshakeInvalid("a wrong Sec-WebSocket-Accept")
    }
    guard fields["sec-websocket-extensions"] == nil else {
      return .handshakeInvalid("an extension that was not asked for")
    }
    guard fields["sec-websocket-protocol"] == subprotocol else { return .handshakeInvalid("another subprotocol") }
    return nil
  }

  /// The value of `Sec-WebSocket-Accept` for a key (RFC 6455, 4.2.2).
  static func accept(key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    _ = lws_SHA1(text, text.count, &digest)
    return base64(digest)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: bytes.count * 2 + 8)
    let count = bytes.withUnsafeBytes { bytes in
      lws_b64_encode_string(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), &text, Int32(text.count))
    }
    return String(decoding: text.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A frame that a client sends: masked (RFC 6455, 5.3).
enum ClientFrame {
  /// Bytes of the whole frame.
  static func size(payload: Int) -> Int { FrameHeader.size(payload: payload) + 4 + payload }

  /// Writes a whole frame into `target`, which has exactly `size(payload:)` bytes.
  static func write(
    _ opcode: FrameHeader.Opcode, payload: UnsafeRawBufferPointer, mask: UInt32,
    to target: UnsafeMutableRawBufferPointer
  ) {
    guard let base = target.baseAddress else { return }
    base.storeBytes(of: 0x80 | opcode.rawValue, as: UInt8.self)
    let count = payload.count
    var header = 2
    if count < 126 {
      base.storeBytes(of: 0x80 | UInt8(count), toByteOffset: 1, as: UInt8.self)
    } else if count < 65_536 {
      base.storeBytes(of: 0x80 | 126, toByteOffset: 1, as: UInt8.self)
      base.storeBytes(of: UInt16(count).bigEndian, toByteOffset: 2, as: UInt16.self)
      header = 4
    } else {
      base.storeBytes(of: 0x80 | 127, toByteOffset: 1, as: UInt8.self)
      base.storeBytes(of: UInt64(count).bigEndian, toByteOffset: 2, as: UInt64.self)
      header = 10
    }
    base.storeBytes(of: mask, toByteOffset: header, as: UInt32.self)
    copy(payload, to: base + header + 4, mask: mask)
  }

  /// Copies and masks, eight bytes at a time.
  private static func copy(_ payload: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer, mask: UInt32) {
    guard let source = payload.baseAddress else { return }
    let wide = UInt64(mask) << 32 | UInt64(mask)
    var index = 0
    while index + 8 <= payload.count {
      let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ wide
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    withUnsafeBytes(of: mask) { key in
      while index < payload.count {
        target.storeBytes(of: payload[index] ^ key[index & 3], toByteOffset: index, as: UInt8.self)
        index += 1
      }
    }
  }
}

/// Puts a server's messages together from what was read (RFC 6455, 5). What came in one piece is not copied.
struct ServerFrameReader {
  enum Item {
    case text(UnsafeRawBufferPointer)
    case binary(UnsafeRawBufferPointer)
    case ping(UnsafeRawBufferPointer)
    case pong(UnsafeRawBufferPointer)
    /// `code` is nil if the frame was empty (RFC 6455, 7.1.5).
    case close(code: UInt16?, reason: UnsafeRawBufferPointer)
  }

  /// What a server may not send; `code` is the close code to answer with (RFC 6455, 7.4.1).
  struct Fault: Error, Equatable {
    let code: UInt16
    let detail: String
  }

  /// Longest message in bytes.
  let limit: Int
  /// The beginning of a frame whose rest has not come.
  private var partial: [UInt8] = []
  /// What has come of a message in fragments; nil outside of one.
  private var fragments: [UInt8]?
  private var isText = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes what was read, and gives `take` each message and control frame as soon as it is whole. The bytes are good
  /// only inside that call, which returns whether to go on.
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ take: (Item) -> Bool) throws(Fault) {
    guard !partial.isEmpty else { return try readFrames(bytes, take) }
    partial.append(contentsOf: bytes)
    let whole = partial
    partial = []
    let result = whole.withUnsafeBytes { bytes in
      Result { () throws(Fault) in try readFrames(bytes, take) }
    }
    try result.get()
  }

  private mutating func readFrames(_ bytes: UnsafeRawBufferPointer, _ take: (Item) -> Bool) throws(Fault) {
    var rest = bytes
    while !rest.isEmpty {
      guard let header = try Header(rest, limit: limit - (fragments?.count ?? 0)),
        rest.count >= header.size + header.payload
      else {
        partial = Array(rest)
        return
      }
      let payload = UnsafeRawBufferPointer(rebasing: rest[header.size..<header.size + header.payload])
      rest = UnsafeRawBufferPointer(rebasing: rest[(header.size + header.payload)...])
      guard try readFrame(header, payload, take) else { return }
    }
  }

  private mutating func readFrame(
    _ header: Header, _ payload: UnsafeRawBufferPointer, _ take: (Item) -> Bool
  ) throws(Fault) -> Bool {
    switch header.opcode {
    case 0x0:
      guard fragments != nil else { throw Fault(code: 1002, detail: "a continuation of nothing") }
      fragments?.append(contentsOf: payload)
      guard header.isFinal, let message = fragments else { return true }
      fragments = nil
      let item = message.withUnsafeBytes { bytes in Result { () throws(Fault) in take(try Self.message(bytes, isText)) }
      }
      return try item.get()
    case 0x1, 0x2:
      guard fragments == nil else { throw Fault(code: 1002, detail: "a message within a message") }
      isText = header.opcode == 0x1
      if header.isFinal { return take(try Self.message(payload, isText)) }
      fragments = Array(payload)
      return true
    case 0x8: return take(try Self.closing(payload))
    case 0x9: return take(.ping(payload))
    case 0xa: return take(.pong(payload))
    default: throw Fault(code: 1002, detail: "a reserved opcode")
    }
  }

  private static func message(_ bytes: UnsafeRawBufferPointer, _ isText: Bool) throws(Fault) -> Item {
    guard isText else { return .binary(bytes) }
    guard isValidUTF8(bytes) else { throw Fault(code: 1007, detail: "text that is not UTF-8") }
    return .text(bytes)
  }

  private static func closing(_ payload: UnsafeRawBufferPointer) throws(Fault) -> Item {
    guard !payload.isEmpty else { return .close(code: nil, reason: payload) }
    guard payload.count >= 2 else { throw Fault(code: 1002, detail: "a close frame of one byte") }
    let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
    guard isValidUTF8(reason) else { throw Fault(code: 1007, detail: "a close reason that is not UTF-8") }
    return .close(code: UInt16(payload[0]) << 8 | UInt16(payload[1]), reason: reason)
  }

  private struct Header {
    let isFinal: Bool
    let opcode: UInt8
    let size: Int
    let payload: Int

    /// - Parameter limit: the longest payload of a data frame.
    /// - Returns: nil if not all of it is there.
    init?(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Fault) {
      guard bytes.count >= 2 else { return nil }
      guard bytes[0] & 0x70 == 0 else { throw Fault(code: 1002, detail: "a reserved bit") }
      guard bytes[1] & 0x80 == 0 else { throw Fault(code: 1002, detail: "a masked frame from the server") }
      isFinal = bytes[0] & 0x80 != 0
      opcode = bytes[0] & 0x0f
      let short = Int(bytes[1])
      switch short {
      case 126:
        guard bytes.count >= 4 else { return nil }
        (size, payload) = (4, Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))))
        guard payload >= 126 else { throw Fault(code: 1002, detail: "a length that is not in its shortest form") }
      case 127:
        guard bytes.count >= 10 else { return nil }
        let long = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
        guard long >= 65_536 else { throw Fault(code: 1002, detail: "a length that is not in its shortest form") }
        (size, payload) = (10, Int(clamping: long))
      default: (size, payload) = (2, short)
      }
      if opcode >= 0x8 {
        guard isFinal, payload <= 125 else { throw Fault(code: 1002, detail: "a long or fragmented control frame") }
      } else {
        guard payload <= limit else { throw Fault(code: 1009, detail: "a message of more bytes than wanted") }
      }
    }
  }
}

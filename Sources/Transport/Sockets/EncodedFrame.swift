/// A text message encoded once as a WebSocket frame, to be sent to many sockets without encoding it again. Copies share
/// the bytes.
public struct EncodedFrame: Sendable {
  let bytes: [UInt8]

  /// `text` must be UTF-8.
  public init(text: UnsafeRawBufferPointer) {
    bytes = [UInt8](unsafeUninitializedCapacity: FrameHeader.maximumBytes + text.count) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      count = FrameHeader.write(opcode: .text, payload: text.count, to: target.baseAddress!)
      UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(from: text)
      count += text.count
    }
  }

  public init(text: [UInt8]) {
    self = text.withUnsafeBytes { EncodedFrame(text: $0) }
  }

  public init(text: String) {
    var text = text
    self = text.withUTF8 { EncodedFrame(text: UnsafeRawBufferPointer($0)) }
  }
}

/// The header of a frame that a server sends: final, not masked (RFC 6455, 5.2).
enum FrameHeader {
  enum Opcode: UInt8 {
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
  }

  static let maximumBytes = 10

  static func size(payload: Int) -> Int {
    payload < 126 ? 2 : payload < 65_536 ? 4 : 10
  }

  /// Returns how many bytes were written, `size(payload:)`.
  static func write(opcode: Opcode, payload: Int, to target: UnsafeMutableRawPointer) -> Int {
    target.storeBytes(of: 0x80 | opcode.rawValue, as: UInt8.self)
    if payload < 126 {
      target.storeBytes(of: UInt8(payload), toByteOffset: 1, as: UInt8.self)
      return 2
    }
    if payload < 65_536 {
      target.storeBytes(of: 126, toByteOffset: 1, as: UInt8.self)
      target.storeBytes(of: UInt16(payload).bigEndian, toByteOffset: 2, as: UInt16.self)
      return 4
    }
    target.storeBytes(of: 127, toByteOffset: 1, as: UInt8.self)
    target.storeBytes(of: UInt64(payload).bigEndian, toByteOffset: 2, as: UInt64.self)
    return 10
  }

  /// The size of the whole frame that begins at `frame`, which `write` wrote.
  static func frameSize(at frame: UnsafeRawPointer) -> Int {
    let short = Int(frame.load(fromByteOffset: 1, as: UInt8.self))
    if short < 126 { return 2 + short }
    if short == 126 { return 4 + Int(UInt16(bigEndian: frame.loadUnaligned(fromByteOffset: 2, as: UInt16.self))) }
    return 10 + Int(UInt64(bigEndian: frame.loadUnaligned(fromByteOffset: 2, as: UInt64.self)))
  }
}

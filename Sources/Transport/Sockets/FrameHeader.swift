/// The header of a frame that a server sends: final, not masked (RFC 6455, 5.2).
enum FrameHeader {
  enum Opcode: UInt8 {
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    /// Never sent by the server: libwebsockets answers pings.
    case pong = 0xa
  }

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

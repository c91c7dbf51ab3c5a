/// Finds frames that a client did not mask (RFC 6455, 5.1), which libwebsockets accepts.
///
/// libwebsockets does not say whether a frame was masked. It hands a payload over in the buffer that it read into,
/// where the frame's header stands directly before it, unless the header came with an earlier read. A client that does
/// not mask is found with its first frame that arrives in one piece.
struct FrameCheck {
  /// The buffer that libwebsockets reads into; empty if it is not known.
  private var start: UInt = 0
  private var end: UInt = 0

  /// Learns where the buffer is.
  ///
  /// - Parameters:
  ///   - position: where libwebsockets writes next while it puts an answer to a handshake together in that buffer.
  ///   - room: bytes from there to the buffer's end.
  ///   - size: of the buffer, as configured.
  mutating func learn(position: UnsafeRawPointer, room: Int, size: Int) {
    let position = UInt(bitPattern: position)
    let end = position &+ UInt(room)
    let start = end &- UInt(size)
    // The answer begins 400 bytes into the buffer, and is shorter than 600. Anything else is not the buffer.
    guard room > 0, room < size, position &- start > 400, position &- start < 1_400 else { return }
    (self.start, self.end) = (start, end)
  }

  /// Whether the frame whose payload begins at `payload` was masked; true if that cannot be known.
  ///
  /// - Parameter isFirst: this is the first that was read on this connection. Of a later one, what stands directly before the
  ///   payload may be the end of a header that began in an earlier read.
  func isMasked(payload: UnsafeRawBufferPointer, frameLength: Int, isFirst: Bool) -> Bool {
    guard let base = payload.baseAddress, frameLength > 0 else { return true }
    let address = UInt(bitPattern: base)
    guard address >= start, address < end else { return true }
    let before = Int(address - start)
    let header = FrameHeader.size(payload: frameLength)
    let maskedHeader = header + 4
    if before >= maskedHeader {
      return matches(base - maskedHeader, length: frameLength, mask: 0x80)
        || !matches(base - header, length: frameLength, mask: 0)
    }
    return !isFirst || before != header || !matches(base - header, length: frameLength, mask: 0)
  }

  /// Whether the header of a data frame of that length stands at `header`.
  private func matches(_ header: UnsafeRawPointer, length: Int, mask: UInt8) -> Bool {
    guard header.load(as: UInt8.self) & 0x7f <= 2 else { return false }
    let short = header.load(fromByteOffset: 1, as: UInt8.self)
    if length < 126 { return short == UInt8(length) | mask }
    if length < 65_536 {
      let extended = UInt16(bigEndian: header.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      return short == 126 | mask && Int(extended) == length
    }
    let extended = UInt64(bigEndian: header.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
    return short == 127 | mask && extended == UInt64(length)
  }
}

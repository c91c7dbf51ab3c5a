import CLibwebsockets

/// What has arrived of a client's messages, in the pieces in which libwebsockets reads them (RFC 6455, sections 5 and 8.1).
struct Reception {
  /// What a piece brought.
  enum Outcome {
    /// Its message is not complete.
    case more
    /// It is a message.
    case message(isBinary: Bool)
    /// It is the last one of this message.
    case assembled([UInt8], isBinary: Bool)
    case violation(Violation)
  }

  /// What a client must not send, with the code that closes its connection (RFC 6455, section 7.4.1).
  enum Violation: UInt16 {
    case unmasked = 1002
    case binary = 1003
    case noText = 1007
    case tooLong = 1009
  }

  /// What may be sent.
  struct Terms {
    let acceptsBinary: Bool
    let maximumBytes: Int
  }

  private var assembly = MessageAssembly()
  /// The next piece begins a frame.
  private var isAtFrameStart = true
  private var hasFrame = false
  /// Something was read of which nothing was told: perhaps the beginning of a frame's header. Nil until the read is over with
  /// which the handshake came.
  private var mayBeWithinHeader: Bool?
  /// Since `takeBytes`, roughly.
  private var bytes = 0

  /// When the first piece came of a message that is not complete, in nanoseconds of the loop's clock; nil if there is none.
  var began: UInt64? { assembly.began }

  mutating func count(_ piece: UnsafeRawBufferPointer) { bytes += piece.count + 8 }

  /// - Parameters:
  ///   - piece: in libwebsockets' own buffer.
  ///   - wsi: the connection, which knows about the frame.
  ///   - now: nanoseconds of the loop's clock.
  mutating func take(
    _ piece: UnsafeRawBufferPointer, of wsi: OpaquePointer, check: FrameCheck, terms: Terms, at now: UInt64
  ) -> Outcome {
    let remaining = lws_remaining_packet_payload(wsi)
    if isAtFrameStart {
      let isMasked = check.isMasked(
        payload: piece, frameLength: piece.count + remaining, isFirst: !hasFrame && mayBeWithinHeader != true)
      guard isMasked else { return .violation(.unmasked) }
      hasFrame = true
    }
    isAtFrameStart = remaining == 0
    let isBinary = lws_frame_is_binary(wsi) != 0
    if isBinary, !terms.acceptsBinary { return .violation(.binary) }
    // Not added up: a header may announce up to Int.max.
    if remaining > terms.maximumBytes - assembly.bytes.count - piece.count { return .violation(.tooLong) }

    let isLast = lws_is_final_fragment(wsi) != 0
    if isLast, assembly.began == nil {
      return isBinary || isText(piece) ? .message(isBinary: isBinary) : .violation(.noText)
    }
    assembly.append(piece, at: now)
    guard isLast else {
      // What cannot become UTF-8 is not waited for.
      return isBinary || assembly.canBecomeText() ? .more : .violation(.noText)
    }
    let message = assembly
    assembly = MessageAssembly()
    let isGood = isBinary || message.bytes.withUnsafeBytes { isText($0, from: message.checked) }
    return isGood ? .assembled(message.bytes, isBinary: isBinary) : .violation(.noText)
  }

  /// - Parameter checked: bytes that are known to be whole characters.
  private func isText(_ bytes: UnsafeRawBufferPointer, from checked: Int = 0) -> Bool {
    wholeCharacters(bytes, from: checked) == bytes.count
  }

  /// Forgets the message that is not complete.
  mutating func drop() { assembly = MessageAssembly() }

  /// Bytes received, roughly, since the last call: what tells whether libwebsockets' last read was a full one.
  mutating func takeBytes() -> Int {
    defer { bytes = 0 }
    if bytes == 0 { mayBeWithinHeader = mayBeWithinHeader != nil }
    return bytes
  }

  /// What came together with the handshake was read, if anything did: perhaps the beginning of a frame's header.
  mutating func storedWasRead() {
    if !hasFrame { mayBeWithinHeader = true }
  }
}

/// Reads what a client sent as RFC 6455 says, plainly, and one byte after the other: what the server is measured by.
struct FrameReader {
  enum End: Equatable {
    /// The client stopped, within a frame or between two.
    case stopped
    /// The client closed.
    case closed
    /// The client did what must be answered with this code.
    case failed(Int)
    /// The client announced what cannot be: whether it is told so is left open.
    case dropped
  }

  private(set) var messages: [[UInt8]] = []
  private(set) var pings: [[UInt8]] = []
  private(set) var end = End.stopped
  /// A frame was not masked, which is not always noticed: what follows it is anybody's guess.
  private(set) var isUncertain = false

  private var rest: ArraySlice<UInt8>
  /// What came of a message that is not complete.
  private var message: [UInt8]?

  private static let longest = 65_536

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func read() {
    while end == .stopped, !isUncertain, let first = take(1)?.first {
      let opcode = first & 0xf
      let isFinal = first & 0x80 != 0
      let isControl = opcode & 8 != 0
      guard first & 0x70 == 0, [0, 1, 2, 8, 9, 10].contains(opcode) else { return fail(1002) }
      if isControl ? !isFinal : (opcode == 0) == (message == nil) { return fail(1002) }
      guard let second = take(1)?.first else { return }
      if isControl, second & 0x7f > 125 {
        end = .dropped
        return
      }
      guard second & 0x80 != 0 else {
        isUncertain = true
        return
      }
      guard let count = length(Int(second & 0x7f)) else { return }
      guard let mask = take(4) else { return noteLength(count, opcode) }
      let there = rest.prefix(count)
      let payload = zip(there.indices, there).map { $1 ^ mask[($0 - there.startIndex) & 3] }
      rest = rest.dropFirst(count)
      isControl
        ? control(opcode, payload, isWhole: payload.count == count)
        : data(opcode, payload, count: count, isFinal: isFinal)
    }
  }

  private mutating func take(_ count: Int) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Nil if it is not there, or is none.
  private mutating func length(_ short: Int) -> Int? {
    guard short >= 126 else { return short }
    guard let bytes = take(short == 126 ? 2 : 8) else { return nil }
    if bytes.count == 8, bytes[0] & 0x80 != 0 {
      end = .dropped
      return nil
    }
    let length = bytes.reduce(0) { $0 << 8 | Int($1) }
    // The shortest form must be used. Whether another one is noticed depends on where its mask looks like a header.
    guard length > (bytes.count == 2 ? 125 : 65_535) else {
      isUncertain = true
      return nil
    }
    return length
  }

  /// A frame of which nothing is there may be refused for its length already, or not.
  private mutating func noteLength(_ count: Int, _ opcode: UInt8) {
    if count > Self.longest { isUncertain = true }
  }

  private mutating func fail(_ code: Int) { end = .failed(code) }

  private mutating func control(_ opcode: UInt8, _ payload: [UInt8], isWhole: Bool) {
    guard isWhole else { return }
    switch opcode {
    case 9: pings.append(payload)
    case 8: close(payload)
    default: break
    }
  }

  private mutating func close(_ payload: [UInt8]) {
    end = .closed
    guard !payload.isEmpty else { return }
    guard payload.count >= 2 else { return fail(1002) }
    let code = Int(payload[0]) << 8 | Int(payload[1])
    guard Self.mayBeSent(code) else { return fail(1002) }
    guard String(validating: payload.dropFirst(2), as: UTF8.self) != nil else { return fail(1007) }
  }

  /// RFC 6455, 7.4, and the codes that were registered since.
  static func mayBeSent(_ code: Int) -> Bool {
    (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
  }

  private mutating func data(_ opcode: UInt8, _ payload: [UInt8], count: Int, isFinal: Bool) {
    // The payload of a frame is looked at as it comes, if anything of it comes.
    let isWhole = payload.count == count
    guard isWhole || !payload.isEmpty else {
      isUncertain = true
      return
    }
    guard opcode != 2 else { return fail(1003) }
    let before = message ?? []
    if count > Self.longest - before.count { return fail(1009) }
    let text = before + payload
    if isWhole, isFinal {
      message = nil
      if String(validating: text, as: UTF8.self) == nil { return fail(1007) }
      messages.append(text)
    } else {
      message = text
      if !Self.canBecomeText(text) { return fail(1007) }
    }
  }

  /// Whether some bytes that follow make UTF-8 of it.
  private static func canBecomeText(_ bytes: [UInt8]) -> Bool {
    if String(validating: bytes, as: UTF8.self) != nil { return true }
    let seconds: [UInt8] = [0x80, 0x90, 0xa0]
    let ends = seconds.flatMap { second in (0...2).map { [second] + [UInt8](repeating: 0x80, count: $0) } }
    return ends.contains { String(validating: bytes + $0, as: UTF8.self) != nil }
  }
}

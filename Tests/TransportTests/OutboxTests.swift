import TestSupport
import Testing

@testable import Transport

@Suite struct OutboxTests {
  private static func frame(_ text: String) -> [UInt8] {
    let text = Array(text.utf8)
    let header = [UInt8](unsafeUninitializedCapacity: FrameHeader.size(payload: text.count)) { buffer, count in
      count = FrameHeader.write(opcode: .text, payload: text.count, to: buffer.baseAddress!)
    }
    return header + text
  }

  private static func append(_ text: String, to outbox: inout Outbox) {
    frame(text).withUnsafeBytes { outbox.extend(by: $0.count).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  private static func drain(_ outbox: inout Outbox) -> [[UInt8]] {
    var writes: [[UInt8]] = []
    while let (bytes, count) = outbox.next() {
      writes.append(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
    }
    outbox.releaseIfEmpty()
    return writes
  }

  @Test func `Frames of a turn are one write`() {
    var outbox = Outbox(pool: Outbox.Pool())
    for text in ["a", "b", "c"] { Self.append(text, to: &outbox) }
    #expect(outbox.messages == 3)
    #expect(outbox.bytes == 9)
    #expect(Self.drain(&outbox) == [[0x81, 1, 97, 0x81, 1, 98, 0x81, 1, 99]])
    #expect(outbox.bytes == 0)
    #expect(outbox.messages == 0)
  }

  @Test func `More than a write takes is cut between frames, and nothing is lost`() {
    var outbox = Outbox(pool: Outbox.Pool())
    var expected: [UInt8] = []
    for index in 0..<300 {
      let text = String(repeating: "z", count: (index * 37) % 3_000)
      expected += Self.frame(text)
      Self.append(text, to: &outbox)
    }
    let first = outbox.next()
    #expect((first?.count ?? 0) <= Outbox.writeSize)
    let start = first.map { Array(UnsafeRawBufferPointer(start: $0.bytes, count: $0.count)) } ?? []
    #expect(outbox.bytes == expected.count - start.count)
    // More comes while the rest waits.
    Self.append("more", to: &outbox)
    expected += Self.frame("more")
    #expect(start + Self.drain(&outbox).flatMap { $0 } == expected)
  }

  @Test func `A frame longer than a write goes alone`() {
    var outbox = Outbox(pool: Outbox.Pool())
    Self.append("a", to: &outbox)
    Self.append(String(repeating: "l", count: 100_000), to: &outbox)
    Self.append("b", to: &outbox)
    #expect(Self.drain(&outbox).map(\.count) == [3, 100_010, 3])
  }

  @Test(arguments: [
    ("", true), ("plain text of more than eight bytes", true), ("é€😀", true), ("aaaaaaa😀", true), ("\u{10ffff}", true),
  ])
  func `Well-formed UTF-8 is accepted`(text: String, isValid: Bool) {
    #expect(Array(text.utf8).withUnsafeBytes(isValidUTF8) == isValid)
  }

  @Test(
    arguments: [
      [0x80], [0xff], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
      [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3], [0xe2, 0x82],
      [0xf0, 0x9f, 0x98],
      [0xe2, 0x28, 0xa1], [0xf0, 0x9f, 0x98, 0x41],
    ] as [[UInt8]])
  func `Ill-formed UTF-8 is not`(bytes: [UInt8]) {
    #expect(!bytes.withUnsafeBytes(isValidUTF8))
    #expect(!([UInt8](repeating: 97, count: 13) + bytes).withUnsafeBytes(isValidUTF8))
  }
}

import Testing

@testable import Transport

@Suite struct ClientFrameTests {
  private static func write(_ text: String, mask: [UInt8]) -> [UInt8] {
    let payload = Array(text.utf8)
    var frame = [UInt8](repeating: 0, count: ClientFrame.size(payload: payload.count))
    let key = mask.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    frame.withUnsafeMutableBytes { target in
      payload.withUnsafeBytes { ClientFrame.write(.text, payload: $0, mask: key, to: target) }
    }
    return frame
  }

  /// What a reader makes of `pieces`, in words.
  private static func read(_ pieces: [[UInt8]], limit: Int = 1_000_000) throws(ServerFrameReader.Fault) -> [String] {
    var reader = ServerFrameReader(limit: limit)
    var items: [String] = []
    for piece in pieces {
      let result = piece.withUnsafeBytes { bytes in
        Result { () throws(ServerFrameReader.Fault) in
          try reader.read(bytes) { item in
            switch item {
            case .text(let bytes): items.append("text " + String(decoding: bytes, as: UTF8.self))
            case .binary(let bytes): items.append("binary \(bytes.count)")
            case .ping(let bytes): items.append("ping " + String(decoding: bytes, as: UTF8.self))
            case .pong(let bytes): items.append("pong " + String(decoding: bytes, as: UTF8.self))
            case .close(let code, let reason):
              items.append("close \(code ?? 0) " + String(decoding: reason, as: UTF8.self))
            }
            return true
          }
        }
      }
      try result.get()
    }
    return items
  }

  @Test func `RFC 6455, 5.7: a masked text message`() {
    #expect(
      Self.write("Hello", mask: [0x37, 0xfa, 0x21, 0x3d]) == [
        0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
      ])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001])
  func `RFC 6455, 5.2: lengths in their shortest form, and every byte masked`(count: Int) {
    let mask: [UInt8] = [1, 2, 3, 4]
    let frame = Self.write(String(repeating: "a", count: count), mask: mask)
    let header = count < 126 ? 2 : count < 65_536 ? 4 : 10
    #expect(frame.count == header + 4 + count)
    #expect(frame[0] == 0x81)
    #expect(frame[1] == 0x80 | (count < 126 ? UInt8(count) : count < 65_536 ? 126 : 127))
    #expect(frame[2..<header].reduce(0) { $0 << 8 | Int($1) } == (count < 126 ? 0 : count))
    #expect(Array(frame[header..<header + 4]) == mask)
    #expect((0..<count).allSatisfy { frame[header + 4 + $0] == 0x61 ^ mask[$0 % 4] })
  }

  @Test func `RFC 6455, 5.7: text whole and in fragments, ping, pong`() throws {
    let hello: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]
    let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f]
    let ping: [UInt8] = [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]
    let pong: [UInt8] = [0x8a, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]
    let expected = ["text Hello", "text Hello", "ping Hello", "pong Hello"]
    let stream = hello + fragments + ping + pong
    #expect(try Self.read([stream]) == expected)
    #expect(try Self.read(stream.map { [$0] }) == expected)
    #expect(
      try Self.read([Array(fragments.prefix(5)), ping, Array(fragments.dropFirst(5))]) == ["ping Hello", "text Hello"])
  }

  @Test func `RFC 6455, 5.7: 256 bytes and 64 KiB of binary`() throws {
    let short = [0x82, 0x7e, 0x01, 0x00] + [UInt8](repeating: 7, count: 256)
    let long = [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 7, count: 65_536)
    #expect(try Self.read([short + long]) == ["binary 256", "binary 65536"])
    #expect(
      try Self.read([Array((short + long).prefix(300)), Array((short + long).dropFirst(300))]) == [
        "binary 256", "binary 65536",
      ])
  }

  @Test func `RFC 6455, 5.5.1: close with a code, a reason, or nothing`() throws {
    #expect(try Self.read([[0x88, 0x00]]) == ["close 0 "])
    #expect(try Self.read([[0x88, 0x04, 0x10, 0x05, 0x68, 0x69]]) == ["close 4101 hi"])
  }

  @Test(
    arguments: [
      ([0xc1, 0x00], 1002), ([0x81, 0x85, 1, 2, 3, 4], 1002), ([0x80, 0x00], 1002), ([0x01, 0x00, 0x81, 0x00], 1002),
      ([0x83, 0x00], 1002), ([0x09, 0x00], 1002), ([0x89, 0x7e, 0x00, 0x7e], 1002), ([0x81, 0x7e, 0x00, 0x05], 1002),
      ([0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 1002), ([0x88, 0x01, 0x03], 1002), ([0x81, 0x01, 0xff], 1007),
      ([0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009), ([0x81, 0x7e, 0x04, 0x01], 1009),
    ] as [([UInt8], UInt16)])
  func `RFC 6455, 5 and 8.1: what a server may not send`(bytes: [UInt8], code: UInt16) throws {
    let fault = try #require(throws: ServerFrameReader.Fault.self) { try Self.read([bytes], limit: 1_024) }
    #expect(fault.code == code)
  }

  @Test func `Fragments together are not longer than the limit`() throws {
    let piece = [0x01, 0x7e, 0x02, 0x00] + [UInt8](repeating: 0x61, count: 512)
    let rest = [0x80, 0x7e, 0x02, 0x01] + [UInt8](repeating: 0x61, count: 513)
    let fault = try #require(throws: ServerFrameReader.Fault.self) { try Self.read([piece, rest], limit: 1_024) }
    #expect(fault.code == 1009)
  }

  @Test func `RFC 6455, 1.3: the answer to a key`() {
    #expect(ClientHandshake.accept(key: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  @Test func `An address is read`() throws {
    let plain = try ClientTarget(url: "ws://127.0.0.1:8080/v1/ws")
    #expect((plain.host, plain.port, plain.path, plain.isSecure) == ("127.0.0.1", 8080, "/v1/ws", false))
    #expect(plain.isLoopback)
    let secure = try ClientTarget(url: "https://[::1]")
    #expect((secure.host, secure.port, secure.path, secure.isSecure) == ("::1", 443, "/", true))
    #expect(!secure.isLoopback)
    for wrong in [
      "", "127.0.0.1:80", "ftp://x", "ws://:80/", "ws://127.0.0.1:0/", "ws://127.0.0.1:x/", "ws://a@127.0.0.1/",
    ] {
      #expect(throws: ClientTargetError.self) { try ClientTarget(url: wrong) }
    }
  }
}

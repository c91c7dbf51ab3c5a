import Foundation
import Rooms
import Testing

@testable import MQMSessions

@Suite struct DocumentContentTests {
  private static let samples: [(Document.MediaType, [UInt8])] = [
    (.pdf, SampleContent.pdf()), (.jpeg, SampleContent.jpeg), (.png, SampleContent.png),
  ]

  private static func isWhole(_ bytes: [UInt8], _ type: Document.MediaType) -> Bool {
    bytes.withUnsafeBytes { DocumentContent.isWhole($0, type) }
  }

  @Test(arguments: Document.MediaType.allCases)
  func `A content is of its own type and of no other`(type: Document.MediaType) {
    for (other, content) in Self.samples { #expect(Self.isWhole(content, type) == (type == other)) }
  }

  @Test(arguments: samples.indices)
  func `A content that is cut off anywhere is not whole`(index: Int) {
    let (type, content) = Self.samples[index]
    // The last line break of a PDF may be missing.
    for count in 0..<content.count - 1 { #expect(!Self.isWhole(Array(content[..<count]), type), "\(count)") }
  }

  @Test(arguments: samples.indices)
  func `A content with another file behind it is refused`(index: Int) {
    let (type, content) = Self.samples[index]
    #expect(!Self.isWhole(content + Array("<script>alert(1)</script>".utf8), type))
    #expect(!Self.isWhole(Array("<html>".utf8) + content, type))
  }

  @Test(arguments: samples.indices)
  func `Any bytes at all are judged`(index: Int) {
    var generator = SystemRandomNumberGenerator()
    let (type, content) = Self.samples[index]
    for _ in 0..<3_000 {
      var changed = content
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        changed[Int.random(in: 0..<changed.count, using: &generator)] = .random(in: .min ... .max, using: &generator)
      }
      for type in Document.MediaType.allCases { _ = Self.isWhole(changed, type) }
      _ = Self.isWhole((0..<200).map { _ in [0xff, 0xd8, 0xda, 0x00, 0x25].randomElement()! }, type)
    }
    for type in Document.MediaType.allCases { #expect(!Self.isWhole([], type)) }
  }

  // MARK: PNG

  @Test func `Any changed bit of a PNG is noticed`() {
    for index in SampleContent.png.indices {
      for bit in 0..<8 {
        var changed = SampleContent.png
        changed[index] ^= 1 << bit
        #expect(!Self.isWhole(changed, .png))
      }
    }
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    let checked = Array(name.utf8) + content
    return number(UInt32(content.count)) + checked + number(checked.withUnsafeBytes { CRC32.checksum($0) })
  }

  private static func png(_ chunks: [[UInt8]]) -> [UInt8] { Array(SampleContent.png[..<8]) + chunks.joined() }

  @Test func `The chunks of a PNG stand in their order`() {
    func header(_ colour: UInt8, _ depth: UInt8 = 8, width: UInt8 = 1) -> [UInt8] {
      Self.chunk("IHDR", [0, 0, 0, width, 0, 0, 0, 1, depth, colour, 0, 0, 0])
    }
    let data = Self.chunk("IDAT", [0x78, 0x9c, 1])
    let more = Self.chunk("IDAT", [])
    let palette = Self.chunk("PLTE", [1, 2, 3])
    let text = Self.chunk("tEXt", Array("k\0v".utf8))
    let end = Self.chunk("IEND", [])
    for good in [
      [header(6), data, end], [header(3), palette, data, more, end], [header(0, 1), text, data, text, end],
      [header(2, 16), palette, data, end],
    ] {
      #expect(Self.isWhole(Self.png(good), .png))
    }
    for bad in [
      [data, end], [header(6), end], [header(6), data], [header(3), data, end], [header(6), data, text, data, end],
      [header(6), data, end, text], [header(6), data, Self.chunk("NEWS", []), end], [header(2, 4), data, end],
      [header(6, width: 0), data, end], [header(6), data, Self.chunk("IEND", [1])],
      [header(6), palette, palette, data, end],
      [header(6), Self.chunk("IDAT", [0x79, 0x9c]), end], [header(5), data, end], [header(6), data, palette, end],
    ] {
      #expect(!Self.isWhole(Self.png(bad), .png))
    }
  }

  @Test func `The checksum is that of the standard`() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xcbf4_3926)
  }

  // MARK: JPEG

  @Test func `A photograph may have another one behind it, and zeros`() {
    #expect(Self.isWhole(SampleContent.jpeg + SampleContent.jpeg, .jpeg))
    #expect(Self.isWhole(SampleContent.jpeg + [0, 0, 0], .jpeg))
    #expect(!Self.isWhole(SampleContent.jpeg + SampleContent.jpeg.dropLast(), .jpeg))
  }

  @Test func `The segments of a JPEG need a frame before a scan, and an end`() {
    let start: [UInt8] = [0xff, 0xd8]
    let frame: [UInt8] = [0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]
    let scan: [UInt8] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]
    let data: [UInt8] = [1, 0xff, 0, 2, 0xff, 0xd0, 3]
    let end: [UInt8] = [0xff, 0xd9]
    #expect(Self.isWhole(start + frame + scan + data + end, .jpeg))
    #expect(Self.isWhole(start + frame + scan + data + scan + data + [0xff] + end, .jpeg))
    for bad in [
      start + end, start + frame + end, start + scan + data + end, start + frame + frame + scan + data + end,
      start + frame + scan + data, start + [0xff, 0xe0, 0, 1] + frame + scan + end,
      start + [0xff, 0xe0, 0xff, 0xff] + frame + scan + end, start + frame + scan + data + [0xff, 0xd8] + end,
      start + [0x00] + frame + scan + end,
    ] {
      #expect(!Self.isWhole(bad, .jpeg))
    }
  }

  // MARK: PDF

  private static func pdf(_ middle: String, _ end: (Int) -> String = { "startxref\n\($0)\n%%EOF" }) -> [UInt8] {
    let start = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"
    return Array((start + middle + "\n" + end(start.utf8.count)).utf8)
  }

  @Test func `A PDF may have a cross-reference table or stream, and be added to`() {
    let table = "xref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Size 1/Root 1 0 R>>"
    let stream = "7 0 obj\n<</Type/XRef/W[1 2 1]/Root 1 0 R/Length 4>>stream\nabcd\nendstream\nendobj"
    #expect(Self.isWhole(Self.pdf(table), .pdf))
    #expect(Self.isWhole(Self.pdf(stream), .pdf))
    #expect(Self.isWhole(Self.pdf(table) { "startxref\n0\n%%EOF\nstartxref\r\n\($0)\r\n%%EOF\r\n" }, .pdf))
    for bad in [
      Self.pdf("xref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Size 1>>"),
      Self.pdf("xref\n0 0\ntrailer\n<</Root 1 0 R>>"),
      Self.pdf("xref\n0 2\n0000000000 65535 f\r\ntrailer\n<</Root 1 0 R>>"),
      Self.pdf("xref\n0 999999999\n0000000000 65535 f\r\ntrailer\n<</Root 1 0 R>>"),
      Self.pdf("7 0 obj\n<</Type/ObjStm/Root 1 0 R>>stream\nabcd"), Self.pdf("<html>"), Self.pdf(""),
      Self.pdf(table) { _ in "startxref\n99999\n%%EOF" },
      Self.pdf(table) { _ in "startxref\n9999999999999999999\n%%EOF" },
      Self.pdf(table) { "startxref\n\($0 + 1)\n%%EOF" }, Self.pdf(table) { "startxref\n\($0)\n%%EOF<script>" },
      Self.pdf(table) { "startxref\n\($0)\n" }, Self.pdf(table) { _ in "%%EOF" },
      Self.pdf(table) { "startxref\n\($0)\n%%EOF\nstartxref\n0\n%%EOF" },
    ] {
      #expect(!Self.isWhole(bad, .pdf), "\(String(decoding: bad, as: UTF8.self))")
    }
  }
}

/// What makes a file a PNG image (W3C PNG, third edition): the signature, whole chunks with their checksums in their
/// order, `IEND` and nothing after it. Image data is not decompressed.
enum PNGStructure {
  /// Longest side in pixels.
  private static let longestSide = 65_535

  static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var reader = ByteReader(bytes)
    guard let signature = reader.take(8), signature.elementsEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      let header = chunk(&reader), header.name == "IHDR", let needsPalette = readHeader(header.content)
    else { return false }
    var hasPalette = false
    var data = Data.none
    while let chunk = chunk(&reader) {
      switch chunk.name {
      case "IDAT":
        if data == .none, !beginsZlib(chunk.content) { return false }
        guard data != .over, !needsPalette || hasPalette else { return false }
        data = .begun
        continue
      case "PLTE":
        guard data == .none, !hasPalette, (3...768).contains(chunk.content.count), chunk.content.count % 3 == 0
        else { return false }
        hasPalette = true
      case "IEND": return data != .none && chunk.content.isEmpty && reader.isAtEnd
      default:
        // One that a reader cannot do without, and that does not exist.
        guard chunk.isAncillary else { return false }
      }
      if data == .begun { data = .over }
    }
    return false
  }

  /// How far the image data has come, whose chunks stand together.
  private enum Data {
    case none, begun, over
  }

  private struct Chunk {
    let name: String
    let content: UnsafeRawBufferPointer
    let isAncillary: Bool
  }

  /// The next chunk; nil if it is not whole.
  private static func chunk(_ reader: inout ByteReader) -> Chunk? {
    guard let count = reader.number(bytes: 4), count <= 0x7fff_ffff, count <= reader.remaining - 8 else { return nil }
    var checked = reader
    guard let name = reader.take(4), name.allSatisfy({ (0x41...0x5a).contains($0 & ~0x20) }),
      let content = reader.take(count), let sum = reader.number(bytes: 4),
      let summed = checked.take(4 + count), CRC32.checksum(summed) == UInt32(sum)
    else { return nil }
    return Chunk(name: String(decoding: name, as: UTF8.self), content: content, isAncillary: name[0] & 0x20 != 0)
  }

  /// Whether the header says that a palette is needed; nil if it is not one.
  private static func readHeader(_ content: UnsafeRawBufferPointer) -> Bool? {
    var reader = ByteReader(content)
    guard content.count == 13, let width = reader.number(bytes: 4), let height = reader.number(bytes: 4),
      (1...longestSide).contains(width), (1...longestSide).contains(height),
      let depth = reader.byte(), let colour = reader.byte(), depths[colour]?.contains(depth) == true,
      reader.byte() == 0, reader.byte() == 0, let interlace = reader.byte(), interlace <= 1
    else { return nil }
    return colour == 3
  }

  /// Bits that a sample may have, by colour type.
  private static let depths: [UInt8: [UInt8]] = [
    0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
  ]

  /// RFC 1950, section 2.2: deflate, and the check of the first two bytes. They may be in two chunks, which nobody does.
  private static func beginsZlib(_ content: UnsafeRawBufferPointer) -> Bool {
    content.count >= 2 && content[0] & 0x0f == 8 && (Int(content[0]) << 8 | Int(content[1])) % 31 == 0
  }
}

/// What makes a file a JPEG image (ITU-T T.81, annex B): segments with their lengths, a frame before its scans, image data
/// up to the end marker. After it may come more images, as telephones write them (CIPA DC-007), and zeros; nothing else.
enum JPEGStructure {
  static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var reader = ByteReader(bytes)
    repeat {
      guard skipImage(&reader) else { return false }
      reader.skip { $0 == 0 }
    } while !reader.isAtEnd
    return true
  }

  private enum Marker {
    static let start: UInt8 = 0xd8
    static let end: UInt8 = 0xd9
    static let scan: UInt8 = 0xda
    /// Stands within image data.
    static func isRestart(_ marker: UInt8) -> Bool { (0xd0...0xd7).contains(marker) }
    /// A frame's header: all from SOF0 to SOF15 but the tables and the reserved one.
    static func isFrame(_ marker: UInt8) -> Bool {
      (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
    }
    /// Has a length and content.
    static func isSegment(_ marker: UInt8) -> Bool { (0xc0...0xfe).contains(marker) && !(0xd0...0xd9).contains(marker) }
  }

  /// One image, from its start to its end marker.
  private static func skipImage(_ reader: inout ByteReader) -> Bool {
    guard reader.byte() == 0xff, reader.byte() == Marker.start else { return false }
    var hasFrame = false
    var hasScan = false
    while let marker = marker(&reader) {
      if marker == Marker.end { return hasScan }
      guard Marker.isSegment(marker), let count = reader.number(bytes: 2), count >= 2,
        let content = reader.take(count - 2)
      else { return false }
      if Marker.isFrame(marker) {
        guard !hasFrame, isFrame(content) else { return false }
        hasFrame = true
      } else if marker == Marker.scan {
        guard hasFrame, let components = content.first, (1...4).contains(components),
          content.count == 4 + 2 * Int(components)
        else { return false }
        hasScan = true
        skipImageData(&reader)
      }
    }
    return false
  }

  /// A marker may have any number of 0xff before it.
  private static func marker(_ reader: inout ByteReader) -> UInt8? {
    guard reader.byte() == 0xff else { return nil }
    reader.skip { $0 == 0xff }
    return reader.byte()
  }

  /// Up to the next marker that is not within image data.
  private static func skipImageData(_ reader: inout ByteReader) {
    while true {
      reader.seek(0xff)
      var ahead = reader
      guard let marker = marker(&ahead) else { return }
      guard marker == 0 || Marker.isRestart(marker) else { return }
      reader = ahead
    }
  }

  /// Bits of a sample, height, width, and three bytes for each component.
  private static func isFrame(_ content: UnsafeRawBufferPointer) -> Bool {
    var reader = ByteReader(content)
    guard let bits = reader.byte(), (2...16).contains(bits), let height = reader.number(bytes: 2), height > 0,
      let width = reader.number(bytes: 2), width > 0, let components = reader.byte(), (1...4).contains(components)
    else { return false }
    return reader.remaining == 3 * Int(components)
  }
}

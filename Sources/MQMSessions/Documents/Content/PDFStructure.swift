/// What makes a file a PDF (ISO 32000-1, section 7.5): the header, and at the end the way to a cross-reference table or
/// stream that is there and names the document's root. Objects are not decoded.
enum PDFStructure {
  /// How far before the end the last lines begin (annex H.3 of the standard, note 18).
  private static let tail = 1_024
  /// How long the dictionary of a cross-reference stream or a trailer may be.
  private static let dictionary = 65_536

  static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var reader = ByteReader(bytes)
    guard reader.skip("%PDF-1.") || reader.skip("%PDF-2."), let digit = reader.byte(), isDigit(digit),
      let offset = crossReference(bytes), offset > 0, offset < bytes.count
    else { return false }
    var table = ByteReader(bytes, at: offset)
    table.skip(while: isBlank)
    return table.skip("xref") ? isTable(&table) : isStream(&table)
  }

  /// Where the last cross-reference section is, as the file's last lines say; nil if they are not its last.
  private static func crossReference(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var reader = ByteReader(bytes, at: bytes.count - tail)
    var found: Int?
    // The last one counts: a file that was added to has several.
    while reader.find("startxref") {
      found = nil
      var end = reader
      end.skip(while: isBlank)
      guard let offset = end.decimal() else { continue }
      end.skip(while: isBlank)
      guard end.skip("%%EOF") else { continue }
      end.skip(while: isBlank)
      if end.isAtEnd { found = offset }
    }
    return found
  }

  /// A table: at least one subsection, and a trailer that names the root.
  private static func isTable(_ reader: inout ByteReader) -> Bool {
    reader.skip(while: isBlank)
    var entries = 0
    while let byte = reader.next, isDigit(byte) {
      guard reader.decimal() != nil else { return false }
      reader.skip(while: isBlank)
      guard let count = reader.decimal() else { return false }
      reader.skip(while: isBlank)
      for _ in 0..<count {
        guard isEntry(&reader) else { return false }
        entries += 1
      }
    }
    guard entries > 0, reader.skip("trailer") else { return false }
    reader.skip(while: isBlank)
    return reader.skip("<<") && reader.find("/Root", within: dictionary)
  }

  /// `0000000016 00000 n`, and the end of a line as programs write it.
  private static func isEntry(_ reader: inout ByteReader) -> Bool {
    guard let offset = reader.take(10), offset.allSatisfy(isDigit), reader.skip(" "),
      let generation = reader.take(5), generation.allSatisfy(isDigit), reader.skip(" "),
      reader.skip("n") || reader.skip("f")
    else { return false }
    reader.skip(while: isBlank)
    return true
  }

  /// `12 0 obj << … /Type /XRef … /Root … >> stream`
  private static func isStream(_ reader: inout ByteReader) -> Bool {
    guard reader.decimal() != nil else { return false }
    reader.skip(while: isBlank)
    guard reader.decimal() != nil else { return false }
    reader.skip(while: isBlank)
    guard reader.skip("obj") else { return false }
    reader.skip(while: isBlank)
    guard reader.skip("<<") else { return false }
    let start = reader
    guard reader.find("stream", within: dictionary) else { return false }
    let length = reader.position - start.position
    return ["/XRef", "/Root"].allSatisfy { (name: StaticString) in
      var dictionary = start
      return dictionary.find(name, within: length)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// White space (table 1 of the standard).
  private static func isBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20: true
    default: false
    }
  }
}

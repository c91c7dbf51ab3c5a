import Foundation

/// A message taken apart again, by rules written apart from those that made it.
struct ParsedMessage {
  /// Names in lower case; encoded words are decoded.
  let header: [(name: String, value: String)]
  let parts: [Part]

  struct Part {
    let header: [(name: String, value: String)]
    let text: String
  }

  struct Malformed: Error {
    let why: String
  }

  init(_ bytes: Data) throws {
    guard let all = String(data: bytes, encoding: .ascii) else { throw Malformed(why: "not ASCII") }
    let lines = all.replacingOccurrences(of: "\r\n", with: "\u{1}")
    guard !lines.contains("\r"), !lines.contains("\n") else { throw Malformed(why: "CR or LF alone") }
    let (header, body) = try Self.split(lines)
    self.header = header
    let type = header.first { $0.name == "content-type" }?.value ?? ""
    guard type.hasPrefix("multipart/alternative; boundary=\""), type.hasSuffix("\"") else {
      throw Malformed(why: "type \(type)")
    }
    let boundary = type.dropFirst("multipart/alternative; boundary=\"".count).dropLast()
    var pieces = ("\u{1}" + body).components(separatedBy: "\u{1}--\(boundary)")
    guard pieces.count >= 3, pieces.removeFirst().isEmpty, pieces.removeLast() == "--\u{1}" else {
      throw Malformed(why: "boundaries")
    }
    parts = try pieces.map { piece in
      guard piece.hasPrefix("\u{1}") else { throw Malformed(why: "boundary line") }
      let (header, body) = try Self.split(String(piece.dropFirst()))
      return Part(header: header, text: try Self.decodeQuotedPrintable(body))
    }
  }

  func value(_ name: String) -> String? {
    let values = header.filter { $0.name == name }
    return values.count == 1 ? values[0].value : nil
  }

  private static func split(_ lines: String) throws -> ([(name: String, value: String)], String) {
    guard let end = lines.range(of: "\u{1}\u{1}") else { throw Malformed(why: "no end of the header") }
    let unfolded = lines[..<end.lowerBound].replacingOccurrences(of: "\u{1} ", with: " ")
    let header = try unfolded.components(separatedBy: "\u{1}").map { line in
      guard let colon = line.range(of: ": ") else { throw Malformed(why: "header line \(line)") }
      return (name: line[..<colon.lowerBound].lowercased(), value: decodeWords(String(line[colon.upperBound...])))
    }
    return (header, String(lines[end.upperBound...]))
  }

  private static func decodeWords(_ text: String) -> String {
    text.replacingOccurrences(of: "?= =?UTF-8?B?", with: "?==?UTF-8?B?")
      .replacing(/=\?UTF-8\?B\?([A-Za-z0-9+\/=]*)\?=/) { match in
        Data(base64Encoded: String(match.1)).flatMap { String(data: $0, encoding: .utf8) } ?? "NOT DECODABLE"
      }
  }

  private static func decodeQuotedPrintable(_ body: String) throws -> String {
    let joined = body.replacingOccurrences(of: "=\u{1}", with: "").replacingOccurrences(of: "\u{1}", with: "\n")
    var bytes: [UInt8] = []
    var rest = Array(joined.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "=") else {
        bytes.append(byte)
        continue
      }
      guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        throw Malformed(why: "= without two digits")
      }
      bytes.append(decoded)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed(why: "not UTF-8") }
    return text
  }
}

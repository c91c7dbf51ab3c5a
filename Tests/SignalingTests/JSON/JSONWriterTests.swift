import Foundation
import Rooms
import Testing

@testable import Signaling

/// What the writer writes, other programs read.
struct JSONWriterTests {
  @Test("every character is read back by another JSON reader, control characters and emoji too")
  func strings() throws {
    let scalars = (0..<0x300).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{fffd}", "🤒", "\u{10ffff}"]
    for scalar in scalars {
      var writer = JSONWriter()
      let text = "a\(Character(scalar))b"
      writer.object { $0.member("text", text) }
      let read = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: String]
      #expect(
        read?["text"]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true, "U+\(String(scalar.value, radix: 16))"
      )
      #expect(scannerAccepts(writer.bytes))
    }
  }

  @Test("members and elements are separated, nesting and null written out")
  func structure() {
    let none: String? = nil
    let moment: Rooms.Instant? = nil
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("string", "x")
      writer.member("none", none)
      writer.member("moment", moment)
      writer.member("instant", Rooms.Instant(milliseconds: -5))
      writer.member("number", UInt64.max)
      writer.member("flag", true)
      writer.member("id", PersonID(high: 1, low: 2))
      writer.member("empty") { _ in }
      writer.member("list", array: [1, 2]) { $0.integer($1) }
      writer.member("objects", array: ["a", "b"]) { writer, text in writer.object { $0.member("t", text) } }
      writer.member("nothing", array: [Int]()) { $0.integer($1) }
      writer.key("raw")
      writer.raw(#"{"as":"is"}"#.utf8)
      writer.member("last", false)
    }
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"{"string":"x","none":null,"moment":null,"instant":-5,"number":18446744073709551615,"flag":true,"#
        + #""id":"00000000-0000-0001-0000-000000000002","empty":{},"list":[1,2],"objects":[{"t":"a"},{"t":"b"}],"#
        + #""nothing":[],"raw":{"as":"is"},"last":false}"#)
  }
}

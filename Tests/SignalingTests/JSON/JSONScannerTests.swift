import Foundation
import Testing

@testable import Signaling

/// RFC 8259, without building a tree.
struct JSONScannerTests {
  @Test(
    "what RFC 8259 allows is accepted",
    arguments: [
      "{}", "[]", " \t\r\n{ } \n", "null", "true", "false", "0", "-0", "-1", "10", "1.5", "0.0", "1e5", "1E+5", "1e-5",
      "-0.1e00", "123456789012345678901234567890", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000\uD83D\uDE00""#,
      #""\ud800""#, "\"é🤒\u{7f}\u{2028}\"", #"{"":""}"#, #"{"a":{"a":1},"b":[{"a":1},{"a":2}]}"#, "[1,2 , 3]",
      #"{ "a" : [ ] , "b" : { } }"#, "[[],{}]",
    ])
  func valid(_ text: String) {
    #expect(scannerAccepts(text.utf8))
    #expect(
      (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
        || text == #""\ud800""#)
  }

  @Test(
    "what RFC 8259 does not allow is refused",
    arguments: [
      "", " ", "{", "}", "[", "]", "{]", "[}", "{}{}", "{} x", "[1,]", "[,1]", "[1 2]", "[,]", "{,}", #"{"a"}"#,
      #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "{'a':1}", #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a":1,,"b":2}"#, #"{1:2}"#,
      "nul", "nulll", "True", "TRUE", "undefined", "NaN", "Infinity", "-Infinity", "01", "-01", "+1", ".5", "1.", "-",
      "--1", "1e", "1e+", "1.e5", "0x10", "1_000", "١", #"""#, #""a"#, #"'a'"#, #""\x41""#, #""\u12""#, #""\u12G4""#,
      #""\u""#, #""\"#, #""\U0041""#, "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"", "\u{feff}{}", "// x\n{}", "{}/**/",
      "\u{a0}{}", "\u{0}", "{}\u{0}", "\u{c}{}",
    ])
  func invalid(_ text: String) {
    #expect(!scannerAccepts(text.utf8))
  }

  @Test("32 levels are accepted, 33 are not", arguments: [("[", "]"), (#"{"a":"#, "}")])
  func depth(_ open: String, _ close: String) {
    func nested(_ levels: Int) -> String {
      String(repeating: open, count: levels) + (open == "[" ? "" : "0") + String(repeating: close, count: levels)
    }
    #expect(scannerAccepts(nested(32).utf8))
    #expect(!scannerAccepts(nested(33).utf8))
    // Without end, and without running out of stack.
    #expect(!scannerAccepts(String(repeating: open, count: 30_000).utf8))
  }

  @Test("the limit of the levels is the same below an object's members")
  func depthOfMembers() {
    func message(_ levels: Int) -> String {
      #"{"body":"# + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
    }
    #expect(readObject(message(31)) { _ in true } != nil)
    #expect(readObject(message(32)) { _ in true } == nil)
  }

  @Test(
    "a member given twice is refused on every level, however its name is escaped",
    arguments: [
      #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"\u0061":1,"\u0061":1}"#, #"{"b":{"a":1,"a":2}}"#,
      #"[{"a":1,"a":2}]"#, #"{"é":1,"\u00e9":2}"#, #"{"😀":1,"\ud83d\ude00":2}"#, #"{"":1,"":2}"#, #"{"/":1,"\/":2}"#,
    ])
  func duplicates(_ text: String) {
    #expect(!scannerAccepts(text.utf8))
  }

  @Test("a member given twice is found among many, and many members are read quickly", arguments: [15, 16, 17, 5_000])
  func duplicatesAmongMany(_ count: Int) {
    let members = (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",")
    #expect(scannerAccepts("{\(members)}".utf8))
    #expect(!scannerAccepts("{\(members),\"m\(count - 1)\":1}".utf8))
    #expect(!scannerAccepts("{\(members),\"\\u006d0\":1}".utf8))
  }

  static let sample = Array(
    #" {"id":7,"type":"x","n":[-0,1.5e-3,true,false,null],"s":"é\n\u00e9\ud83d\ude00\\","o":{"a":{"b":[{}]}}} "#.utf8)

  @Test("a text that ends too early is refused, wherever it ends")
  func truncated() {
    #expect(scannerAccepts(Self.sample))
    let end = Self.sample.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for length in 0...end { #expect(!scannerAccepts(Self.sample[..<length]), "\(length)") }
  }

  @Test("whatever single byte is changed, the text is refused or read like any other, and never a trap")
  func changed() {
    for index in Self.sample.indices {
      for byte in UInt8.min...UInt8.max {
        var text = Self.sample
        text[index] = byte
        withText(text) { bytes in
          guard let object = try? JSONObject(bytes) else { return }
          _ = try? object.string("s", limit: 100)
          _ = try? object.integer("id")
          _ = try? object.object("o").object("a")
          _ = try? object.raw("n")
        }
      }
    }
  }
}

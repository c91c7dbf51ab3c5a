import Foundation
import Testing

@testable import Mail

@Suite("Quoted-printable")
struct QuotedPrintableTests {
  @Test(
    "Encodes as RFC 2045 section 6.7 says",
    arguments: [
      ("Hello", "Hello"), ("é", "=C3=A9"), ("a=b", "a=3Db"), ("end \nx", "end=20\r\nx"), ("-- ", "--=20"),
      ("a\tb", "a=09b"), ("", ""), ("\n\n", "\r\n\r\n"), ("\u{1}", "=01"),
    ])
  func examples(_ text: String, _ encoded: String) {
    #expect(QuotedPrintable.encode(text) == encoded)
  }

  @Test("A long line is broken softly at 76 bytes, and never inside of an encoded byte")
  func softBreaks() {
    for length in 70...160 {
      for unit in ["x", "é", "=", " "] {
        let encoded = QuotedPrintable.encode(String(repeating: unit, count: length) + ".")
        let lines = encoded.components(separatedBy: "\r\n")
        for (place, line) in lines.enumerated() {
          #expect(line.utf8.count <= 76)
          #expect(line.hasSuffix("=") == (place < lines.count - 1))
          #expect(line.dropLast(place < lines.count - 1 ? 1 : 0).wholeMatch(of: /([^=]|=[0-9A-F]{2})*/) != nil)
        }
      }
    }
  }
}

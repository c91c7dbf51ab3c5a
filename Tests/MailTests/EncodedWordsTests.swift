import Foundation
import Testing

@testable import Mail

@Suite("Encoded words")
struct EncodedWordsTests {
  @Test("Short plain text stays as it is")
  func plain() {
    #expect(EncodedWords.encode("Your password has changed") == "Your password has changed")
  }

  @Test("Other text is base64 of UTF-8: the word is decoded by hand")
  func encoded() {
    #expect(EncodedWords.encode("Été") == "=?UTF-8?B?w4l0w6k=?=")
  }

  @Test(
    "Text that looks encoded, is long or has line breaks is encoded",
    arguments: ["=?UTF-8?Q?x?=", String(repeating: "long ", count: 20), "one\r\nBcc: two", "tab\t"])
  func hostile(_ text: String) {
    let lines = EncodedWords.encode(text).components(separatedBy: "\r\n")
    for (place, line) in lines.enumerated() {
      #expect(line.wholeMatch(of: /( ?)=\?UTF-8\?B\?[A-Za-z0-9+\/=]+\?=/) != nil)
      #expect(line.hasPrefix(" ") == (place > 0))
    }
  }

  @Test("Words are cut between characters, and each is 75 bytes long at most")
  func cut() throws {
    let text = String(repeating: "é漢😀x", count: 40)
    let words = EncodedWords.encode(text).components(separatedBy: "\r\n ")
    let decoded = try words.map { word in
      #expect(word.utf8.count <= 75)
      let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      return try #require(String(data: data, encoding: .utf8))
    }
    #expect(words.count > 1)
    #expect(decoded.joined() == text)
  }
}

import Testing

@testable import Signaling

/// Strings with their escapes.
struct JSONStringTests {
  @Test(
    "escapes mean what RFC 8259, section 7, says",
    arguments: [
      (#""plain""#, "plain"), (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
      (#""\u0041\u00e9""#, "Aé"),
      (#""\u00E9é""#, "éé"), (#""a\ud83d\ude00b""#, "a😀b"), (#""\uD83D\uDE00\uD83D\uDE01""#, "😀😁"),
      (#""é\n🤒""#, "é\n🤒"),
      (#""\u0000""#, "\0"), (#""\\u0041""#, "\\u0041"), (#""\ud83d""#, nil), (#""\ude00""#, nil),
      (#""\ude00\ud83d""#, nil),
      (#""\ud83dx\ude00""#, nil), (#""\ud83d\n\ude00""#, nil), ("12", nil), ("{}", nil), ("null", nil),
    ] as [(String, String?)])
  func read(_ text: String, _ expected: String?) {
    #expect(withText(text.utf8) { JSONString.read($0, 0..<$0.count) } == expected)
    #expect(
      withText(text.utf8) { JSONString.withBytes($0, 0..<$0.count) { Array($0) } } == expected.map { Array($0.utf8) })
  }
}

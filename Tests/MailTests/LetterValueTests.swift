import Testing

@testable import Mail

@Suite("Values in letters")
struct LetterValueTests {
  @Test(
    "Names that people have stay as they are",
    arguments: [
      "Anne", "Anne-Sophie O'Néill", "Nguyễn Thị Hường", "محمد", "王小明", "Dr. Martin, Jr.", "J.-P. Núñez i Col·lell",
      "Zoe\u{308}", "अनिता शर्मा",
    ])
  func honestNames(_ name: String) {
    #expect(LetterValue.name(name) == name)
  }

  @Test(
    "A name cannot carry a link, an address, markup or a line",
    arguments: [
      ("see http://evil.example/x", "see httpevil. examplex"), ("www.evil.example", "www. evil. example"),
      ("a@b.example", "ab. example"), ("<b>Anne</b>", "bAnneb"), ("Anne\r\nBcc: x", "Anne Bcc x"),
      ("Anne\u{202E}\u{200B}Martin", "AnneMartin"), ("  Anne \u{A0} Martin ", "Anne Martin"),
    ])
  func hostileNames(_ raw: String, _ shown: String) {
    #expect(LetterValue.name(raw) == shown)
  }

  @Test("Values are bounded")
  func bounds() {
    #expect(LetterValue.name(String(repeating: "é", count: 100_000)).unicodeScalars.count == 250)
    #expect(LetterValue.sentence(String(repeating: "x", count: 100_000)).count == 250)
  }

  @Test("What is no day stays a text on one line")
  func noDay() {
    #expect(LetterValue.day("soon\r\nx", in: .fr) == "soon x")
    #expect(LetterValue.day("2027-01-01", in: .en) == "1 January 2027")
  }
}

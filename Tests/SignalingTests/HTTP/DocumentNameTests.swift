import Foundation
import Rooms
import Testing

@testable import Signaling

struct DocumentNameTests {
  @Test("a name is trimmed", arguments: ["Ordonnance", " Ordonnance\n", "Arrêt de travail n° 3 (24-11)"])
  func trimmed(name: String) {
    #expect(DocumentName(name)?.text == name.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test(
    "what could be a path, or looks other than it is, is no name",
    arguments: [
      "", " ", ".", "..", "a/b", "a\\b", "a\nb", "a\u{0}b", "a\u{7f}", "tnemucod\u{202e}fdp.exe", "a\u{2028}b",
      "a\u{200b}b",
      "\u{feff}a", String(repeating: "x", count: 121),
    ])
  func refused(name: String) {
    #expect(DocumentName(name) == nil)
  }

  @Test("a name has 120 characters at most")
  func longest() {
    #expect(DocumentName(String(repeating: "é", count: 120)) != nil)
  }

  @Test(
    "a file is saved under its name, with the extension of its type (RFC 6266)",
    arguments: [
      ("Ordonnance", Document.MediaType.pdf, "pdf", "Ordonnance.pdf"), ("scan.PDF", .pdf, "pdf", "scan.PDF"),
      ("photo.jpeg", .jpeg, "jpg", "photo.jpeg"), ("photo", .jpeg, "jpg", "photo.jpg"),
      ("a.exe", .png, "png", "a.exe.png"),
      ("n° 1", .pdf, "pdf", "n%C2%B0%201.pdf"), ("\"a\"; b", .pdf, "pdf", "%22a%22%3B%20b.pdf"),
    ])
  func disposition(name: String, type: Document.MediaType, fallback: String, encoded: String) {
    #expect(
      DocumentName.forFile(name, type) == "attachment; filename=\"document.\(fallback)\"; filename*=UTF-8''\(encoded)")
  }

  @Test("a document without a name is saved, too")
  func nameless() {
    #expect(DocumentName.forFile(nil, .png).hasSuffix("UTF-8''document.png"))
  }
}

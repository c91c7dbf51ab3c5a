import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("A folder of texts")
struct LegalFolderTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "legal-\(UUID().uuidString)")

  private func write(_ files: [String: Data]) throws {
    for document in LegalDocument.allCases {
      try FileManager.default.createDirectory(
        at: folder.appending(path: document.rawValue), withIntermediateDirectories: true)
    }
    for (name, data) in files { try data.write(to: folder.appending(path: name)) }
  }

  @Test("Its texts are read as they are, oldest versions first")
  func reading() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let texts = LegalText.both(.terms, 10) + LegalText.both(.terms, 9) + LegalText.both(.privacy, 1)
    try write(Dictionary(uniqueKeysWithValues: texts.map { ($0.fileName, Data($0.text.utf8)) }))
    try write([".hidden": Data(), "terms/.hidden": Data(), "README.md": Data([0xff])])
    let read = try LegalFolder(path: folder.path).texts()
    #expect(Set(read) == Set(texts))
    #expect(read.map(\.version) == [9, 9, 10, 10, 1, 1])
  }

  @Test(
    "What is no text is refused by its name",
    arguments: [
      ("terms/one.fr.md", Data("x".utf8), "VERSION.LANGUAGE.md"), ("terms/1.de.md", Data("x".utf8), "VERSION"),
      ("terms/01.fr.md", Data("x".utf8), "VERSION"), ("terms/0.fr.md", Data("x".utf8), "VERSION"),
      ("terms/1.fr.txt", Data("x".utf8), "VERSION"), ("terms/1.fr.md", Data([0xff]), "UTF-8"),
      ("privacy/1.en.md", Data(repeating: 0x20, count: LegalFolder.maximumBytes + 1), "800000 bytes"),
    ])
  func wrong(name: String, data: Data, message: String) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write([name: data])
    let refused = await refusal { try LegalFolder(path: folder.path).texts() }
    #expect(refused?.message.contains(name) == true && refused?.message.contains(message) == true)
  }

  @Test("A folder that is not there is refused")
  func missing() async {
    let refused = await refusal { try LegalFolder(path: folder.path).texts() }
    #expect(refused?.message.contains("terms/1.fr.md") == true)
  }
}

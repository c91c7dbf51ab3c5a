import Foundation
import Testing

/// Every file of the corpus once, with what `./mqm fuzz` runs: what was found once stays fixed.
///
/// One after the other, as in the fuzzer: a target stops the process where something is wrong, and the last line printed
/// says with which file.
@Suite(.serialized)
struct CorpusTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "corpus")

  @Test("every file of the corpus passes", arguments: FuzzTarget.all.map(\.name))
  func corpus(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let folder = Self.corpus.appending(path: name)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count >= 5, "a corpus of next to nothing")
    for file in files {
      let bytes = try Data(contentsOf: folder.appending(path: file))
      print("\(name)/\(file)")
      bytes.withUnsafeBytes(target.run)
    }
  }
}

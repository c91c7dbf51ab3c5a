import Foundation
import Testing

/// docs/protocol.md and the golden examples beside it.
enum Documents {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs")

  struct Example: Sendable, CustomTestStringConvertible {
    /// The file's name without `.json`, with `http/` before it for the bodies of section 1.
    let name: String
    let direction: String
    let message: JSONValue

    var testDescription: String { name }
  }

  static let examples: [Example] = {
    do {
      let root = folder.appending(path: "protocol/examples")
      return try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".json") }.sorted()
        .map {
          let file = try JSONValue(parsing: String(contentsOf: root.appending(path: $0), encoding: .utf8))
          return Example(
            name: String($0.dropLast(5)), direction: file["direction"]?.text ?? "", message: file["message"] ?? .null)
        }
    } catch {
      fatalError("the golden examples cannot be read: \(error)")
    }
  }()

  /// The rows of the tables in a section of docs/protocol.md, each as its cells.
  static func table(ofSection number: Int) throws -> [[String]] {
    let text = try String(contentsOf: folder.appending(path: "protocol.md"), encoding: .utf8)
    let sections = text.components(separatedBy: "\n## ")
    guard let section = sections.first(where: { $0.hasPrefix("\(number). ") }) else { return [] }
    return section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { row in
      // A bar within a cell is written `\|`.
      row.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.replacing("\u{1}", with: "|").trimmingCharacters(in: .whitespaces) }
    }
  }

  /// What stands in backticks in a cell.
  static func codes(in cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }
}

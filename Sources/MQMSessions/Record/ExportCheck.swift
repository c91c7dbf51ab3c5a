import Foundation
import GRDB

/// How far a target's lines have come, by what the record says of it.
public struct ExportProgress: Equatable, Sendable {
  /// Heads that it has: the first ones that were kept.
  public let heads: Int
  /// Closures and erasures that it has: the first ones of those that were ever put in line.
  public let lines: Int
}

extension ExportProgress {
  init(of target: String, in database: Database) throws {
    let waiting = try Row.fetchOne(
      database,
      sql: """
        SELECT count(head), count(line) FROM record_export
        WHERE seq > coalesce((SELECT seq FROM record_exported WHERE target = ?), 0)
        """, arguments: [target])
    let (heads, lines): (Int, Int) = (waiting?[0] ?? 0, waiting?[1] ?? 0)
    self.heads = try HeadRow.nextNumber(in: database) - heads
    self.lines = try ExportRow.linesEver(in: database) - lines
  }
}

/// Compares what was exported with what is on record.
struct ExportCheck {
  let kept: HeadCheck
  /// Closures and erasures that are on record, in their order.
  let lines: [String]
  /// How many of them, the last ones, were put in line to be exported: there was no export when the others happened.
  let linesInLine: Int
  /// Entries on record.
  let size: Int
  /// What must be there, as the target says that it has it. Nil for a copy of any time, which ends where it ends and begins
  /// where it begins, without anything missing in between.
  let handedOver: ExportProgress?

  /// - Returns: how many lines there were.
  func check(_ exported: [String], _ faults: FaultList) -> Int {
    // Not looked up where nothing was exported: there may be very many.
    let positions =
      exported.isEmpty ? [:] : Dictionary(zip(lines, lines.indices), uniquingKeysWith: { first, _ in first })
    var foundHeads: Set<Int> = []
    var foundLines: Set<Int> = []
    for (index, line) in exported.enumerated() {
      if let number = kept.numbers[line] {
        foundHeads.insert(number)
      } else if let position = positions[line] {
        foundLines.insert(position)
      } else {
        faults.add(.exported(line: index + 1, why: why(line)))
      }
    }
    findMissing(foundHeads, foundLines, faults)
    return exported.count
  }

  private func findMissing(_ foundHeads: Set<Int>, _ foundLines: Set<Int>, _ faults: FaultList) {
    let heads: Range<Int>
    let others: Range<Int>
    if let handedOver {
      heads = 0..<max(0, handedOver.heads)
      let first = max(0, lines.count - linesInLine)
      others = first..<max(first, first + handedOver.lines)
    } else {
      heads = Self.extent(of: foundHeads)
      others = Self.extent(of: foundLines)
    }
    if let first = heads.first(where: { !foundHeads.contains($0) }) {
      faults.add(.notExported(count: heads.count { !foundHeads.contains($0) }, first: "head \(first)"))
    }
    if let first = others.first(where: { !foundLines.contains($0) }) {
      let what = lines.indices.contains(first) ? lines[first] : "a closure or an erasure"
      faults.add(.notExported(count: others.count { !foundLines.contains($0) }, first: what))
    }
  }

  private static func extent(of found: Set<Int>) -> Range<Int> {
    guard let first = found.min(), let last = found.max() else { return 0..<0 }
    return first..<last + 1
  }

  private func why(_ line: String) -> String {
    struct Exported: Decodable { let head: String? }
    guard let read = try? JSONDecoder().decode(Exported.self, from: Data(line.utf8)) else {
      return "it is not readable"
    }
    guard let head = read.head else { return "the record knows nothing of what it says" }
    guard let tree = TreeHead(head) else { return "its head was changed" }
    return tree.size > size
      ? "it covers \(tree.size) entries, and there are \(size): the record was cut off, or an older one put in its place"
      : "the record does not have this head: one of the two was replaced"
  }
}

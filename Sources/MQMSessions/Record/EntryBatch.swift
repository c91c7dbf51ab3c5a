import Foundation
import GRDB

/// Entries that were read together.
final class EntryBatch: @unchecked Sendable {
  // Each stage has it to itself, one after the other.
  let first: Int
  private(set) var count = 0
  private(set) var bytes: [UInt8] = []
  /// Where the entry ends, where its chain value and its nodes end.
  private(set) var ends: [(entry: Int, chain: Int, nodes: Int)] = []
  private(set) var indexes: [Int] = []
  var leaves: [RecordDigest] = []

  init(first: Int) {
    self.first = first
  }

  func append(_ row: Row) throws {
    func add(_ column: Int) throws -> Int {
      try row.withUnsafeData(atIndex: column) { data in
        data?.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
      return bytes.count
    }
    indexes.append(row[0])
    ends.append((try add(1), try add(2), try add(3)))
    count += 1
  }

  func entry(_ position: Int) -> Range<Int> { (position == 0 ? 0 : ends[position - 1].nodes)..<ends[position].entry }
  func chain(_ position: Int) -> Range<Int> { ends[position].entry..<ends[position].chain }
  func nodes(_ position: Int) -> Range<Int> { ends[position].chain..<ends[position].nodes }
}

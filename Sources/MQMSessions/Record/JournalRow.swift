import Foundation
import GRDB
import Rooms

/// The journal's rows: entries, with the chain and the tree's inner nodes beside them.
enum JournalRow {
  /// The entry's consultation's last entry.
  struct Last {
    let number: Int
    let leaf: RecordDigest
  }

  static func last(of consultation: ConsultationID?, in database: Database) throws -> Last? {
    let statement = try database.cachedStatement(
      sql: "SELECT entry FROM journal WHERE consultation IS ? ORDER BY seq DESC LIMIT 1")
    guard let text = try String.fetchOne(statement, arguments: [consultation?.description]) else { return nil }
    guard let fields = EntryFields(Array(text.utf8)[...]) else {
      throw RecordTampered(why: "an entry of consultation \(consultation?.description ?? "none") cannot be read")
    }
    return Last(number: fields.number, leaf: .leaf(text))
  }

  /// - Parameter nodes: the subtrees that this entry completes, the smallest first.
  static func insert(
    index: Int, text: String, chain: RecordDigest, nodes: [RecordDigest], in database: Database
  ) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO journal (seq, entry, chain, nodes) VALUES (?, ?, ?, ?)")
    try statement.execute(
      arguments: [index, text, chain.data, nodes.reduce(into: Data()) { $0 += $1.data }])
  }

  /// A complete subtree's root. It stands beside the entry that completed it; a leaf's is the entry's hash.
  static func node(_ node: MerkleNode, in database: Database) throws -> RecordDigest {
    if node.level == 0 {
      let statement = try database.cachedStatement(sql: "SELECT entry FROM journal WHERE seq = ?")
      if let text = try String.fetchOne(statement, arguments: [node.position]) { return .leaf(text) }
    } else {
      let statement = try database.cachedStatement(sql: "SELECT substr(nodes, ?, 32) FROM journal WHERE seq = ?")
      let data = try Data.fetchOne(statement, arguments: [(node.level - 1) * 32 + 1, node.lastLeaf])
      if let digest = data.flatMap({ RecordDigest($0) }) { return digest }
    }
    throw RecordTampered(why: "a part of the tree is missing (level \(node.level), position \(node.position))")
  }

  static func size(in database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT coalesce(max(seq) + 1, 0) FROM journal") ?? 0
  }
}

/// The record is not what its own signed head says.
public struct RecordTampered: Error, CustomStringConvertible {
  let why: String

  public var description: String {
    "The record was changed by something else than the broker: \(why). Nothing is written to it any more. Keep the data "
      + "folder as it is, see 'mqm-broker record verify', and start from a backup or on a new folder."
  }
}

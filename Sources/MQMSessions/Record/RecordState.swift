import GRDB
import Rooms

/// Where the log stands: all that the next entry and the next head need.
struct RecordState: Equatable, Sendable {
  /// The log's id: 32 hexadecimal digits.
  var log: String
  var frontier = MerkleFrontier()
  var chain = RecordDigest.zero
  /// The hash over all heads that were kept.
  var heads = RecordDigest.zero
  var headCount = 0
  /// Entries at the last head that was kept.
  var sizeOfLastHead = 0

  /// Writes one entry.
  mutating func append(_ event: RecordedEvent, in database: Database) throws -> RecordEntry {
    guard event.details.utf8.count <= RecordEntry.detailsLimit else { throw RecordRefusal.details }
    let previous = try JournalRow.last(of: event.consultation, in: database)
    let entry = RecordEntry(
      index: frontier.size, event: event, number: previous.map { $0.number + 1 } ?? 0, previous: previous?.leaf)
    let text = entry.text
    // Nothing is written that a verifier could not read.
    guard EntryFields(Array(text.utf8)[...]) != nil else { throw RecordRefusal.details }
    let leaf = RecordDigest.leaf(text)
    chain = .chain(chain, leaf)
    var nodes: [RecordDigest] = []
    frontier.append(leaf) { nodes.append($0) }
    try JournalRow.insert(index: entry.index, text: text, chain: chain, nodes: nodes, in: database)
    return entry
  }

  func head(at: Int64, key: String) -> TreeHead {
    TreeHead(log: log, at: at, size: frontier.size, root: frontier.root, chain: chain, heads: heads, key: key)
  }
}

/// An event that cannot be written down.
enum RecordRefusal: Error {
  /// The name or the details are not what ``RecordedEvent`` says.
  case details
}

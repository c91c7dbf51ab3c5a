public import Foundation
import GRDB
public import Rooms

/// All that proves what happened in one consultation: its entries from the first on, that each is in the log, and a head
/// that was signed over it.
public struct RecordBundle: Equatable, Sendable {
  static let format = "mqm-record-bundle/1"
  /// Bytes of a file that is read.
  public static let sizeLimit = 16_777_216

  public struct Event: Equatable, Sendable {
    public let index: Int
    /// The entry's text, as it was hashed.
    public let entry: String
    /// The inclusion proof: RFC 9162, section 2.1.3.
    public let proof: [RecordDigest]
  }

  public let consultation: ConsultationID
  public let head: SignedHead
  public let events: [Event]

  init(consultation: ConsultationID, head: SignedHead, events: [Event]) {
    self.consultation = consultation
    self.head = head
    self.events = events
  }

  /// Nil if there is no such consultation.
  ///
  /// The head is the last one that has a time stamp if that covers all of it, else the last that was kept, else the tip.
  init?(of consultation: ConsultationID, in database: Database) throws {
    let texts = try SQLiteStore.texts(of: consultation, in: database)
    let indexes = texts.compactMap { EntryFields(Array($0.utf8)[...])?.index }
    guard let last = indexes.last else { return nil }
    guard indexes.count == texts.count, let tip = try HeadRow.tip(in: database) else {
      throw RecordTampered(why: "an entry cannot be read")
    }
    let heads = try HeadRow.newest(in: database) + [tip]
    guard let head = heads.first(where: { last < TreeHead($0.text)?.size ?? 0 }), let size = TreeHead(head.text)?.size
    else { throw RecordTampered(why: "no head covers its entries") }
    let events = try zip(indexes, texts).map { index, text in
      Event(
        index: index, entry: text,
        proof: try InclusionProof.path(to: index, size: size) { try JournalRow.node($0, in: database) })
    }
    self.init(consultation: consultation, head: head, events: events)
  }

  // MARK: The file

  /// The one way to write it down: see docs/record.md.
  public var text: String {
    let events = events.map { event in
      let proof = event.proof.map { "\"\($0.hexadecimal)\"" }.joined(separator: ",")
      return "{\"index\":\(event.index),\"entry\":\(JSONText.quoted(event.entry)),\"proof\":[\(proof)]}"
    }
    return "{\"format\":\"\(Self.format)\",\"consultation\":\"\(consultation)\",\"head\":\(head.bundled),"
      + "\"events\":[\(events.joined(separator: ","))]}\n"
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleFault/format`` for anything but what ``text`` writes.
  public init(_ file: Data) throws(BundleFault) {
    struct Head: Decodable {
      let text: String
      let signature: String
      let publicKey: String
      let timestamp: String?

      private enum CodingKeys: String, CodingKey {
        case text, signature, timestamp
        case publicKey = "public_key"
      }
    }
    struct Event: Decodable {
      let index: Int
      let entry: String
      let proof: [String]
    }
    struct Bundle: Decodable {
      let consultation: String
      let head: Head
      let events: [Event]
    }
    guard file.count <= Self.sizeLimit, let read = try? JSONDecoder().decode(Bundle.self, from: file),
      let consultation = ConsultationID(read.consultation), let signature = Data(exactBase64: read.head.signature),
      let publicKey = Data(exactBase64: read.head.publicKey)
    else { throw .format }
    let timestamp = read.head.timestamp.map { Data(exactBase64: $0) }
    let events = read.events.compactMap { event -> RecordBundle.Event? in
      let proof = event.proof.compactMap { RecordDigest(hexadecimal: $0) }
      return proof.count == event.proof.count
        ? RecordBundle.Event(index: event.index, entry: event.entry, proof: proof) : nil
    }
    self.init(
      consultation: consultation,
      head: SignedHead(text: read.head.text, signature: signature, publicKey: publicKey, timestamp: timestamp ?? nil),
      events: events)
    // What was written in another way would be read in different ways by different programs.
    guard Data(text.utf8) == file else { throw .format }
  }

  // MARK: What it proves

  /// Checks it with the signing key's public half alone.
  ///
  /// - Returns: the head and the entries.
  public func verify(publicKey: Data) throws(BundleFault) -> (head: TreeHead, entries: [RecordEntry]) {
    guard head.publicKey == publicKey else { throw .otherKey }
    guard let tree = head.head(signedBy: publicKey) else { throw .signature }
    var entries: [RecordEntry] = []
    var previous: RecordDigest?
    for event in events {
      guard let entry = RecordEntry(event.entry), entry.index == event.index,
        entry.event.consultation == consultation, event.index > entries.last?.index ?? -1
      else { throw .entry(event.index) }
      guard entry.number == entries.count, entry.previous == previous else { throw .gap(event.index) }
      let leaf = RecordDigest.leaf(event.entry)
      guard InclusionProof.root(leaf: leaf, index: event.index, size: tree.size, path: event.proof) == tree.root else {
        throw .proof(event.index)
      }
      entries.append(entry)
      previous = leaf
    }
    guard !entries.isEmpty else { throw .format }
    return (tree, entries)
  }
}

/// Why a bundle proves nothing.
public enum BundleFault: Error, Equatable, CustomStringConvertible {
  case format
  case otherKey
  case signature
  case entry(Int)
  case gap(Int)
  case proof(Int)

  public var description: String {
    switch self {
    case .format:
      "The file is not a bundle as it was exported: it was changed, cut, or written anew by another program."
    case .otherKey: "Its head is signed by another key than the one given."
    case .signature: "Its head is not signed by the key: head or signature were changed."
    case .entry(let index): "Its entry \(index) was changed, or is not one of this consultation."
    case .gap(let index): "Entry \(index) does not follow the one before it: an entry is missing, or was changed."
    case .proof(let index): "Entry \(index) is not in the log of which the head was signed."
    }
  }
}

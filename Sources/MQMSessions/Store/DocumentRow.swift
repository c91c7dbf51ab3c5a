import GRDB
import Rooms

/// A document that was handed over, as a row. Its name and content are elsewhere, sealed.
struct DocumentRow: Codable, Equatable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "document"

  var id: String
  var consultation: String
  var kind: String
  var type: String
  var size: Int
  var commitment: String
  var handedOverAt: Int64
  var fetchedAt: Int64?

  private enum CodingKeys: String, CodingKey {
    case id, consultation, kind, type, size, commitment
    case handedOverAt = "handed_over_at"
    case fetchedAt = "fetched_at"
  }

  init(_ document: Document, of consultation: ConsultationID) {
    id = document.id.description
    self.consultation = consultation.description
    kind = document.kind.rawValue
    type = document.type.rawValue
    size = document.size
    commitment = document.commitment
    handedOverAt = document.handedOverAt.milliseconds
    fetchedAt = document.fetchedAt?.milliseconds
  }

  /// - Throws: `RecordDamaged` if the row is not one that this program could have written.
  func document() throws -> Document {
    guard let id = DocumentID(id), let kind = Document.Kind(rawValue: kind),
      let type = Document.MediaType(rawValue: type)
    else { throw RecordDamaged(consultation: consultation) }
    return Document(
      id: id, kind: kind, type: type, size: size, commitment: commitment,
      handedOverAt: Instant(milliseconds: handedOverAt), fetchedAt: fetchedAt.map { Instant(milliseconds: $0) })
  }

  /// Those of a consultation, in the order in which they were handed over.
  static func documents(of consultation: String, in database: Database) throws -> [Document] {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM document WHERE consultation = ? ORDER BY handed_over_at, rowid")
    return try fetchAll(statement, arguments: [consultation]).map { try $0.document() }
  }

  /// Writes what differs between two lists of a consultation's documents.
  static func write(_ before: [Document], _ after: [Document], of consultation: ConsultationID, in database: Database)
    throws
  {
    guard before != after else { return }
    for document in before where !after.contains(where: { $0.id == document.id }) {
      try database.cachedStatement(sql: "DELETE FROM document WHERE id = ?")
        .execute(arguments: [document.id.description])
    }
    for document in after {
      let old = before.first { $0.id == document.id }
      if old == nil {
        try DocumentRow(document, of: consultation).insert(database)
      } else if old != document {
        try DocumentRow(document, of: consultation).update(database)
      }
    }
  }
}

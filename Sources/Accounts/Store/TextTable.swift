import Foundation
internal import GRDB
import Mail

/// The texts that were published, to the letter (CU-3).
enum TextTable {
  private static let reference = "document, version, language, sha256, published_at"

  static func insert(_ db: Database, _ text: LegalText, now: Int64) throws {
    try db.cachedStatement(
      sql: "INSERT INTO legal_text (document, version, language, sha256, text, published_at) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      text.document.rawValue, text.version, text.language.rawValue, text.sha256, text.text, now,
    ])
  }

  static func find(
    _ db: Database, _ document: LegalDocument, version: Int, language: Language
  ) throws -> LegalText? {
    let statement = try db.cachedStatement(
      sql: "SELECT text FROM legal_text WHERE document = ? AND version = ? AND language = ?")
    return try String.fetchOne(statement, arguments: [document.rawValue, version, language.rawValue]).map { text in
      LegalText(document: document, version: version, language: language, text: text)
    }
  }

  /// The version in force; nil while none was published.
  static func currentVersion(_ db: Database, of document: LegalDocument) throws -> Int? {
    let statement = try db.cachedStatement(sql: "SELECT max(version) FROM legal_text WHERE document = ?")
    return try Int.fetchOne(statement, arguments: [document.rawValue])
  }

  /// The version in force in all its languages; empty while none was published.
  static func current(_ db: Database, of document: LegalDocument) throws -> [TextReference] {
    guard let version = try currentVersion(db, of: document) else { return [] }
    let statement = try db.cachedStatement(
      sql: "SELECT \(reference) FROM legal_text WHERE document = ? AND version = ? ORDER BY language DESC")
    return try Row.fetchAll(statement, arguments: [document.rawValue, version]).map { row in
      TextReference(
        document: document, version: row["version"], language: try stored(row["language"]), sha256: row["sha256"],
        publishedAt: row["published_at"])
    }
  }

  static func stored<Value: RawRepresentable>(_ raw: String) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: raw) else {
      throw AccountRefusal.unavailable(why: "the database holds a \(Value.self) that this version does not know")
    }
    return value
  }
}

internal import GRDB
import Mail

/// The texts that people agree to (CU-3).
extension AccountStore {
  /// Publishes the texts that are not there yet, all of them or none, and writes to everybody who agreed to an older
  /// version. Publishing the same texts again changes nothing.
  ///
  /// - Returns: how many versions of documents are new.
  /// - Throws: ``AccountRefusal/unavailable(why:)`` if one that was published has other words now;
  ///   ``AccountRefusal/invalid(field:why:)`` if a version is not the one after the last, lacks a language, is there
  ///   twice or is out of bounds.
  public func publish(
    _ texts: [LegalText], by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) -> Int {
    let versions = try TextVersion.group(texts)
    return try await database.write { db in
      let new = try versions.filter { try !$0.isPublished(db) }
      guard !new.isEmpty else { return 0 }
      for version in new { try version.insert(db, now: now) }
      try AuditTable.append(
        db, at: now, by: actor, .textsPublished, .platform,
        ground: Ground(new.prefix(10).map(\.name).joined(separator: ", ")))
      let latest = Dictionary(new.map { ($0.document, $0.version) }, uniquingKeysWith: max)
      for reader in try ConsentTable.readersOfOlder(db, than: latest) {
        try MailTable.append(
          db, to: reader.email, account: reader.account, language: reader.language, .newTexts, now: now)
      }
      return new.count
    }
  }

  /// The version in force of each document, in both languages; empty while nothing was published.
  public func currentTexts() async throws(AccountRefusal) -> [TextReference] {
    try await database.read { db in try LegalDocument.allCases.flatMap { try TextTable.current(db, of: $0) } }
  }

  /// A text with its words, of any version that was published; nil if there is none.
  public func text(
    _ document: LegalDocument, version: Int, language: Language
  ) async throws(AccountRefusal) -> LegalText? {
    try await database.read { db in try TextTable.find(db, document, version: version, language: language) }
  }
}

/// One version of a document in all its languages, before it is published.
private struct TextVersion: Sendable {
  let document: LegalDocument
  let version: Int
  let texts: [LegalText]

  /// As in `terms 2`.
  var name: String { "\(document.rawValue) \(version)" }

  /// Oldest versions first.
  static func group(_ texts: [LegalText]) throws(AccountRefusal) -> [TextVersion] {
    for text in texts {
      guard LegalText.versions.contains(text.version), LegalText.characters.contains(text.text.unicodeScalars.count),
        !text.text.unicodeScalars.contains("\0")
      else {
        throw .invalid(
          field: .texts,
          why: """
            \(text.fileName) must have 1 to \(LegalText.characters.upperBound) characters and a version of 1 to \
            \(LegalText.versions.upperBound)
            """)
      }
    }
    var versions: [TextVersion] = []
    for document in LegalDocument.allCases {
      let groups = Dictionary(grouping: texts.filter { $0.document == document }, by: \.version)
      for (version, texts) in groups.sorted(by: { $0.key < $1.key }) {
        let group = TextVersion(document: document, version: version, texts: texts)
        guard Set(texts.map(\.language)).count == texts.count else {
          throw .invalid(field: .texts, why: "\(group.name) is there twice in one language")
        }
        versions.append(group)
      }
    }
    return versions
  }

  /// - Throws: ``AccountRefusal/unavailable(why:)`` if it is, in other words.
  func isPublished(_ db: Database) throws -> Bool {
    guard try version <= TextTable.currentVersion(db, of: document) ?? 0 else { return false }
    for text in texts {
      let published = try TextTable.find(db, document, version: version, language: text.language)
      guard published?.text.utf8.elementsEqual(text.text.utf8) == true else {
        throw AccountRefusal.unavailable(
          why: """
            the words of \(text.fileName) are not those that were published and agreed to; restore that file, and put \
            the change into a new version
            """)
      }
    }
    return true
  }

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` if it is not the next version, or lacks a language.
  func insert(_ db: Database, now: Int64) throws {
    let next = (try TextTable.currentVersion(db, of: document) ?? 0) + 1
    guard version == next else {
      throw AccountRefusal.invalid(
        field: .texts, why: "\(name) cannot be published before \(document.rawValue) \(next)")
    }
    let missing = Set(Language.allCases).subtracting(texts.map(\.language)).map(\.rawValue).sorted()
    guard missing.isEmpty else {
      throw AccountRefusal.invalid(
        field: .texts, why: "\(name) is missing in \(missing.joined(separator: ", ")); a text needs both languages")
    }
    for text in texts { try TextTable.insert(db, text, now: now) }
  }
}

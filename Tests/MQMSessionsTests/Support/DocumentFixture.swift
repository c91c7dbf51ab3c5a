import Foundation
import GRDB
import Rooms
import Vault

@testable import MQMSessions

/// Documents in a temporary folder of their own, with the keys of one consultation.
final class DocumentFixture {
  let folder: URL
  let keys: ConsultationKeys
  private(set) var store: DocumentStore
  let consultation = ConsultationID(high: 1, low: 1)
  let author = PersonID(high: 2, low: 2)
  var limits: DocumentLimits
  /// 2026-11-23T02:00:00Z
  var now = Rooms.Instant(milliseconds: 1_795_399_200_000)

  init(limits: DocumentLimits = DocumentLimits()) throws {
    self.limits = limits
    folder = FileManager.default.temporaryDirectory.appending(path: "documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    keys = try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring)
    _ = try keys.make([consultation])
    store = try DocumentStore(file: folder.appending(path: "documents.sqlite"), keys: keys, limits: limits)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  var file: URL { folder.appending(path: "documents.sqlite") }

  /// As after a restart: another store on the same file, while the old one may never have been closed.
  func reopen() throws { store = try DocumentStore(file: file, keys: keys, limits: limits) }

  /// The bytes of the database and its side files.
  func bytesOnDisk() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasPrefix("documents") }
      .reduce(into: Data()) { all, file in all.append(try Data(contentsOf: file)) }
  }

  /// A connection of another program.
  func raw() throws -> DatabaseQueue { try DatabaseQueue(path: file.path) }

  func count(_ table: String) throws -> Int {
    try raw().read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  func announced(
    _ key: UInt64 = 1, _ name: String = "Ordonnance", type: Document.MediaType = .pdf, size: Int,
    consultation: ConsultationID? = nil, author: PersonID? = nil
  ) -> AnnouncedDocument {
    AnnouncedDocument(
      consultation: consultation ?? self.consultation, author: author ?? self.author,
      key: MutationKey(high: 9, low: key),
      name: name, kind: .prescription, type: type, size: size)
  }

  /// Sends a chunk of a content.
  @discardableResult
  func send(
    _ content: [UInt8], _ bytes: Range<Int>, to id: DocumentID, by author: PersonID? = nil
  ) throws -> UploadProgress {
    try store.append(
      Array(content[bytes]), at: bytes.lowerBound, of: content.count, to: id, in: consultation,
      by: author ?? self.author, now: now)
  }

  /// A document that is there whole.
  func staged(_ content: [UInt8], _ key: UInt64 = 1, type: Document.MediaType = .pdf) throws -> StagedDocument? {
    let id = try store.stage(announced(key, type: type, size: content.count), at: now).document
    var offset = 0
    while offset < content.count {
      let end = min(offset + DocumentLimits.chunkBytes, content.count)
      if case .whole(let document) = try send(content, offset..<end, to: id) { return document }
      offset = end
    }
    return nil
  }
}

import Crypto
public import Foundation
import GRDB
public import Rooms
import Synchronization
import Vault

/// The contents of the documents that practitioners hand over, from the first byte until the patient's side has them and
/// the consultation is closed (CU-5.2), in a file of their own. What is in it is sealed under the consultation's data key.
///
/// That a document was handed over is what the record says; here are only its bytes, which are durable before. From any
/// thread; every call waits for the disk.
public final class DocumentStore: Sendable {
  private let database: DatabasePool
  private let keys: ConsultationKeys
  private let limits: DocumentLimits
  private let needsScrub = Mutex(true)
  /// What nobody had a use for the last time that it was looked for.
  private let leftovers = Mutex<Set<DocumentID>>([])

  /// Opens the file, or makes it, readable by its owner only.
  ///
  /// - Throws: what SQLite says if the file cannot be opened, written, or is not a database.
  public init(file: URL, keys: ConsultationKeys, limits: DocumentLimits) throws {
    self.keys = keys
    self.limits = limits
    var configuration = Configuration()
    configuration.label = "mqm.documents"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 3
    configuration.prepareDatabase { database in
      // Of a new file, so that pages that are free can be given back.
      if !database.configuration.readonly { try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
      try database.execute(sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
    }
    if !FileManager.default.fileExists(atPath: file.path) {
      // Made before SQLite would, so that it is never readable by others; if this fails SQLite says why.
      _ = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    database = try DatabasePool(path: file.path, configuration: configuration)
    // GRDB lowers it to NORMAL for a write-ahead log; with FULL a commit survives a power cut.
    try database.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    try DocumentSchema.migrator.migrate(database)
  }

  // MARK: On their way

  /// Makes room for a document, or finds the one that was announced with the same key.
  ///
  /// - Throws: ``DocumentFailure``, and what SQLite says.
  public func stage(_ announced: AnnouncedDocument, at now: Instant) throws -> Upload {
    let key = try dataKey(of: announced.consultation)
    return try database.write { database in
      if let row = try DocumentTable.find(announced.key, of: announced.author, in: database) {
        guard try Self.isSame(row, announced, under: key) else { throw DocumentFailure.keyReused }
        return Upload(document: row.id, received: try Self.told(row, in: database))
      }
      let count = try DocumentTable.stagedCount(of: announced.consultation, by: announced.author, in: database)
      guard count < limits.count else { throw DocumentFailure.tooManyDocuments }
      let id = DocumentID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
      let details = try SealedDetails(name: announced.name).sealed(under: key, for: id)
      try DocumentTable.insert(announced, as: id, details: details, at: now, in: database)
      return Upload(document: id, received: 0)
    }
  }

  /// Adds a chunk, durably. The last one has the whole checked; what is not of its type is removed. A chunk that is sent
  /// again, as its answer was lost, changes nothing.
  ///
  /// - Parameters:
  ///   - bytes: at most ``DocumentLimits/chunkBytes``, and at least ``DocumentLimits/minimumChunkBytes`` if more follow.
  ///   - offset: of the first one in the document.
  ///   - total: bytes of the document, as it was announced.
  /// - Throws: ``DocumentFailure``, and what SQLite says.
  public func append(
    _ bytes: [UInt8], at offset: Int, of total: Int, to id: DocumentID, in consultation: ConsultationID,
    by author: PersonID, now: Instant
  ) throws -> UploadProgress {
    let completed = try database.write { database -> (row: StagingRow, key: DataKey)? in
      guard let row = try DocumentTable.find(id, of: consultation, in: database),
        try DocumentTable.isAuthor(author, of: id, in: database)
      else { throw DocumentFailure.unknownDocument }
      let end = offset + bytes.count
      guard total == row.size, offset >= 0, end <= total, (1...DocumentLimits.chunkBytes).contains(bytes.count),
        end == total || bytes.count >= DocumentLimits.minimumChunkBytes
      else { throw DocumentFailure.invalidChunk }
      let key = try dataKey(of: consultation)
      let last = try DocumentTable.lastChunk(of: id, in: database)
      if offset == row.received {
        let number = last.map { $0.number + 1 } ?? 0
        let sealed = try SealedChunk.seal(Data(bytes), under: key, as: number, of: id)
        try DocumentTable.insert(sealed, number, offset..<end, of: id, in: database)
        try DocumentTable.touch(id, received: end, at: now, in: database)
      } else {
        guard let last, last.bytes == offset..<end,
          try SealedChunk.open(last.sealed, under: key, as: last.number, of: id).elementsEqual(bytes)
        else { throw DocumentFailure.wrongOffset(received: try Self.told(row, in: database)) }
        try DocumentTable.touch(id, received: end, at: now, in: database)
      }
      return end == total ? (row, key) : nil
    }
    guard let completed else { return .partial(received: offset + bytes.count) }
    return .whole(try complete(completed.row, under: completed.key))
  }

  /// Checks what is there whole, once, and seals its hash with it.
  private func complete(_ row: StagingRow, under key: DataKey) throws -> StagedDocument {
    var details = try SealedDetails.open(row.details, under: key, for: row.id)
    if details.sha256 == nil {
      let content = try read(0..<row.size, of: row, under: key)
      guard content.withUnsafeBytes({ DocumentContent.isWhole($0, row.type) }) else {
        try remove(row.id)
        throw DocumentFailure.contentMismatch
      }
      details.sha256 = Data(SHA256.hash(data: content))
      let sealed = try details.sealed(under: key, for: row.id)
      try database.write { try DocumentTable.setDetails(sealed, of: row.id, in: $0) }
    }
    return try Self.staged(row, details)
  }

  /// Notes that the record has it, so that it counts as on its way no longer.
  public func noteHandedOver(_ id: DocumentID) throws {
    try database.write { try DocumentTable.setHandedOver(id, in: $0) }
  }

  private static func isSame(_ row: StagingRow, _ announced: AnnouncedDocument, under key: DataKey) throws -> Bool {
    guard row.consultation == announced.consultation, row.kind == announced.kind, row.type == announced.type,
      row.size == announced.size
    else { return false }
    return try SealedDetails.open(row.details, under: key, for: row.id).name == announced.name
  }

  /// How many bytes the client is told to be there.
  private static func told(_ row: StagingRow, in database: Database) throws -> Int {
    guard row.received == row.size, !row.isHandedOver else { return row.received }
    return try DocumentTable.lastChunk(of: row.id, in: database)?.bytes.lowerBound ?? 0
  }

  private static func staged(_ row: StagingRow, _ details: SealedDetails) throws -> StagedDocument {
    guard let sha256 = details.sha256, let commitment = details.commitment else { throw DocumentFailure.damaged }
    return StagedDocument(
      id: row.id, kind: row.kind, type: row.type, size: row.size, details: details.details,
      sha256: sha256.hexadecimal, commitment: commitment.hexadecimal)
  }

  // MARK: Reading

  /// What is known of a document whose content is there.
  ///
  /// - Throws: ``DocumentFailure``, and what SQLite says.
  public func find(_ id: DocumentID, in consultation: ConsultationID) throws -> StagedDocument {
    let row = try row(id, of: consultation)
    return try Self.staged(
      row, try SealedDetails.open(row.details, under: try dataKey(of: consultation), for: id))
  }

  /// Bytes of a document's content.
  ///
  /// - Parameter bytes: within the document; at most ``DocumentLimits/readBytes``.
  /// - Throws: ``DocumentFailure``, and what SQLite says.
  public func read(_ bytes: Range<Int>, of id: DocumentID, in consultation: ConsultationID) throws -> [UInt8] {
    guard bytes.count <= DocumentLimits.readBytes else { throw DocumentFailure.invalidChunk }
    return try read(bytes, of: try row(id, of: consultation), under: try dataKey(of: consultation))
  }

  private func row(_ id: DocumentID, of consultation: ConsultationID) throws -> StagingRow {
    guard let row = try database.read({ try DocumentTable.find(id, of: consultation, in: $0) }) else {
      throw DocumentFailure.unknownDocument
    }
    return row
  }

  private func read(_ bytes: Range<Int>, of row: StagingRow, under key: DataKey) throws -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(bytes.count)
    try database.read { database in
      try DocumentTable.forEachChunk(of: row.id, with: bytes, in: database) { chunk in
        let plain = try SealedChunk.open(chunk.sealed, under: key, as: chunk.number, of: row.id)
        let wanted = chunk.bytes.clamped(to: bytes)
        guard plain.count == chunk.bytes.count, wanted.lowerBound == bytes.lowerBound + content.count else {
          throw DocumentFailure.damaged
        }
        let start = plain.startIndex - chunk.bytes.lowerBound
        content.append(contentsOf: plain[start + wanted.lowerBound..<start + wanted.upperBound])
      }
    }
    guard content.count == bytes.count else { throw DocumentFailure.damaged }
    return content
  }

  /// The names and salts of a consultation's documents; none if its key is destroyed.
  public func details(of consultation: ConsultationID) throws -> [DocumentID: DocumentDetails] {
    guard let key = try keys.key(of: consultation) else { return [:] }
    return try database.read { database in
      try DocumentTable.all(of: consultation, in: database).reduce(into: [:]) { found, row in
        found[row.id] = try SealedDetails.open(row.details, under: key, for: row.id).details
      }
    }
  }

  private func dataKey(of consultation: ConsultationID) throws -> DataKey {
    guard let key = try keys.key(of: consultation) else { throw DocumentFailure.consultationClosed }
    return key
  }

  // MARK: Destroying

  /// Removes a document: it was withdrawn, or cannot be handed over.
  public func remove(_ id: DocumentID) throws {
    noteRemoved(try database.write { try DocumentTable.delete(id, in: $0) })
  }

  /// Removes a document that is on its way, if it is that practitioner's.
  ///
  /// - Returns: false if there is no such one.
  public func removeStaged(_ id: DocumentID, of consultation: ConsultationID, by author: PersonID) throws -> Bool {
    let count = try database.write { database in
      guard let row = try DocumentTable.find(id, of: consultation, in: database), !row.isHandedOver,
        try DocumentTable.isAuthor(author, of: id, in: database)
      else { return 0 }
      return try DocumentTable.delete(id, in: database)
    }
    noteRemoved(count)
    return count > 0
  }

  /// Removes all that a consultation had: it is closed or cancelled (CU-5.2).
  public func removeAll(of consultation: ConsultationID) throws {
    noteRemoved(try database.write { try DocumentTable.delete(of: consultation, in: $0) })
  }

  /// Removes what nobody has a use for: of consultations that are over, and what was withdrawn, when it is found for the
  /// second time, as the record may just be deciding; and what was never handed over for 24 hours.
  ///
  /// - Parameters:
  ///   - handedOver: the documents that the record has.
  ///   - consultations: those that are neither closed nor cancelled.
  ///   - now: when that was so.
  ///   - isAtRest: whether the record decides nothing and has decided nothing since, as at the start: then nothing has to
  ///     be found twice.
  /// - Returns: how many were removed.
  @discardableResult
  public func keep(
    _ handedOver: Set<DocumentID>, of consultations: Set<ConsultationID>, at now: Instant, isAtRest: Bool = false
  ) throws -> Int {
    let before = leftovers.withLock { $0 }
    let (count, found) = try database.write { database in
      var (count, found): (Int, Set<DocumentID>) = (0, [])
      for rest in try DocumentTable.remainders(in: database) {
        let isUnderWay = rest.consultation.map(consultations.contains) ?? false
        if isUnderWay, handedOver.contains(rest.id) {
          if !rest.isHandedOver { try DocumentTable.setHandedOver(rest.id, in: database) }
        } else if isUnderWay, !rest.isHandedOver {
          count += try endStaging(of: rest, at: now, in: database)
        } else if isAtRest || before.contains(rest.id) {
          count += try DocumentTable.delete(rest.id, in: database)
        } else {
          found.insert(rest.id)
        }
      }
      return (count, found)
    }
    leftovers.withLock { $0 = found }
    noteRemoved(count)
    return count
  }

  /// Removes a document that nobody has gone on with for 24 hours. Where the clock was set back they begin anew.
  private func endStaging(of rest: DocumentTable.Remainder, at now: Instant, in database: Database) throws -> Int {
    let rested = now.milliseconds - rest.touchedAt.milliseconds
    if rested < 0 { try DocumentTable.touch(rest.id, at: now, in: database) }
    return rested > DocumentLimits.stagingMilliseconds ? try DocumentTable.delete(rest.id, in: database) : 0
  }

  private func noteRemoved(_ count: Int) {
    if count > 0 { needsScrub.withLock { $0 = true } }
  }

  /// Gives free pages back, and empties the write-ahead log, after something was removed. A reader of the file, such as a
  /// backup, can be in the way; nobody waits for it.
  ///
  /// - Returns: false if it has to be tried again.
  public func scrub() -> Bool {
    guard needsScrub.withLock({ $0 }) else { return true }
    needsScrub.withLock { $0 = false }
    let done: Void? = try? database.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
      try database.execute(sql: "PRAGMA incremental_vacuum")
      try database.checkpoint(.truncate)
    }
    if done == nil { needsScrub.withLock { $0 = true } }
    return done != nil
  }
}

import Crypto
import Foundation
import GRDB
import Rooms
import Testing
import Vault

@testable import MQMSessions

@Suite struct DocumentStoreTests {
  private static let content = SampleContent.pdf(700_000)

  // MARK: On their way

  @Test func `A document comes in chunks and is read back at every edge, also after a restart`() throws {
    let fixture = try DocumentFixture()
    let content = Self.content
    let id = try fixture.store.stage(fixture.announced(size: content.count), at: fixture.now).document
    #expect(try fixture.send(content, 0..<262_144, to: id) == .partial(received: 262_144))
    try fixture.reopen()
    #expect(try fixture.send(content, 262_144..<300_000, to: id) == .partial(received: 300_000))
    #expect(try fixture.send(content, 300_000..<562_144, to: id) == .partial(received: 562_144))
    let progress = try fixture.send(content, 562_144..<700_000, to: id)
    guard case .whole(let document) = progress else { throw DocumentFailure.damaged }
    let sha256 = Data(SHA256.hash(data: content))
    #expect(document.id == id && document.kind == .prescription && document.type == .pdf && document.size == 700_000)
    #expect(document.sha256 == sha256.hexadecimal)
    #expect(document.details.name == "Ordonnance")
    let salt = try #require(Data(hexadecimal: document.details.salt))
    #expect(salt.count == 32)
    #expect(document.commitment == Data(SHA256.hash(data: salt + sha256)).hexadecimal)
    #expect(try fixture.store.find(id, in: fixture.consultation) == document)
    #expect(try fixture.store.details(of: fixture.consultation) == [id: document.details])
    for range in [
      0..<1, 0..<262_144, 262_143..<262_145, 262_144..<300_000, 299_999..<300_001, 1..<700_000, 699_999..<700_000,
      0..<700_000, 5..<5,
    ] {
      #expect(try fixture.store.read(range, of: id, in: fixture.consultation) == Array(content[range]))
    }
    #expect(throws: DocumentFailure.damaged) {
      try fixture.store.read(699_999..<700_001, of: id, in: fixture.consultation)
    }
    #expect(throws: DocumentFailure.invalidChunk) {
      try fixture.store.read(0..<1_048_577, of: id, in: fixture.consultation)
    }
  }

  @Test func `Who lost an answer sends the chunk again, also the last one`() throws {
    let fixture = try DocumentFixture()
    let content = SampleContent.pdf(300_000)
    let announced = fixture.announced(size: content.count)
    let id = try fixture.store.stage(announced, at: fixture.now).document
    for _ in 0..<2 { #expect(try fixture.send(content, 0..<200_000, to: id) == .partial(received: 200_000)) }
    #expect(try fixture.store.stage(announced, at: fixture.now) == Upload(document: id, received: 200_000))
    let first = try fixture.send(content, 200_000..<300_000, to: id)
    // Not handed over yet: the last chunk is asked for again.
    #expect(try fixture.store.stage(announced, at: fixture.now) == Upload(document: id, received: 200_000))
    #expect(try fixture.send(content, 200_000..<300_000, to: id) == first)
    try fixture.store.noteHandedOver(id)
    #expect(try fixture.store.stage(announced, at: fixture.now) == Upload(document: id, received: 300_000))
  }

  @Test func `Bytes that do not follow are refused, and say where to go on`() throws {
    let fixture = try DocumentFixture()
    let content = Self.content
    let id = try fixture.store.stage(fixture.announced(size: content.count), at: fixture.now).document
    #expect(throws: DocumentFailure.wrongOffset(received: 0)) { try fixture.send(content, 100_000..<200_000, to: id) }
    try fixture.send(content, 0..<100_000, to: id)
    for range in [0..<99_999, 50_000..<100_000, 100_001..<200_000, 0..<200_000] {
      #expect(throws: DocumentFailure.wrongOffset(received: 100_000)) { try fixture.send(content, range, to: id) }
    }
    // The same place, other bytes.
    var other = content
    other[5] ^= 1
    #expect(throws: DocumentFailure.wrongOffset(received: 100_000)) { try fixture.send(other, 0..<100_000, to: id) }
    for range in [100_000..<100_000, 100_000..<116_383, 100_000..<362_145] {
      #expect(throws: DocumentFailure.invalidChunk) { try fixture.send(content, range, to: id) }
    }
    #expect(throws: DocumentFailure.invalidChunk) {
      try fixture.send(Array(content.dropLast()), 100_000..<200_000, to: id)
    }
  }

  @Test func `A key stands for one document`() throws {
    let fixture = try DocumentFixture()
    let announced = fixture.announced(size: 500)
    let upload = try fixture.store.stage(announced, at: fixture.now)
    #expect(try fixture.store.stage(announced, at: fixture.now) == upload)
    for other in [
      fixture.announced(1, "Autre", size: 500), fixture.announced(size: 501), fixture.announced(type: .png, size: 500),
    ] {
      #expect(throws: DocumentFailure.keyReused) { try fixture.store.stage(other, at: fixture.now) }
    }
    #expect(
      try fixture.store.stage(fixture.announced(size: 500, author: PersonID(high: 3, low: 3)), at: fixture.now)
        != upload)
  }

  @Test func `Two who send the same chunk at the same time leave one of it`() async throws {
    let fixture = try DocumentFixture()
    let content = SampleContent.pdf(400_000)
    let id = try fixture.store.stage(fixture.announced(size: content.count), at: fixture.now).document
    let (store, consultation, author, now) = (fixture.store, fixture.consultation, fixture.author, fixture.now)
    for range in [0..<200_000, 200_000..<400_000] {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            _ = try? store.append(
              Array(content[range]), at: range.lowerBound, of: 400_000, to: id, in: consultation, by: author, now: now)
          }
        }
      }
    }
    #expect(try store.read(0..<400_000, of: id, in: consultation) == content)
    #expect(try fixture.count("chunk") == 2)
  }

  @Test func `A content that is not what it says is gone at once`() throws {
    let fixture = try DocumentFixture()
    let announced = fixture.announced(type: .pdf, size: SampleContent.png.count)
    let id = try fixture.store.stage(announced, at: fixture.now).document
    #expect(throws: DocumentFailure.contentMismatch) {
      try fixture.send(SampleContent.png, 0..<SampleContent.png.count, to: id)
    }
    #expect(throws: DocumentFailure.unknownDocument) {
      try fixture.send(SampleContent.png, 0..<SampleContent.png.count, to: id)
    }
    #expect(try fixture.count("chunk") == 0)
    #expect(try fixture.store.stage(announced, at: fixture.now).document != id)
  }

  @Test func `No more than so many are on their way, for a consultation and for an account`() throws {
    var limits = DocumentLimits()
    limits.count = 2
    let fixture = try DocumentFixture(limits: limits)
    let other = ConsultationID(high: 1, low: 2)
    _ = try fixture.keys.make([other])
    let first = try #require(try fixture.staged(SampleContent.pdf(), 1))
    _ = try fixture.store.stage(fixture.announced(2, size: 5, consultation: other), at: fixture.now)
    #expect(throws: DocumentFailure.tooManyDocuments) {
      try fixture.store.stage(fixture.announced(3, size: 5, consultation: other), at: fixture.now)
    }
    let colleague = PersonID(high: 3, low: 3)
    _ = try fixture.store.stage(fixture.announced(4, size: 5, author: colleague), at: fixture.now)
    #expect(throws: DocumentFailure.tooManyDocuments) {
      try fixture.store.stage(fixture.announced(5, size: 5, author: PersonID(high: 4, low: 4)), at: fixture.now)
    }
    // What was handed over is not on its way.
    try fixture.store.noteHandedOver(first.id)
    _ = try fixture.store.stage(fixture.announced(6, size: 5), at: fixture.now)
  }

  @Test func `A document is its author's, in its consultation`() throws {
    let fixture = try DocumentFixture()
    let content = SampleContent.pdf()
    let document = try #require(try fixture.staged(content))
    let other = ConsultationID(high: 1, low: 2)
    _ = try fixture.keys.make([other])
    #expect(throws: DocumentFailure.unknownDocument) {
      try fixture.send(content, 0..<content.count, to: document.id, by: PersonID(high: 3, low: 3))
    }
    #expect(throws: DocumentFailure.unknownDocument) { try fixture.store.find(document.id, in: other) }
    #expect(throws: DocumentFailure.unknownDocument) { try fixture.store.read(0..<5, of: document.id, in: other) }
    #expect(try !fixture.store.removeStaged(document.id, of: other, by: fixture.author))
    #expect(
      try !fixture.store.removeStaged(document.id, of: fixture.consultation, by: PersonID(high: 3, low: 3)))
    #expect(try fixture.store.removeStaged(document.id, of: fixture.consultation, by: fixture.author))
    #expect(try !fixture.store.removeStaged(document.id, of: fixture.consultation, by: fixture.author))
  }

  // MARK: Sealed

  @Test func `Name and content are nowhere in the clear (CU-12.5)`() throws {
    let fixture = try DocumentFixture()
    let canary = Array("CANARY-5d1c".utf8)
    var content = SampleContent.pdf(300_000)
    content.replaceSubrange(100_000..<100_000 + canary.count, with: canary)
    let announced = fixture.announced(1, "NAME-CANARY", size: content.count)
    let id = try fixture.store.stage(announced, at: fixture.now).document
    try fixture.send(content, 0..<200_000, to: id)
    try fixture.send(content, 200_000..<300_000, to: id)
    let disk = try fixture.bytesOnDisk()
    #expect(disk.count > 300_000)
    for text in ["CANARY-5d1c", "NAME-CANARY", "/Catalog"] { #expect(disk.range(of: Data(text.utf8)) == nil) }
  }

  @Test(
    arguments: [
      "UPDATE chunk SET number = 1 - number", "UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE number = 0",
      "UPDATE chunk SET count = count - 1 WHERE number = 0", "UPDATE chunk SET start = start + 1 WHERE number = 1",
      "DELETE FROM chunk WHERE number = 0", "DELETE FROM chunk WHERE number = 1",
      "UPDATE chunk SET sealed = (SELECT sealed FROM chunk WHERE number = 1) WHERE number = 0",
    ])
  func `What was changed in the file is not read`(change: String) throws {
    let fixture = try DocumentFixture()
    let document = try #require(try fixture.staged(SampleContent.pdf(400_000)))
    try fixture.raw().write { database in
      if change.contains("1 - number") {
        try database.execute(sql: "UPDATE chunk SET number = number + 10; UPDATE chunk SET number = 11 - number")
      } else {
        try database.execute(sql: change)
      }
    }
    #expect(throws: (any Error).self) {
      try fixture.store.read(0..<400_000, of: document.id, in: fixture.consultation)
    }
  }

  @Test func `Without its consultation's key a document is closed (CU-5.2)`() throws {
    let fixture = try DocumentFixture()
    let document = try #require(try fixture.staged(SampleContent.pdf()))
    try fixture.keys.destroy([fixture.consultation])
    #expect(throws: DocumentFailure.consultationClosed) {
      try fixture.store.read(0..<5, of: document.id, in: fixture.consultation)
    }
    #expect(throws: DocumentFailure.consultationClosed) {
      try fixture.store.stage(fixture.announced(2, size: 5), at: fixture.now)
    }
    #expect(try fixture.store.details(of: fixture.consultation).isEmpty)
  }

  // MARK: Destroying

  @Test func `What was removed leaves the files, which shrink (CU-5.2)`() throws {
    let fixture = try DocumentFixture()
    let documents = try (1...3).map { try #require(try fixture.staged(SampleContent.pdf(600_000), UInt64($0))) }
    let sealed = try fixture.raw().read { try Data.fetchAll($0, sql: "SELECT sealed FROM chunk") }
    try fixture.store.remove(documents[0].id)
    #expect(fixture.store.scrub())
    #expect(throws: DocumentFailure.unknownDocument) {
      try fixture.store.find(documents[0].id, in: fixture.consultation)
    }
    _ = try fixture.store.find(documents[1].id, in: fixture.consultation)
    try fixture.store.removeAll(of: fixture.consultation)
    #expect(fixture.store.scrub())
    let disk = try fixture.bytesOnDisk()
    #expect(disk.count < 200_000)
    for blob in sealed { #expect(disk.range(of: blob.prefix(64)) == nil && disk.range(of: blob.suffix(64)) == nil) }
  }

  @Test func `A scrub that somebody's reading prevents is tried again`() throws {
    let fixture = try DocumentFixture()
    let document = try #require(try fixture.staged(SampleContent.pdf(600_000)))
    let reader = try fixture.raw()
    try reader.inDatabase { database in
      try database.execute(sql: "BEGIN; SELECT * FROM document")
      try fixture.store.remove(document.id)
      #expect(!fixture.store.scrub())
      try database.execute(sql: "COMMIT")
    }
    #expect(fixture.store.scrub())
    #expect(try fixture.bytesOnDisk().count < 200_000)
  }

  /// What is there of the fixture's consultation.
  private func ids(_ fixture: DocumentFixture) throws -> Set<DocumentID> {
    Set(try fixture.store.details(of: fixture.consultation).keys)
  }

  @Test func `What was never handed over goes after a day, and what is on record stays`() throws {
    let fixture = try DocumentFixture()
    let kept = try #require(try fixture.staged(SampleContent.pdf(), 1)).id
    let staged = try #require(try fixture.staged(SampleContent.pdf(), 2)).id
    func keep(afterMilliseconds: Int64) throws {
      try fixture.store.keep(
        [kept], of: [fixture.consultation], at: fixture.now.advanced(byMilliseconds: afterMilliseconds))
    }
    try keep(afterMilliseconds: 24 * 3_600_000)
    #expect(try ids(fixture) == [kept, staged])
    try keep(afterMilliseconds: 24 * 3_600_000 + 1)
    #expect(try ids(fixture) == [kept])
    // A crash between the record's decision and the note of it was made good.
    #expect(try fixture.store.stage(fixture.announced(1, size: 400), at: fixture.now).received == 400)
  }

  @Test func `A clock that was set back gives what was never handed over a day from then on, not more`() throws {
    let fixture = try DocumentFixture()
    let staged = try #require(try fixture.staged(SampleContent.pdf())).id
    let month: Int64 = 30 * 24 * 3_600_000
    func keep(afterMilliseconds: Int64) throws {
      try fixture.store.keep(
        [], of: [fixture.consultation], at: fixture.now.advanced(byMilliseconds: afterMilliseconds - month))
    }
    try keep(afterMilliseconds: 0)
    try keep(afterMilliseconds: 24 * 3_600_000)
    #expect(try ids(fixture) == [staged])
    try keep(afterMilliseconds: 24 * 3_600_000 + 1)
    #expect(try ids(fixture) == [])
  }

  @Test(arguments: [0, 1, -3_600_000, -30 * 24 * 3_600_000] as [Int64])
  func `What was withdrawn goes when it is found for the second time, whatever the clock says`(step: Int64) throws {
    let fixture = try DocumentFixture()
    let withdrawn = try #require(try fixture.staged(SampleContent.pdf())).id
    try fixture.store.noteHandedOver(withdrawn)
    let now = fixture.now.advanced(byMilliseconds: step)
    #expect(try fixture.store.keep([], of: [fixture.consultation], at: now) == 0)
    #expect(try fixture.store.keep([], of: [fixture.consultation], at: now) == 1)
    #expect(try ids(fixture) == [])
  }

  @Test func `What is handed over between two looks stays`() throws {
    let fixture = try DocumentFixture()
    let document = try #require(try fixture.staged(SampleContent.pdf())).id
    try fixture.store.noteHandedOver(document)
    // The first look was prepared before the record had it.
    for known in [[], [document], [], [document]] as [Set<DocumentID>] {
      #expect(try fixture.store.keep(known, of: [fixture.consultation], at: fixture.now) == 0)
    }
    #expect(try ids(fixture) == [document])
  }

  @Test(arguments: [0, -3_600_000] as [Int64])
  func `What a consultation had that is over goes when it is found for the second time`(step: Int64) throws {
    let fixture = try DocumentFixture()
    _ = try fixture.staged(SampleContent.pdf())
    let now = fixture.now.advanced(byMilliseconds: step)
    #expect(try fixture.store.keep([], of: [], at: now) == 0)
    #expect(try fixture.store.keep([], of: [], at: now) == 1)
  }

  @Test func `At a start nothing is found twice: what a killed process left goes at once, what goes on stays`() throws {
    let fixture = try DocumentFixture()
    let kept = try #require(try fixture.staged(SampleContent.pdf(), 1)).id
    let withdrawn = try #require(try fixture.staged(SampleContent.pdf(), 2)).id
    let staged = try #require(try fixture.staged(SampleContent.pdf(), 3)).id
    for id in [kept, withdrawn] { try fixture.store.noteHandedOver(id) }
    try fixture.reopen()
    let count = try fixture.store.keep([kept], of: [fixture.consultation], at: fixture.now, isAtRest: true)
    #expect(count == 1)
    #expect(try ids(fixture) == [kept, staged])
    #expect(try fixture.store.keep([], of: [], at: fixture.now, isAtRest: true) == 2)
  }
}

extension Data {
  fileprivate init?(hexadecimal text: String) {
    var bytes: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    self.init(bytes)
  }
}

import Accounts
import Foundation
import MQMSessions
import Rooms
import Transport

/// Documents from the practitioner who claimed a consultation to the patient's side. Whoever is neither learns nothing.
extension Broker {
  static let documentRoutes: [Route] = [
    Route("POST", "/v1/consultations/{}/documents", .consented) { try await $0.announceDocument($1) },
    Route("GET", "/v1/consultations/{}/documents", .consented) { try $0.listDocuments($1) },
    chunkRoute,
    Route("GET", "/v1/consultations/{}/documents/{}/content", .consented, isLong: true) {
      try await $0.readDocument($1)
    },
    Route("POST", "/v1/consultations/{}/documents/{}/fetched", .consented) { try await $0.confirmDocument($1) },
    Route("DELETE", "/v1/consultations/{}/documents/{}", .consented) { try await $0.withdrawDocument($1) },
  ]

  static let chunkRoute = Route("PUT", "/v1/consultations/{}/documents/{}/content", .consented) {
    try await $0.addChunk($1)
  }

  // MARK: Who may

  /// A consultation of which the caller is a party.
  private struct Case {
    let id: ConsultationID
    let consultation: Consultation
    let person: PersonID
    let party: Hall.Party
  }

  /// - Throws: 404 for somebody else's consultation, as for one that does not exist; 410 once it is over.
  private func openCase(_ call: Call, as wanted: Hall.Party? = nil) throws -> Case {
    let profile = try call.known().profile
    let person = PersonID(profile.id)
    guard let id = ConsultationID(call.parameters[0]), let party = hall.party(person, to: id, on: moment().today),
      let consultation = hall.entries[id]?.consultation
    else { throw Problem.notFound }
    guard wanted == nil || party == wanted else { throw Problem.forbidden }
    guard party == .patientSide || profile.isVerifiedPractitioner else { throw Problem(Refusal.notVerified) }
    switch consultation.state {
    case .closed: throw Problem(Refusal.consultationClosed)
    case .cancelled: throw Problem(Refusal.consultationCancelled)
    default: return Case(id: id, consultation: consultation, person: person, party: party)
    }
  }

  private func documentID(_ call: Call) throws -> DocumentID {
    guard let id = DocumentID(call.parameters[1]) else { throw Problem(Refusal.unknownDocument) }
    return id
  }

  private func isHandedOver(_ id: DocumentID, in consultation: ConsultationID) -> Bool {
    hall.entries[consultation]?.consultation.documents.contains { $0.id == id } == true
  }

  /// A document that was handed over.
  private func document(_ call: Call, in opened: Case) throws -> Document {
    let id = try documentID(call)
    guard let document = opened.consultation.documents.first(where: { $0.id == id }) else {
      throw Problem(Refusal.unknownDocument)
    }
    return document
  }

  // MARK: Handing over

  private func announceDocument(_ call: Call) async throws -> HTTPResponse {
    let opened = try openCase(call, as: .practitioner)
    let limit = settings.documents.bytes
    let announced = try call.read { object in
      let name = try object.string("name", limit: DocumentName.maximumCharacters)
      guard let name = DocumentName(name) else {
        throw Problem.invalid("name", "1 to 120 characters, without path separators and invisible ones")
      }
      let size = try object.integer("size")
      guard size > 0 else { throw Problem.invalid("size", "at least 1") }
      guard size <= limit else { throw Problem.tooLarge("A document has \(limit) bytes at most.") }
      return AnnouncedDocument(
        consultation: opened.id, author: opened.person, key: try object.id("key"), name: name.text,
        kind: try object.choice("kind"), type: try object.choice("type"), size: size)
    }
    switch opened.consultation.state {
    case .inProgress, .suspended, .ended: break
    default: throw Problem(Refusal.wrongState(opened.consultation.state.name))
    }
    let now = moment().now
    let upload = try await documents.run { try $0.stage(announced, at: now) }
    let isHandedOver = isHandedOver(upload.document, in: opened.id)
    guard isHandedOver || opened.consultation.documents.count < settings.terms.documents else {
      try await documents.run { _ = try $0.removeStaged(upload.document, of: opened.id, by: opened.person) }
      throw Problem(Refusal.tooManyDocuments)
    }
    return .object(201) { writer in
      writer.member("document", upload.document)
      writer.member("received", isHandedOver ? announced.size : upload.received)
      writer.member("chunk_bytes", DocumentLimits.chunkBytes)
    }
  }

  private func addChunk(_ call: Call) async throws -> HTTPResponse {
    let opened = try openCase(call, as: .practitioner)
    let id = try documentID(call)
    guard call.request[.contentType]?.lowercased() == "application/octet-stream" else {
      throw Problem(
        status: 415, code: "unsupported_media_type", title: "The body must be application/octet-stream.")
    }
    guard let range = call.request[.contentRange].flatMap({ ContentRange($0) }), range.bytes.count == call.body.count
    else { throw Problem.invalid("Content-Range", "bytes FIRST-LAST/TOTAL, for as many bytes as the body has") }
    let now = moment().now
    let progress = try await documents.run {
      try $0.append(
        call.body, at: range.bytes.lowerBound, of: range.total, to: id, in: opened.id, by: opened.person, now: now)
    }
    switch progress {
    case .partial(let received): return .object { $0.member("received", received) }
    case .whole(let staged):
      // Whoever lost the answer sends the last chunk again.
      if !isHandedOver(id, in: opened.id) { try await handOver(staged, opened) }
      return try respond(201, with: id, of: opened.id, received: staged.size)
    }
  }

  /// What cannot be handed over any more does not stay.
  private func handOver(_ staged: StagedDocument, _ opened: Case) async throws {
    let document = Document(
      id: staged.id, kind: staged.kind, type: staged.type, size: staged.size, commitment: staged.commitment,
      handedOverAt: moment().now)
    do {
      try await decide { broker, ticket in
        broker.hall.handOver(
          ticket, by: opened.person, isVerified: true, opened.id, document, staged.details, at: broker.moment())
      }
    } catch {
      if error != .unavailable {
        try await documents.run { _ = try $0.removeStaged(staged.id, of: opened.id, by: opened.person) }
      }
      throw error
    }
  }

  private func withdrawDocument(_ call: Call) async throws -> HTTPResponse {
    let opened = try openCase(call, as: .practitioner)
    let id = try documentID(call)
    if opened.consultation.documents.contains(where: { $0.id == id }) {
      try await decide { broker, ticket in
        broker.hall.withdraw(ticket, by: opened.person, opened.id, id, key: .random(), at: broker.moment())
      }
    } else {
      let removed = try await documents.run { try $0.removeStaged(id, of: opened.id, by: opened.person) }
      guard removed else { throw Problem(Refusal.unknownDocument) }
    }
    return .done
  }

  // MARK: Fetching

  private func listDocuments(_ call: Call) throws -> HTTPResponse {
    let opened = try openCase(call)
    let details = hall.entries[opened.id]?.documents ?? [:]
    return .object { writer in
      writer.member("documents", array: opened.consultation.documents) { write($1, details[$1.id], to: &$0) }
    }
  }

  private func readDocument(_ call: Call) async throws -> HTTPResponse {
    let opened = try openCase(call)
    let document = try document(call, in: opened)
    let name = DocumentName.forFile(hall.entries[opened.id]?.documents[document.id]?.name, document.type)
    // The commitment changes with the content, and tells nothing of it.
    let tag = "\"\(document.commitment)\""
    let headers = [
      Header("Content-Type", document.type.rawValue), Header("ETag", tag), Header("Accept-Ranges", "bytes"),
      Header("Content-Disposition", name), Header("Cache-Control", "no-store"),
    ]
    // A range is for GET only (RFC 9110, section 14.2), and for the content that the client has a part of.
    let isPartial = call.request.method == "GET" && [nil, tag].contains(call.request[.ifRange])
    switch ByteRange(isPartial ? call.request[.range] : nil, of: document.size) {
    case .whole: return HTTPResponse(status: 200, headers: headers, stream: stream(document, of: opened.id))
    case .part(let asked):
      let bytes = asked.prefix(DocumentLimits.readBytes)
      let content = try await documents.run { try $0.read(bytes, of: document.id, in: opened.id) }
      let place = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(document.size)"
      return HTTPResponse(status: 206, headers: headers + [Header("Content-Range", place)], body: content)
    case .unsatisfiable:
      var problem = Problem(
        status: 416, code: "range_not_satisfiable", title: "The document has \(document.size) bytes.")
      problem.size = document.size
      throw problem
    }
  }

  private nonisolated func stream(_ document: Document, of consultation: ConsultationID) -> HTTPBodyStream {
    HTTPBodyStream(count: document.size) { [documents] offset, deliver in
      let bytes = offset..<min(offset + DocumentLimits.chunkBytes, document.size)
      documents.run({ try $0.read(bytes, of: document.id, in: consultation) }, then: deliver)
    }
  }

  /// The patient's side says by the hash that it has all of it. Saying so again changes nothing.
  private func confirmDocument(_ call: Call) async throws -> HTTPResponse {
    let opened = try openCase(call, as: .patientSide)
    let document = try document(call, in: opened)
    let sha256 = try call.read { try $0.string("sha256", limit: 64) }
    guard sha256.utf8.count == 64, sha256.allSatisfy(\.isHexDigit) else {
      throw Problem.invalid("sha256", "64 hexadecimal digits")
    }
    let staged = try await documents.run { try $0.find(document.id, in: opened.id) }
    guard sha256.lowercased() == staged.sha256 else { throw Problem.contentDiffers }
    do {
      try await decide { broker, ticket in
        broker.hall.fetched(ticket, by: opened.person, opened.id, document.id, key: .random(), at: broker.moment())
      }
    } catch {
      guard error == .alreadyFetched else { throw error }
    }
    return try respond(200, with: document.id, of: opened.id)
  }

  /// Answers with a document as it stands now.
  private func respond(
    _ status: Int, with id: DocumentID, of consultation: ConsultationID, received: Int? = nil
  ) throws -> HTTPResponse {
    guard let entry = hall.entries[consultation],
      let document = entry.consultation.documents.first(where: { $0.id == id })
    else { throw Problem(Refusal.consultationClosed) }
    return .object(status) { writer in
      if let received { writer.member("received", received) }
      writer.key("document")
      write(document, entry.documents[id], to: &writer)
    }
  }
}

extension MutationKey {
  fileprivate static func random() -> MutationKey {
    MutationKey(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  }
}

import Accounts
import Foundation
import Rooms
import Transport

/// What everybody may do with what is held about them: take it along, and have it destroyed (CU-11, CU-12.1).
extension Broker {
  static let rightsRoutes: [Route] = [
    Route("GET", "/v1/account/export", .signedIn, isLong: true) { try await $0.export(try $1.account(), $1) },
    Route("GET", "/v1/account/erasure", .signedIn) { try await $0.previewErasure(of: try $1.account()) },
    Route("POST", "/v1/account/erasure", .signedIn) { broker, call in
      try await broker.erase(try call.account(), call)
      return broker.farewell
    },
    Route("GET", "/v1/patients/{}/export", .consented, isLong: true) {
      try await $0.export(try await $0.managed($1), $1)
    },
    Route("GET", "/v1/patients/{}/erasure", .consented) { try await $0.previewErasure(of: try await $0.erasable($1)) },
    Route("POST", "/v1/patients/{}/erasure", .consented) { broker, call in
      try await broker.erase(try call.person(0), call)
      return .done
    },
  ]

  /// The patient of the path, if the caller may act for them as for themself.
  func managed(_ call: Call) async throws -> AccountID {
    let patient = try call.person(0)
    let account = try call.account()
    guard try await people.accounts.patient(patient, for: account, now: call.now) != nil else { throw Problem.notFound }
    guard try await people.accounts.mayManage(patient, account, now: call.now) else { throw Problem.forbidden }
    return patient
  }

  /// The patient of the path, if the caller may erase them: also one who has come of age and has no sign-in.
  func erasable(_ call: Call) async throws -> AccountID {
    let patient = try call.person(0)
    guard try await people.accounts.mayErase(patient, try call.account()) else { return try await managed(call) }
    return patient
  }

  // MARK: Export

  private func export(_ person: AccountID, _ call: Call) async throws -> HTTPResponse {
    let export = try await people.accounts.export(of: person, now: call.now)
    let consultations = try await consultationsOnRecord(of: PersonID(person))
    let document = ExportDocument(person: export, consultations: consultations.map { ExportedConsultation($0, person) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let day = Accounts.CivilDate(inParisAt: call.now)
    return HTTPResponse(
      status: 200,
      headers: [
        Header("Content-Type", "application/json"), Header("Cache-Control", "no-store"),
        Header("Content-Disposition", "attachment; filename=\"mqm-export-\(day).json\""),
      ], body: Array(try encoder.encode(document)))
  }

  // MARK: Erasure

  private func previewErasure(of person: AccountID) async throws -> HTTPResponse {
    let preview = try await people.accounts.erasurePreview(of: person)
    let concerned = Set(([person] + preview.patientsErased.map(\.id)).map { PersonID($0) })
    let all = hall.entries.values.map(\.consultation)
    let states = all.filter { consultation in
      concerned.contains(consultation.patient)
        || consultation.state.claim.map { concerned.contains($0.practitioner) } == true
    }.map(\.state.name)
    let unfetched = all.filter { concerned.contains($0.patient) }.map(\.unfetchedDocuments).reduce(0, +)
    return .object { writer in
      writer.member("consultations") { writer in
        writer.member("requested", states.count { $0 == .requested || $0 == .refused })
        writer.member("claimed", states.count { $0 == .claimed || $0 == .open })
        writer.member("in_progress", states.count { $0 == .inProgress || $0 == .suspended })
      }
      writer.member("patients_erased", array: preview.patientsErased) { Self.writeName($1, to: &$0) }
      writer.member("patients_left", array: preview.patientsLeft) { Self.writeName($1, to: &$0) }
      writer.member("documents_unfetched", unfetched)
    }
  }

  /// At once: sockets, requests, rows and keys (CU-12.1).
  private func erase(_ person: AccountID, _ call: Call) async throws {
    let wanted = try call.read {
      (password: try $0.secret(), code: try $0.optionalString("code", limit: ClientRequest.Limit.code))
    }
    _ = try await people.accounts.erase(
      person, by: try call.known().session, password: wanted.password, code: wanted.code, address: call.address,
      now: call.now)
    await followAccounts()
  }
}

/// What is handed out (docs/export.schema.json).
private struct ExportDocument: Encodable {
  let person: PersonExport
  let consultations: [ExportedConsultation]

  private enum Key: String, CodingKey { case consultations }

  func encode(to encoder: any Encoder) throws {
    try person.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(consultations, forKey: .consultations)
  }
}

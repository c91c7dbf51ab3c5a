import Accounts
import Foundation
import MQMSessions
import Rooms
import Transport

/// The record of a consultation, for those whose it is, also long after it is closed (CU-13).
extension Broker {
  static let recordRoutes: [Route] = [
    Route("GET", "/v1/record/key", .anyone) { broker, _ in try broker.recordKey() },
    Route("GET", "/v1/consultations", .consented) { try await $0.listPastConsultations($1) },
    Route("GET", "/v1/consultations/{}/record", .consented, isLong: true) { try await $0.showRecord($1) },
    Route("GET", "/v1/consultations/{}/bundle", .consented, isLong: true) { try await $0.downloadBundle($1) },
  ]

  /// Consultations on a page.
  private static let pageSize = 50

  private func recordKey() throws -> HTTPResponse {
    guard let key = store.publicKey else { throw Problem(Refusal.unavailable) }
    return .object { writer in
      writer.member("algorithm", "Ed25519")
      writer.member("public_key", key.base64EncodedString())
    }
  }

  // MARK: What is over

  private func listPastConsultations(_ call: Call) async throws -> HTTPResponse {
    let before = try call.query("before").map { text in
      guard let milliseconds = Int64(text), milliseconds >= 0 else {
        throw Problem.invalid("before", "it is the 'requested_at' of the last one of the page before")
      }
      let id = try call.query("before_id").map { text in
        guard let id = ConsultationID(text) else {
          throw Problem.invalid("before_id", "it is the 'id' of the last one of the page before")
        }
        return id
      }
      return PastPlace(requestedAt: Instant(milliseconds: milliseconds), id: id)
    }
    guard let guest = try await people.guest(try call.account(), on: moment().today) else {
      throw Problem(.notSignedIn)
    }
    let patients = Set(guest.patients.map(\.dossier.file.person))
    let person = PersonID(guest.profile.id)
    let found = try await readRecord {
      try $0.pastConsultations(of: patients, practitioner: person, before: before, limit: Self.pageSize)
    }
    let others = found.compactMap { Self.other(than: person, patients, in: $0) }
    let names = try await people.accounts.profiles(others.map { AccountID($0) })
    return .object { writer in
      writer.member("consultations", array: found) { writer, consultation in
        writer.object { writer in
          let isPatientSide = patients.contains(consultation.patient)
          writer.member("id", consultation.id)
          writer.member("state", consultation.state.name.rawValue)
          writer.member("side", isPatientSide ? "patient" : "practitioner")
          writer.member("requested_at", consultation.requestedAt)
          writer.member("ended_at", consultation.state.overAt)
          writer.member("closed_at", consultation.state.closing?.at)
          writer.key("other")
          Self.writeKnownName(
            Self.other(than: person, patients, in: consultation).flatMap { names[AccountID($0)] }, to: &writer)
        }
      }
    }
  }

  /// Who was across: the practitioner for the patient's side, the patient for the practitioner.
  private static func other(
    than person: PersonID, _ patients: Set<PersonID>, in consultation: Consultation
  ) -> PersonID? {
    patients.contains(consultation.patient) ? consultation.state.claim?.practitioner : consultation.patient
  }

  // MARK: One of them

  private func showRecord(_ call: Call) async throws -> HTTPResponse {
    let (id, entries) = try await entriesOfParty(call)
    let parties = Self.persons(in: entries)
    let names = try await people.accounts.profiles(parties.map { AccountID($0) })
    return .object { writer in
      writer.member("consultation", id)
      writer.member("events", array: entries) { writer, entry in
        writer.object { writer in
          writer.member("index", entry.index)
          writer.member("at", entry.event.at)
          writer.member("event", entry.event.event)
          writer.member("actor", entry.event.actor?.description)
          writer.key("details")
          // Checked when it was recorded: an object in ASCII.
          writer.raw(entry.event.details.utf8)
        }
      }
      writer.member("people", array: parties.sorted()) { writer, person in
        writer.object { writer in
          writer.member("id", person)
          writer.key("name")
          Self.writeKnownName(names[AccountID(person)], to: &writer)
        }
      }
    }
  }

  private func downloadBundle(_ call: Call) async throws -> HTTPResponse {
    let (id, _) = try await entriesOfParty(call)
    // Written off the loop: a long life makes a long text.
    let written = try await readRecord { try $0.bundle(of: id).map { Array($0.text.utf8) } }
    guard let written else { throw Problem.notFound }
    return HTTPResponse(
      status: 200,
      headers: [
        Header("Content-Type", "application/json"), Header("Cache-Control", "no-store"),
        Header("Content-Disposition", "attachment; filename=\"mqm-consultation-\(id).json\""),
      ], body: written)
  }

  /// - Throws: 404 for somebody else's consultation, as for one that does not exist.
  private func entriesOfParty(_ call: Call) async throws -> (ConsultationID, [RecordEntry]) {
    guard let id = ConsultationID(call.parameters[0]) else { throw Problem.notFound }
    let account = try call.account()
    let entries = try await readRecord { try $0.entries(of: id) }
    guard let parties = RecordParties(entries) else { throw Problem.notFound }
    if parties.practitioner != PersonID(account) {
      guard try await people.accounts.patient(AccountID(parties.patient), for: account, now: call.now) != nil else {
        throw Problem.notFound
      }
    }
    return (id, entries)
  }

  private static func persons(in entries: [RecordEntry]) -> Set<PersonID> {
    guard let parties = RecordParties(entries) else { return [] }
    return Set(entries.compactMap(\.event.actor)).union([parties.patient]).union(parties.attested)
  }

  private static func writeKnownName(_ profile: Profile?, to writer: inout JSONWriter) {
    guard let profile else { return writer.null() }
    writer.object { writer in
      writer.member("given_name", profile.givenName)
      writer.member("family_name", profile.familyName)
    }
  }
}

import Accounts
import Rooms
import Transport

/// What a patient says of their health: for themself, those who represent them, and the practitioner who claimed a
/// consultation of theirs, while it lasts (CU-1). Never for operators.
extension Broker {
  static let healthRoutes: [Route] = [
    Route("GET", "/v1/patients/{}/health", .consented) { try await $0.showHealth($1) },
    Route("PUT", "/v1/patients/{}/health", .consented) { try await $0.setHealth($1) },
    Route("GET", "/v1/consultations/{}/health", .consented) { try await $0.showHealthToPractitioner($1) },
  ]

  private func showHealth(_ call: Call) async throws -> HTTPResponse {
    Self.response(
      try await people.accounts.healthFile(of: try call.person(0), for: try call.account(), now: call.now))
  }

  private func setHealth(_ call: Call) async throws -> HTTPResponse {
    let file = try call.read { object in
      try HealthFile(
        history: try object.optionalString("history", limit: HealthFile.maximumCharacters),
        socialSecurityNumber: try object.optionalString("social_security_number", limit: 30))
    }
    let patient = try call.person(0)
    try await people.accounts.setHealthFile(file, of: patient, by: try call.account(), now: call.now)
    try await replaceCopies(of: PersonID(patient), file, at: Instant(milliseconds: call.now))
    return .done
  }

  private func showHealthToPractitioner(_ call: Call) async throws -> HTTPResponse {
    let profile = try call.known().profile
    guard profile.practitioner != nil else { throw Problem.forbidden }
    guard let id = ConsultationID(call.parameters[0]), let consultation = hall.entries[id]?.consultation,
      consultation.state.claim?.practitioner == PersonID(profile.id)
    else { throw Problem.notFound }
    guard profile.isVerifiedPractitioner, !consultation.state.isOver else { throw Problem.forbidden }
    let notes = try await healthNotes(of: id)
    return .object { writer in
      writer.member("history", notes?.history)
      writer.member("social_security_number", notes?.socialSecurityNumber)
      writer.member("updated_at", notes?.updatedAt?.milliseconds)
    }
  }

  private static func response(_ found: (file: HealthFile, updatedAt: Int64)?) -> HTTPResponse {
    .object { writer in
      writer.member("history", found?.file.history)
      writer.member("social_security_number", found?.file.socialSecurityNumber)
      writer.member("updated_at", found?.updatedAt)
    }
  }
}

import Accounts
import Foundation
import Rooms
import Transport

/// Patients and those who represent them (CU-6.3).
extension Broker {
  static let patientRoutes: [Route] = [
    Route("GET", "/v1/patients", .consented) { try await $0.showPatients($1) },
    Route("POST", "/v1/patients", .consented) { try await $0.createChild($1) },
    Route("GET", "/v1/patients/{}", .consented) { try await $0.showPatient($1) },
    Route("PATCH", "/v1/patients/{}", .consented) { try await $0.correctPatient($1) },
    Route("DELETE", "/v1/patients/{}/guardians/{}", .consented) { try await $0.endGuardianship($1) },
  ]

  private func showPatients(_ call: Call) async throws -> HTTPResponse {
    let patients = try await people.accounts.patients(of: try call.account(), now: call.now)
    let today = moment().today
    return .object { $0.member("patients", array: patients) { Self.write($1, on: today, to: &$0) } }
  }

  private func showPatient(_ call: Call) async throws -> HTTPResponse {
    try await patient(try call.person(0), for: try call.account())
  }

  private func patient(_ id: AccountID, for account: AccountID, status: Int = 200) async throws -> HTTPResponse {
    let found = try await people.accounts.patient(id, for: account, now: moment().now.milliseconds)
    guard let patient = found else { throw Problem.notFound }
    let today = moment().today
    return .json(status) { Self.write(patient, on: today, to: &$0) }
  }

  private func createChild(_ call: Call) async throws -> HTTPResponse {
    let child = try call.read { object in
      guard try object.flag("authority") else {
        throw Problem.invalid("authority", "only who holds parental authority makes a child's account")
      }
      return NewChild(
        givenName: try PersonName(try object.string("given_name", limit: 400), field: .givenName),
        familyName: try PersonName(try object.string("family_name", limit: 400), field: .familyName),
        birthDate: try CivilDate(try object.string("birth_date", limit: 10)), attending: try object.attending())
    }
    let account = try call.account()
    let id = try await people.accounts.createChild(child, of: account, now: call.now)
    await followAccounts()
    return try await patient(id, for: account, status: 201)
  }

  private func correctPatient(_ call: Call) async throws -> HTTPResponse {
    let correction = try call.read { try Correction($0) }
    let id = try call.person(0)
    let account = try call.account()
    try await people.accounts.correctPatient(id, correction, by: account, now: call.now)
    await followAccounts()
    return try await patient(id, for: account)
  }

  private func endGuardianship(_ call: Call) async throws -> HTTPResponse {
    try await people.accounts.endGuardianship(
      patient: try call.person(0), guardian: try call.person(1), by: try call.account(), now: call.now)
    await followAccounts()
    return .done
  }
}

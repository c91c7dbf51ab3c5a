import Accounts
import Foundation
import Mail
import Rooms
import Transport

/// One's own account: reading and correcting it, its password, address and open devices (CU-11).
extension Broker {
  static let accountRoutes: [Route] = [
    Route("GET", "/v1/account", .consented) { try await $0.showAccount($1) },
    Route("PATCH", "/v1/account", .consented) { try await $0.correctAccount($1) },
    Route("POST", "/v1/account/email", .consented) { try await $0.changeEmail($1) },
    Route("PUT", "/v1/account/password", .consented) { try await $0.changePassword($1) },
    Route("PUT", "/v1/account/practitioner", .consented) { try await $0.applyAsPractitioner($1) },
    Route("GET", "/v1/account/sessions", .consented) { try await $0.showSessions($1) },
    Route("DELETE", "/v1/account/sessions", .consented) { try await $0.signOutEverywhere($1) },
    Route("DELETE", "/v1/account/sessions/{}", .consented) { try await $0.endSession($1) },
  ]

  private func showAccount(_ call: Call) async throws -> HTTPResponse {
    try await details(of: try call.account())
  }

  private func details(of account: AccountID) async throws -> HTTPResponse {
    let found = try await people.accounts.details(of: account, now: moment().now.milliseconds)
    guard let details = found else { throw Problem(.notSignedIn) }
    return .json { Self.write(details, to: &$0) }
  }

  private func correctAccount(_ call: Call) async throws -> HTTPResponse {
    let correction = try call.read { object in
      var correction = try Correction(object)
      correction.language = try object.optionalChoice("language", of: Language.self)
      correction.protection = try object.optionalChoice("protection", of: Accounts.Protection.self)
      if object.has("postal_address") {
        correction.postalAddress = .some(try object.optionalObject("postal_address").map { try PostalAddress($0) })
      }
      return correction
    }
    let account = try call.account()
    try await people.accounts.correct(account, correction, now: call.now)
    await followAccounts()
    return try await details(of: account)
  }

  private func changeEmail(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (email: try object.string("email", limit: ClientRequest.Limit.email), password: try object.secret())
    }
    try await people.accounts.requestEmail(
      wanted.email, by: try call.known().session, password: wanted.password, address: call.address, now: call.now)
    return .object(202) { _ in }
  }

  private func changePassword(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (
        current: try object.string("current", limit: ClientRequest.Limit.password),
        new: try object.string("new", limit: ClientRequest.Limit.password)
      )
    }
    let caller = try call.known()
    let ended = try await people.accounts.changePassword(
      of: caller.profile.id, current: wanted.current, to: wanted.new, keeping: caller.session.id,
      address: call.address, now: call.now)
    closeClients(of: Set(ended.map(\.id)))
    return .done
  }

  private func applyAsPractitioner(_ call: Call) async throws -> HTTPResponse {
    let practitioner = try call.read { try NewAccount.Practitioner($0) }
    let account = try call.account()
    try await people.accounts.apply(practitioner, of: account, now: call.now)
    await followAccounts()
    return try await details(of: account)
  }

  // MARK: Devices

  private func showSessions(_ call: Call) async throws -> HTTPResponse {
    let caller = try call.known()
    let sessions = try await people.accounts.sessions(of: caller.profile.id, now: call.now)
    return .object { writer in
      writer.member("sessions", array: sessions) { writer, session in
        writer.object { writer in
          writer.member("id", session.id.uuidString.lowercased())
          writer.member("kind", session.kind.name)
          writer.member("device", session.device)
          writer.member("created_at", session.createdAt)
          writer.member("last_used_at", session.lastUsedAt)
          writer.member("expires_at", session.expiresAt)
          writer.member("current", session.id == caller.session.id)
        }
      }
    }
  }

  private func signOutEverywhere(_ call: Call) async throws -> HTTPResponse {
    let account = try call.account()
    let ended = try await people.accounts.revokeSessions(of: account, by: .account(account), now: call.now)
    closeClients(of: Set(ended.map(\.id)))
    return farewell
  }

  private func endSession(_ call: Call) async throws -> HTTPResponse {
    let caller = try call.known()
    guard let ended = try await people.accounts.endSession(try call.id(0), of: caller.profile.id) else {
      throw Problem.notFound
    }
    closeClients(of: [ended.id])
    return ended.id == caller.session.id ? farewell : .done
  }
}

extension Correction {
  /// Reads what goes for every patient: names, birth date, attending physician.
  init(_ object: JSONObject) throws {
    self.init()
    givenName = try object.optionalString("given_name", limit: 400).map { try PersonName($0, field: .givenName) }
    familyName = try object.optionalString("family_name", limit: 400).map { try PersonName($0, field: .familyName) }
    birthDate = try object.optionalString("birth_date", limit: 10).map { try CivilDate($0) }
    if object.has("attending") { attending = try object.attending() }
  }
}

extension Session.Kind {
  fileprivate var name: String {
    switch self {
    case .cookie: "cookie"
    case .bearer: "bearer"
    case .companion: "companion"
    }
  }
}

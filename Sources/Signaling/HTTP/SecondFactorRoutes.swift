import Accounts
import Transport

/// The second factor of one's own sign-in (RFC 6238).
extension Broker {
  static let secondFactorRoutes: [Route] = [
    Route("POST", "/v1/account/second-factor", .consented) { try await $0.beginSecondFactor($1) },
    Route("PUT", "/v1/account/second-factor", .consented) { try await $0.confirmSecondFactor($1) },
    Route("POST", "/v1/account/second-factor/removal", .consented) { try await $0.removeSecondFactor($1) },
  ]

  private func beginSecondFactor(_ call: Call) async throws -> HTTPResponse {
    let password = try call.read { try $0.secret() }
    let setup = try await people.accounts.beginSecondFactor(
      by: try call.known().session, password: password, address: call.address, now: call.now)
    return .object { writer in
      writer.member("secret", setup.secret)
      writer.member("uri", setup.uri)
    }
  }

  private func confirmSecondFactor(_ call: Call) async throws -> HTTPResponse {
    let code = try call.read { try $0.string("code", limit: ClientRequest.Limit.code) }
    let codes = try await people.accounts.confirmSecondFactor(
      by: try call.known().session, code: code, address: call.address, now: call.now)
    await followAccounts()
    return .object { $0.member("recovery_codes", array: codes) { $0.string($1) } }
  }

  private func removeSecondFactor(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read {
      (password: try $0.secret(), code: try $0.string("code", limit: ClientRequest.Limit.code))
    }
    try await people.accounts.removeSecondFactor(
      by: try call.known().session, password: wanted.password, code: wanted.code, address: call.address, now: call.now)
    return .done
  }
}

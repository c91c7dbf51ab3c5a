import Accounts
import Foundation
import Transport

/// Signing in and out, and health.
extension Broker {
  func health() -> HTTPResponse {
    .object { writer in
      writer.member("status", isDraining ? "draining" : "ok")
      writeMaintenance(to: &writer)
    }
  }

  func signIn(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (
        email: try object.string("email", limit: ClientRequest.Limit.email),
        password: try object.string("password", limit: ClientRequest.Limit.password),
        code: try object.optionalString("code", limit: ClientRequest.Limit.code), bearer: try object.flag("bearer")
      )
    }
    let signedIn = try await people.accounts.signIn(
      email: wanted.email, password: wanted.password, code: wanted.code, address: call.address,
      kind: wanted.bearer ? .bearer : .cookie, device: call.device, now: call.now)
    return welcome(signedIn, bearer: wanted.bearer, now: call.now)
  }

  func showSession(_ call: Call) async throws -> HTTPResponse {
    let profile = try call.known().profile
    let needed = try await people.accounts.consentsNeeded(of: profile.id)
    let hasSecondFactor = try await people.accounts.hasSecondFactor(profile.id)
    return .object { writer in
      writer.key("account")
      Self.write(profile, to: &writer)
      writer.member("consents_needed", array: needed) { $0.string($1.rawValue) }
      writer.member("second_factor", hasSecondFactor)
    }
  }

  func signOut(_ call: Call) async throws -> HTTPResponse {
    if let session = try await people.accounts.revokeSession(try call.known().session.id) {
      closeClients(of: [session.id])
    }
    return farewell
  }
}

import Accounts
import Foundation
import Transport

/// How somebody comes to represent a patient: by an invitation to their e-mail address (CU-6.3b).
extension Broker {
  static let invitationRoutes: [Route] = [
    Route("POST", "/v1/patients/{}/invitations", .consented) { try await $0.invite($1) },
    Route("DELETE", "/v1/patients/{}/invitations/{}", .consented) { try await $0.revokeInvitation($1) },
    Route("GET", "/v1/invitations", .consented) { try await $0.showInvitations($1) },
    Route("POST", "/v1/invitations/find", .consented) { try await $0.findInvitation($1) },
    Route("POST", "/v1/invitations/{}/accept", .consented) { try await $0.acceptInvitation($1) },
    Route("POST", "/v1/invitations/{}/decline", .consented) { try await $0.declineInvitation($1) },
  ]

  private func invite(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (
        email: try object.string("email", limit: ClientRequest.Limit.email),
        relation: try object.choice("relation", of: Relation.self)
      )
    }
    let caller = try call.known()
    let patient = try call.person(0)
    if caller.profile.roles.contains(.operator), !caller.session.isStrong { throw Problem.forbidden }
    let invitation = try await people.accounts.invite(
      wanted.email, as: wanted.relation, for: patient, by: caller.profile.id, address: call.address,
      now: call.now)
    return .json(201) { Self.write(invitation, to: &$0) }
  }

  private func revokeInvitation(_ call: Call) async throws -> HTTPResponse {
    try await people.accounts.revokeInvitation(
      try call.id(1), for: try call.person(0), by: try call.account(), now: call.now)
    return .done
  }

  private func showInvitations(_ call: Call) async throws -> HTTPResponse {
    let received = try await people.accounts.receivedInvitations(of: try call.account(), now: call.now)
    return .object { $0.member("invitations", array: received) { Self.write($1, to: &$0) } }
  }

  private func findInvitation(_ call: Call) async throws -> HTTPResponse {
    let token = try call.read { try $0.linkToken() }
    try people.accounts.admitSearch(address: call.address, now: call.now)
    let found = try await people.accounts.findInvitation(token: token, for: try call.account(), now: call.now)
    return .json { Self.write(found, to: &$0) }
  }

  private func acceptInvitation(_ call: Call) async throws -> HTTPResponse {
    try await people.accounts.acceptInvitation(try call.id(0), by: try call.account(), now: call.now)
    await followAccounts()
    return .done
  }

  private func declineInvitation(_ call: Call) async throws -> HTTPResponse {
    try await people.accounts.declineInvitation(try call.id(0), by: try call.account(), now: call.now)
    return .done
  }
}

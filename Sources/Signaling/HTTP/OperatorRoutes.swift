import Accounts
import Rooms
import Transport

/// What operators see and decide (CU-6.7, CU-12.2). Never health data (CU-5.2).
extension Broker {
  static let operatorRoutes: [Route] = [
    Route("GET", "/v1/operator/counts", .operator) { try await $0.showCounts($1) },
    Route("GET", "/v1/operator/practitioners", .operator) { try await $0.showPractitioners($1) },
    Route("POST", "/v1/operator/practitioners/{}/verification", .operator) { try await $0.decideOverPractitioner($1) },
    Route("POST", "/v1/operator/accounts/find", .operator) { try await $0.findAccount($1) },
    Route("POST", "/v1/operator/accounts/{}/closing", .operator) { try await $0.closeAccount($1) },
    Route("POST", "/v1/operator/accounts/{}/reopening", .operator) { try await $0.reopenAccount($1) },
    Route("POST", "/v1/operator/patients/{}/protection", .operator) { try await $0.setProtection($1) },
    Route("GET", "/v1/operator/audit", .operator) { try await $0.showAudit($1) },
  ]

  private static let practitionersPerPage = 50
  private static let auditEntriesPerPage = 100

  private func showCounts(_ call: Call) async throws -> HTTPResponse {
    let counts = try await people.accounts.counts(now: call.now)
    let states = hall.entries.values.map(\.consultation.state.name)
    return .object { writer in
      writer.member("accounts", counts.accounts)
      writer.member("patients", counts.patients)
      writer.member("guardians", counts.guardians)
      writer.member("operators", counts.operators)
      writer.member("closed", counts.closed)
      writer.member("practitioners") { writer in
        writer.member("pending", counts.practitioners[.pending, default: 0])
        writer.member("verified", counts.practitioners[.verified, default: 0])
        writer.member("refused", counts.practitioners[.refused, default: 0])
        writer.member("suspended", counts.practitioners[.suspended, default: 0])
      }
      writer.member("registrations_open", counts.registrationsOpen)
      writer.member("invitations_open", counts.invitationsOpen)
      writer.member("mail_waiting", counts.mailWaiting)
      writer.member("consultations") { writer in
        writer.member("requested", states.count { $0 == .requested })
        writer.member("claimed", states.count { $0 == .claimed })
        writer.member("open", states.count { $0 == .open })
        writer.member("in_progress", states.count { $0 == .inProgress })
        writer.member("suspended", states.count { $0 == .suspended })
      }
      writer.member("connections", clients.count)
    }
  }

  // MARK: Practitioners

  private func showPractitioners(_ call: Call) async throws -> HTTPResponse {
    let verification = try call.query("verification").map { name in
      guard let verification = Verification(rawValue: name) else {
        throw Problem.invalid("verification", "it is one of pending, verified, refused, suspended")
      }
      return verification
    }
    let after = try call.query("after").map { text in
      guard let id = AccountID(text) else { throw Problem.invalid("after", "it is the 'next' of the page before") }
      return id
    }
    let page = try await people.accounts.practitioners(verification, after: after, limit: Self.practitionersPerPage)
    return .object { writer in
      writer.member("practitioners", array: page) { Self.write($1, to: &$0) }
      writer.member("next", page.count == Self.practitionersPerPage ? page.last?.profile.id.description : nil)
    }
  }

  private func decideOverPractitioner(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (verification: try object.choice("verification", of: Verification.self), ground: try object.ground())
    }
    guard wanted.verification != .pending else {
      throw Problem.invalid("verification", "it is one of verified, refused, suspended")
    }
    let practitioner = try call.person(0)
    guard try await people.accounts.profile(practitioner)?.practitioner != nil else { throw Problem.notFound }
    try await people.accounts.setVerification(
      of: practitioner, to: wanted.verification, ground: wanted.ground, by: .account(try call.account()), now: call.now)
    await followAccounts()
    return .done
  }

  // MARK: Accounts

  private func findAccount(_ call: Call) async throws -> HTTPResponse {
    let email = try call.read { try $0.string("email", limit: ClientRequest.Limit.email) }
    let found = try await people.accounts.operatorAccount(email: email)
    return .object { writer in
      writer.key("account")
      if let found { Self.write(found, to: &writer) } else { writer.null() }
    }
  }

  private func closeAccount(_ call: Call) async throws -> HTTPResponse {
    let ground = try call.read { try $0.ground() }
    let account = try call.person(0)
    let by = try call.account()
    guard account != by else { throw Problem.forbidden }
    try await people.accounts.suspend(account, ground: ground, by: .account(by), now: call.now)
    await followAccounts()
    return .done
  }

  private func reopenAccount(_ call: Call) async throws -> HTTPResponse {
    let ground = try call.read { try $0.ground() }
    try await people.accounts.reinstate(
      try call.person(0), ground: ground, by: .account(try call.account()), now: call.now)
    await followAccounts()
    return .done
  }

  private func setProtection(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (protection: try object.choice("protection", of: Accounts.Protection.self), ground: try object.ground())
    }
    try await people.accounts.setProtection(
      of: try call.person(0), to: wanted.protection, ground: wanted.ground, by: .account(try call.account()),
      now: call.now)
    await followAccounts()
    return .done
  }

  private func showAudit(_ call: Call) async throws -> HTTPResponse {
    let after = try call.query("after").map { text in
      guard let id = Int64(text), id >= 0 else { throw Problem.invalid("after", "it is the 'next' of the page before") }
      return id
    }
    let entries = try await people.accounts.audit(after: after ?? 0, limit: Self.auditEntriesPerPage)
    return .object { writer in
      writer.member("entries", array: entries) { writer, entry in
        writer.object { writer in
          writer.member("id", entry.id)
          writer.member("at", entry.at)
          writer.member("actor", entry.actor.description)
          writer.member("action", entry.action.rawValue)
          writer.member("subject", entry.subject.description)
          writer.member("other", entry.other?.description)
          writer.member("ground", entry.ground)
        }
      }
      writer.member("next", entries.count == Self.auditEntriesPerPage ? entries.last?.id : nil)
    }
  }
}

extension JSONObject {
  /// Why an operator does something.
  fileprivate func ground() throws(Invalid) -> String { try string("ground", limit: Ground.maximumCharacters) }
}

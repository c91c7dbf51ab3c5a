import Accounts
import Foundation
import Logging
import Mail
import Transport

/// How people come in: sign-up, confirmation, and a new password for who forgot it (CU-1, CU-4.1).
extension Broker {
  static let signUpRoutes: [Route] = [
    Route("POST", "/v1/registrations", .anyone) { try await $0.signUp($1) },
    Route("POST", "/v1/registrations/confirm", .anyone) { try await $0.confirmRegistration($1) },
    Route("POST", "/v1/password/forgotten", .anyone) { try await $0.forgotPassword($1) },
    Route("POST", "/v1/password/reset", .anyone) { try await $0.resetPassword($1) },
    Route("POST", "/v1/email/confirm", .anyone) { try await $0.confirmEmail($1) },
  ]

  private func signUp(_ call: Call) async throws -> HTTPResponse {
    let today = Accounts.CivilDate(inParisAt: call.now)
    let signUp = try call.read { try SignUp($0, on: today) }
    try await people.accounts.signUp(signUp, address: call.address, now: call.now)
    return .object(202) { $0.member("email", signUp.account.email?.text) }
  }

  private func confirmRegistration(_ call: Call) async throws -> HTTPResponse {
    let (token, password) = try call.read { (try $0.linkToken(), try $0.secret()) }
    let signedIn = try await people.accounts.confirmRegistration(
      token: token, password: password, address: call.address, device: call.device, now: call.now)
    return welcome(signedIn, bearer: false, now: call.now)
  }

  /// Answered before any account is looked at, so that neither the answer nor its time says whether there is one.
  private func forgotPassword(_ call: Call) async throws -> HTTPResponse {
    let email = try call.read { try $0.string("email", limit: ClientRequest.Limit.email) }
    let normal = try EmailAddress(email).text
    try people.accounts.admitPasswordRequest(email: normal, address: call.address, now: call.now)
    Task {
      do throws(AccountRefusal) {
        try await people.accounts.sendPasswordLink(email: normal, now: call.now)
      } catch {
        log.error("a password link could not be made", metadata: ["code": "\(error.code)"])
      }
    }
    return .object(202) { _ in }
  }

  private func resetPassword(_ call: Call) async throws -> HTTPResponse {
    let (token, password) = try call.read { (try $0.linkToken(), try $0.secret()) }
    try await people.accounts.resetPassword(token: token, to: password, address: call.address, now: call.now)
    await followAccounts()
    return .done
  }

  private func confirmEmail(_ call: Call) async throws -> HTTPResponse {
    let token = try call.read { try $0.linkToken() }
    try await people.accounts.confirmEmail(token: token, address: call.address, now: call.now)
    return .done
  }
}

extension SignUp {
  /// Reads what a page or program sent (docs/openapi.yaml, `Registration`).
  ///
  /// - Parameter today: who is under 18 on that day gets no account of their own: a parent makes it.
  init(_ object: JSONObject, on today: Accounts.CivilDate) throws {
    enum Kind: String, CaseIterable { case patient, guardian, practitioner }
    let kind = try object.choice("kind", of: Kind.self)
    var roles: Set<Role>
    var birthDate: Accounts.CivilDate?
    var protection = Accounts.Protection.none
    var practitioner: NewAccount.Practitioner?
    switch kind {
    case .patient:
      roles = try object.flag("is_guardian") ? [.patient, .guardian] : [.patient]
      let date = try Accounts.CivilDate(try object.string("birth_date", limit: 10))
      guard (18...130).contains(date.age(on: today)) else {
        throw Problem.invalid("birth_date", "the account of somebody under 18 is made by a parent")
      }
      birthDate = date
      protection = try object.optionalChoice("protection", of: Accounts.Protection.self) ?? .none
    case .guardian: roles = [.guardian]
    case .practitioner:
      roles = [.practitioner]
      practitioner = try NewAccount.Practitioner(try object.object("practitioner"))
    }
    let account = try NewAccount(
      givenName: try object.string("given_name", limit: ClientRequest.Limit.email),
      familyName: try object.string("family_name", limit: ClientRequest.Limit.email),
      email: try object.string("email", limit: ClientRequest.Limit.email), password: try object.secret(),
      roles: roles, birthDate: birthDate, protection: protection, practitioner: practitioner)
    try self.init(
      account: account, language: try object.optionalChoice("language", of: Language.self) ?? .fr,
      postalAddress: try object.optionalObject("postal_address").map { try PostalAddress($0) },
      attending: kind == .patient ? try object.attending() : .none)
  }
}

extension NewAccount.Practitioner {
  init(_ object: JSONObject) throws {
    guard let sector = Sector(rawValue: try object.integer("sector")) else {
      throw Problem.invalid("sector", "a sector is 1, 2 or 3")
    }
    try self.init(
      rpps: try object.string("rpps", limit: 20), specialty: try object.string("specialty", limit: 200),
      sector: sector)
  }
}

extension PostalAddress {
  init(_ object: JSONObject) throws {
    try self.init(
      street: try object.string("street", limit: 400), postalCode: try object.string("postal_code", limit: 40),
      city: try object.string("city", limit: 200), country: try object.string("country", limit: 2))
  }
}

extension JSONObject {
  /// The secret of a link that was e-mailed.
  func linkToken() throws(Invalid) -> String { try string("token", limit: 100) }

  /// A password under the name `password`.
  func secret() throws(Invalid) -> String { try string("password", limit: ClientRequest.Limit.password) }

  /// The physician whom a patient names: `{"id":…}`, `{"name":…}`, null or nothing.
  func attending() throws -> AttendingChoice {
    guard let choice = try optionalObject("attending") else { return .none }
    if let id = try choice.optionalString("id", limit: 36) {
      guard let account = AccountID(id) else { throw Problem.invalid("attending", "there is no such practitioner") }
      return .registered(account)
    }
    return .named(try PersonName(try choice.string("name", limit: 400), field: .attending))
  }
}

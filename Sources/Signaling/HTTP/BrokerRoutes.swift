import Accounts
import Foundation
import Logging
import Rooms
import Transport

/// The HTTP side: which request goes where, and who is let in.
extension Broker {
  static let routes: [Route] =
    [
      Route("GET", "/v1/health", .anyone) { broker, _ in broker.health() },
      Route("POST", "/v1/session", .anyone) { try await $0.signIn($1) },
      Route("GET", "/v1/session", .signedIn) { try await $0.showSession($1) },
      Route("DELETE", "/v1/session", .signedIn) { try await $0.signOut($1) },
    ] + textRoutes + signUpRoutes + consentRoutes + accountRoutes + secondFactorRoutes + rightsRoutes + patientRoutes
    + invitationRoutes + healthRoutes + documentRoutes + recordRoutes + operatorRoutes

  func route(_ exchange: HTTPExchange) {
    let request = exchange.request
    let path = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard path.first == "v1" else {
      return exchange.respond(files?.response(to: request) ?? Problem.notFound.response)
    }
    if let wait = wait(forRequestFrom: RemoteAddress(request.remoteAddress)) {
      return exchange.respond(Problem(Fault.tooFast(afterMilliseconds: wait)).response)
    }
    let candidates = Self.routes.compactMap { route in
      route.parameters(of: Array(path)).map { (route: route, parameters: $0) }
    }
    guard !candidates.isEmpty else { return exchange.respond(Problem.notFound.response) }
    let method = request.method == "HEAD" ? "GET" : request.method
    guard let (route, parameters) = candidates.first(where: { $0.route.method == method }) else {
      let allowed = candidates.map(\.route.method)
      return exchange.respond(Problem.methodNotAllowed(allowed.contains("GET") ? allowed + ["HEAD"] : allowed).response)
    }
    Task {
      let response: HTTPResponse
      do {
        let call = try await admit(request, body: exchange.body, to: route, parameters)
        if route.isLong { try bound(exchange, for: try call.account()) }
        response = try await route.handle(self, call)
      } catch {
        if case .unavailable(let why)? = error as? AccountRefusal {
          log.error("the accounts cannot be used", metadata: ["why": "\(why)"])
        }
        let problem = Problem(error)
        metrics.noteRefusal(code: problem.code)
        response = problem.response
      }
      metrics.noteResponse(status: response.status)
      exchange.respond(response)
    }
  }

  /// Counts a long answer until the client has it, or has gone.
  private func bound(_ exchange: HTTPExchange, for account: AccountID) throws {
    guard answers.begin(account) else { throw Problem.tooManyAnswers }
    exchange.whenEnded { [weak self] in self?.assumeIsolated { $0.answers.end(account) } }
  }

  // MARK: Who is let in

  private func admit(
    _ request: Request, body: [UInt8], to route: Route, _ parameters: [String]
  ) async throws -> Call {
    try checkOrigin(of: request, for: route)
    let now = moment().now.milliseconds
    guard route.access != .anyone else {
      return Call(request: request, body: body, parameters: parameters, caller: nil, now: now)
    }
    guard let token = token(of: request),
      let session = try await people.accounts.session(forToken: token, now: now),
      let profile = try await people.accounts.profile(session.account), !profile.isSuspended
    else { throw Problem(.notSignedIn) }
    knownTokens.note(token, at: .now)
    try await people.accounts.noteUse(of: session, now: now)
    switch route.access {
    case .anyone, .signedIn: break
    case .consented:
      guard try await people.accounts.consentsNeeded(of: profile.id).isEmpty else { throw Problem.consentRequired }
    case .operator:
      guard profile.roles.contains(.operator), session.isStrong else { throw Problem.forbidden }
    }
    return Call(
      request: request, body: body, parameters: parameters, caller: Call.Caller(session: session, profile: profile),
      now: now)
  }

  /// A page from elsewhere must neither use its visitor's cookie nor sign them in to an account of its own.
  private func checkOrigin(of request: Request, for route: Route) throws {
    guard !route.isReading, bearerToken(of: request) == nil else { return }
    if let origin = request[.origin] {
      guard allowedOrigins.contains(origin) else { throw Problem.originNotAllowed }
    } else if route.access != .anyone {
      // Every browser says where a page is from when it changes something.
      throw Problem.originNotAllowed
    }
  }

  func token(of request: Request) -> String? {
    bearerToken(of: request) ?? SessionCookie.read(request[.cookie], secure: settings.secureCookie)
  }

  private func bearerToken(of request: Request) -> String? {
    guard let header = request[.authorization] else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }
}

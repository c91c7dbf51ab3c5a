import Accounts
import Foundation
import Rooms
import Transport

/// The HTTP side: signing in and out, health, and the files of the web front.
extension Broker {
  func route(_ exchange: HTTPExchange) {
    let request = exchange.request
    switch (request.path, request.method) {
    case ("/v1/session", "POST"): signIn(exchange)
    case ("/v1/session", "GET"), ("/v1/session", "HEAD"): showSession(exchange)
    case ("/v1/session", "DELETE"): signOut(exchange)
    case ("/v1/health", "GET"), ("/v1/health", "HEAD"):
      exchange.respond(Self.json { writer in writer.object { $0.member("status", isDraining ? "draining" : "ok") } })
    case ("/v1/session", _), ("/v1/health", _): exchange.respond(Problem.methodNotAllowed.response)
    default:
      guard let response = files?.response(to: request) else { return exchange.respond(Problem.notFound.response) }
      exchange.respond(response)
    }
  }

  // MARK: The session

  private struct SignIn {
    let email: String
    let password: String
    let bearer: Bool

    init(_ exchange: HTTPExchange) throws(Problem) {
      let type = exchange.request[.contentType]?.split(separator: ";").first
      guard type?.lowercased().trimmingCharacters(in: .whitespaces) == "application/json" else {
        throw .unsupportedMediaType
      }
      let read = exchange.body.withUnsafeBytes { bytes -> Result<SignIn, Fault> in
        guard let object = try? JSONObject(bytes) else { return .failure(.malformed) }
        do throws(JSONObject.Invalid) {
          return .success(
            SignIn(
              email: try object.string("email", limit: ClientRequest.Limit.email),
              password: try object.string("password", limit: ClientRequest.Limit.password),
              bearer: try object.flag("bearer")))
        } catch {
          return .failure(.invalid(error))
        }
      }
      switch read {
      case .success(let signIn): self = signIn
      case .failure(let fault): throw Problem(fault)
      }
    }

    private init(email: String, password: String, bearer: Bool) {
      self.email = email
      self.password = password
      self.bearer = bearer
    }
  }

  private func signIn(_ exchange: HTTPExchange) {
    let request = exchange.request
    // A page from elsewhere must not sign its visitor in to an account of its own.
    if let origin = request[.origin], !allowedOrigins.contains(origin) {
      return exchange.respond(Problem.originNotAllowed.response)
    }
    let wanted: SignIn
    do throws(Problem) { wanted = try SignIn(exchange) } catch { return exchange.respond(error.response) }
    Task {
      do throws(AccountRefusal) {
        let now = moment().now.milliseconds
        let signedIn = try await people.accounts.signIn(
          email: wanted.email, password: wanted.password, address: RemoteAddress(request.remoteAddress),
          kind: wanted.bearer ? .bearer : .cookie, now: now)
        closeClients(of: Set(signedIn.dropped.map(\.id)))
        let lifetime = (signedIn.session.expiresAt - now) / 1_000
        exchange.respond(
          Self.json(
            headers: wanted.bearer
              ? []
              : [
                Header(
                  "Set-Cookie",
                  SessionCookie.set(
                    signedIn.token.text, lifetimeSeconds: lifetime, secure: settings.secureCookie))
              ]
          ) { writer in
            writer.object { writer in
              writer.key("account")
              Self.write(signedIn.profile, to: &writer)
              if wanted.bearer {
                writer.member("token", signedIn.token.text)
                writer.member("expires_at", signedIn.session.expiresAt)
              }
            }
          })
      } catch {
        exchange.respond(Problem(Fault(error)).response)
      }
    }
  }

  private func showSession(_ exchange: HTTPExchange) {
    guard let token = token(of: exchange.request) else { return exchange.respond(Problem(.notSignedIn).response) }
    Task {
      do throws(AccountRefusal) {
        guard let session = try await people.accounts.session(forToken: token, now: moment().now.milliseconds),
          let profile = try await people.accounts.profile(session.account), !profile.isSuspended
        else { return exchange.respond(Problem(.notSignedIn).response) }
        exchange.respond(
          Self.json { writer in
            writer.object { writer in
              writer.key("account")
              Self.write(profile, to: &writer)
            }
          })
      } catch {
        exchange.respond(Problem(Fault(error)).response)
      }
    }
  }

  private func signOut(_ exchange: HTTPExchange) {
    let request = exchange.request
    if bearerToken(of: request) == nil {
      // With a cookie, only our own pages.
      guard let origin = request[.origin], allowedOrigins.contains(origin) else {
        return exchange.respond(Problem.originNotAllowed.response)
      }
    }
    guard let token = token(of: request) else { return exchange.respond(Problem(.notSignedIn).response) }
    Task {
      do throws(AccountRefusal) {
        if let session = try await people.accounts.signOut(token: token) { closeClients(of: [session.id]) }
        exchange.respond(
          status: 204, headers: [Header("Set-Cookie", SessionCookie.clear(secure: settings.secureCookie))])
      } catch {
        exchange.respond(Problem(Fault(error)).response)
      }
    }
  }

  // MARK: Helpers

  private func token(of request: Request) -> String? {
    bearerToken(of: request) ?? SessionCookie.read(request[.cookie], secure: settings.secureCookie)
  }

  private func bearerToken(of request: Request) -> String? {
    guard let header = request[.authorization] else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }

  private static func json(headers: [Header] = [], _ write: (inout JSONWriter) -> Void) -> HTTPResponse {
    var writer = JSONWriter()
    write(&writer)
    return HTTPResponse(
      status: 200,
      headers: headers + [Header("Content-Type", "application/json"), Header("Cache-Control", "no-store")],
      body: writer.bytes)
  }
}

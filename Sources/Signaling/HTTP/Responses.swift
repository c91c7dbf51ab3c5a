import Accounts
import Transport

/// What handlers answer with.
extension HTTPResponse {
  static let done = HTTPResponse(status: 204, headers: [Header("Cache-Control", "no-store")])

  static func json(
    _ status: Int = 200, headers: [Header] = [], _ write: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    var writer = JSONWriter()
    write(&writer)
    return HTTPResponse(
      status: status,
      headers: headers + [Header("Content-Type", "application/json"), Header("Cache-Control", "no-store")],
      body: writer.bytes)
  }

  /// One object.
  static func object(
    _ status: Int = 200, headers: [Header] = [], _ members: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    json(status, headers: headers) { $0.object(members) }
  }
}

extension Broker {
  /// Answers a sign-in: with the cookie, or with the token itself.
  func welcome(_ signedIn: SignedIn, bearer: Bool, now: Int64) -> HTTPResponse {
    closeClients(of: Set(signedIn.dropped.map(\.id)))
    let lifetime = (signedIn.session.expiresAt - now) / 1_000
    let cookie = SessionCookie.set(signedIn.token.text, lifetimeSeconds: lifetime, secure: settings.secureCookie)
    return .object(headers: bearer ? [] : [Header("Set-Cookie", cookie)]) { writer in
      writer.key("account")
      Self.write(signedIn.profile, to: &writer)
      if bearer {
        writer.member("token", signedIn.token.text)
        writer.member("expires_at", signedIn.session.expiresAt)
      }
    }
  }

  /// Answers with nothing, and takes the cookie away.
  var farewell: HTTPResponse {
    var response = HTTPResponse.done
    response.headers.append(Header("Set-Cookie", SessionCookie.clear(secure: settings.secureCookie)))
    return response
  }
}

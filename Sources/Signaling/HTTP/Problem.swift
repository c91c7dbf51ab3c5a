public import Transport

/// An error over HTTP (RFC 9457), with a code of docs/protocol.md, section 8.
public struct Problem: Error, Equatable {
  let status: Int
  let code: String
  let title: String
  var afterMilliseconds: Int64?

  static let notFound = Problem(status: 404, code: "not_found", title: "There is nothing here.")
  static let methodNotAllowed = Problem(status: 405, code: "method_not_allowed", title: "Not with this method.")
  static let unsupportedMediaType = Problem(
    status: 415, code: "unsupported_media_type", title: "The body must be application/json.")
  static let originNotAllowed = Problem(
    status: 403, code: "origin_not_allowed", title: "Pages from there may not do this.")

  init(status: Int, code: String, title: String) {
    self.status = status
    self.code = code
    self.title = title
  }

  /// What the transport refuses before the broker sees it.
  init(transportStatus status: Int) {
    switch status {
    case 403: self = .originNotAllowed
    case 404: self = .notFound
    case 405: self = .methodNotAllowed
    case 413: self.init(status: 413, code: "too_large", title: "The body is larger than 16 KiB.")
    default: self.init(status: status, code: "malformed", title: "The request cannot be understood.")
    }
  }

  init(_ fault: Fault) {
    let status =
      switch fault {
      case .wrongCredentials, .notSignedIn: 401
      case .accountSuspended: 403
      case .tooManyAttempts: 429
      case .busy: 503
      default: 400
      }
    self.init(status: status, code: fault.code, title: fault.message)
    if case .later(let milliseconds) = fault.retry { afterMilliseconds = milliseconds }
  }

  /// For `ServerConfiguration.refusal`.
  public static func response(status: Int) -> HTTPResponse { Problem(transportStatus: status).response }

  var response: HTTPResponse {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", "about:blank")
      writer.member("title", title)
      writer.member("status", status)
      writer.member("code", code)
      if let afterMilliseconds { writer.member("after_ms", afterMilliseconds) }
    }
    var headers = [Header("Content-Type", "application/problem+json"), Header("Cache-Control", "no-store")]
    if let afterMilliseconds { headers.append(Header("Retry-After", String((afterMilliseconds + 999) / 1_000))) }
    if status == 401 { headers.append(Header("WWW-Authenticate", "Bearer")) }
    return HTTPResponse(status: status, headers: headers, body: writer.bytes)
  }
}

import CLibwebsockets

/// A header of a request that a broker needs; others are not kept.
public enum HeaderName: Sendable, Hashable, CaseIterable {
  case origin, cookie, authorization, contentType, ifNoneMatch, host, secFetchSite, userAgent, contentRange,
    range, ifRange
}

/// An HTTP request without its body, or a WebSocket handshake.
public struct Request: Sendable {
  /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`.
  public let method: String
  /// The path, percent-decoded and without `.` and `..`, beginning with `/`. No query.
  public let path: String
  /// What follows `?`, percent-decoded; nil without one.
  public let query: String?
  /// The client's address as text, without a port: the peer's, or the one that a trusted proxy names.
  public let remoteAddress: String
  private let headers: [HeaderName: String]

  init(method: String, path: String, query: String?, remoteAddress: String, headers: [HeaderName: String]) {
    self.method = method
    self.path = path
    self.query = query
    self.remoteAddress = remoteAddress
    self.headers = headers
  }

  /// The header's value; several of the same name are joined as HTTP says. Nil if there is none.
  public subscript(_ name: HeaderName) -> String? { headers[name] }
}

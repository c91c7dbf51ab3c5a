/// What is sent back for an HTTP request.
public struct HTTPResponse: Sendable, Equatable {
  /// From 200 to 599.
  public var status: Int
  /// In addition to those of `ServerConfiguration.responseHeaders`. `Content-Length` and `Connection` are the
  /// server's matter.
  public var headers: [Header]
  public var body: [UInt8]
  /// A body that is fetched while it is sent, instead of `body`.
  public var stream: HTTPBodyStream?

  public init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public init(status: Int, headers: [Header] = [], stream: HTTPBodyStream) {
    self.init(status: status, headers: headers)
    self.stream = stream
  }

  /// As sent over HTTP/1.1.
  ///
  /// - Parameters:
  ///   - common: lines for every response, each with its line break.
  ///   - withoutBody: for `HEAD`.
  ///   - connection: the value of `Connection`, nil for none.
  func encoded(common: [UInt8], withoutBody: Bool, connection: String?) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 + common.count + body.count)
    bytes.append(contentsOf: "HTTP/1.1 \(status) \(Self.phrase(status))\r\n".utf8)
    bytes.append(contentsOf: common)
    for header in headers { bytes.append(contentsOf: "\(header.name): \(header.value)\r\n".utf8) }
    // RFC 9110, 8.6: neither of these has content, and 304 would announce that of another response.
    let hasContent = status != 204 && status != 304
    if hasContent { bytes.append(contentsOf: "Content-Length: \(stream?.count ?? body.count)\r\n".utf8) }
    if let connection { bytes.append(contentsOf: "Connection: \(connection)\r\n".utf8) }
    bytes.append(contentsOf: "\r\n".utf8)
    if hasContent, !withoutBody { bytes.append(contentsOf: body) }
    return bytes
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 303: "See Other"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 410: "Gone"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}

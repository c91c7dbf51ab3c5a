import CLibwebsockets

/// Reads the request that libwebsockets has parsed on a connection. Only while its headers are attached: in the
/// callbacks for a handshake, a request and its body, not later.
struct RequestReader {
  let wsi: OpaquePointer

  private static let methods = ["GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD"]

  /// Nil if the request line is not one that libwebsockets can name, or if it left a `.` or `..` in the path, as it does
  /// at a path's end.
  func request(peer: String, trusting proxies: [String]) -> Request? {
    var start: UnsafeMutablePointer<CChar>?
    var count: Int32 = 0
    let method = Int(lws_http_get_uri_and_method(wsi, &start, &count))
    guard Self.methods.indices.contains(method), let start, count > 0 else { return nil }
    let path = String(decoding: UnsafeRawBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    let segments = path.utf8.split(separator: UInt8(ascii: "/"))
    guard !segments.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) else { return nil }
    var headers: [HeaderName: String] = [:]
    for name in HeaderName.allCases { headers[name] = value(of: name) }
    return Request(
      method: Self.methods[method], path: path, query: query,
      remoteAddress: remoteAddress(peer: peer, trusting: proxies), headers: headers)
  }

  /// All values of a header, joined; nil if there is none.
  func value(_ token: lws_token_indexes) -> String? {
    let count = Int(lws_hdr_total_length(wsi, token))
    guard count > 0 else { return nil }
    // Room for what joins several headers of the same name, and for the terminator.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 64) { buffer in
      let copied = lws_hdr_copy(wsi, buffer.baseAddress, Int32(buffer.count), token)
      return copied < 0 ? nil : String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(copied)), as: UTF8.self)
    }
  }

  private func value(of name: HeaderName) -> String? {
    switch name {
    case .origin: value(WSI_TOKEN_ORIGIN)
    case .cookie: value(WSI_TOKEN_HTTP_COOKIE)
    case .authorization: value(WSI_TOKEN_HTTP_AUTHORIZATION)
    case .contentType: value(WSI_TOKEN_HTTP_CONTENT_TYPE)
    case .ifNoneMatch: value(WSI_TOKEN_HTTP_IF_NONE_MATCH)
    case .host: value(WSI_TOKEN_HOST)
    case .secFetchSite: custom("sec-fetch-site:")
    case .userAgent: value(WSI_TOKEN_HTTP_USER_AGENT)
    case .contentRange: value(WSI_TOKEN_HTTP_CONTENT_RANGE)
    case .range: value(WSI_TOKEN_HTTP_RANGE)
    case .ifRange: value(WSI_TOKEN_HTTP_IF_RANGE)
    }
  }

  /// A header that libwebsockets has no number for; `name` in lower case, with its colon.
  private func custom(_ name: String) -> String? {
    let count = Int(lws_hdr_custom_length(wsi, name, Int32(name.utf8.count)))
    guard count > 0 else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
      let copied = lws_hdr_custom_copy(wsi, buffer.baseAddress, Int32(buffer.count), name, Int32(name.utf8.count))
      return copied < 0 ? nil : String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(copied)), as: UTF8.self)
    }
  }

  /// libwebsockets keeps a query as its parts between the `&`.
  private var query: String? {
    guard lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) > 0 else { return nil }
    var parts: [String] = []
    while true {
      let count = Int(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, Int32(parts.count)))
      guard count > 0 else { break }
      let part: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
        let copied = lws_hdr_copy_fragment(
          wsi, buffer.baseAddress, Int32(buffer.count), WSI_TOKEN_HTTP_URI_ARGS, Int32(parts.count))
        return copied < 0 ? nil : String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(copied)), as: UTF8.self)
      }
      guard let part else { break }
      parts.append(part)
    }
    return parts.joined(separator: "&")
  }

  /// The last address in `X-Forwarded-For` that is not itself a trusted proxy: what stands before it, the client may
  /// have written.
  private func remoteAddress(peer: String, trusting proxies: [String]) -> String {
    guard proxies.contains(peer), let forwarded = value(WSI_TOKEN_X_FORWARDED_FOR) else { return peer }
    let hops = forwarded.split(separator: ",").map { hop in
      String(hop.drop { $0 == " " }.prefix { $0 != " " })
    }
    guard let client = hops.last(where: { !proxies.contains($0) }), isAddress(client) else { return peer }
    return client
  }
}

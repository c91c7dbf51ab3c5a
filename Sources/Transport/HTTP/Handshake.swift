import CLibwebsockets

/// The checks of a WebSocket handshake (RFC 6455, 4.2.1) that come before the program is asked.
struct Handshake {
  /// The value of `Upgrade`.
  let name: String
  let request: Request
  let reader: RequestReader

  /// What to answer instead of 101; nil if nothing is wrong.
  func refusal(path: String, subprotocol: String?, isAllowed: (String) -> Bool) -> HTTPResponse? {
    // Among others `h2c`, which libwebsockets would accept.
    guard name.lowercased() == "websocket" else { return HTTPResponse(status: 400) }
    guard request.path == path else { return HTTPResponse(status: 404) }
    guard request.method == "GET" else {
      return HTTPResponse(status: 405, headers: [Header("Allow", "GET")])
    }
    guard reader.value(WSI_TOKEN_HTTP)?.hasSuffix("1.1") == true,
      list(WSI_TOKEN_CONNECTION).contains(where: { $0.lowercased() == "upgrade" }),
      request[.host] != nil, isKey(reader.value(WSI_TOKEN_KEY)),
      reader.value(WSI_TOKEN_HTTP_CONTENT_LENGTH) ?? "0" == "0", reader.value(WSI_TOKEN_HTTP_TRANSFER_ENCODING) == nil
    else { return HTTPResponse(status: 400) }
    guard reader.value(WSI_TOKEN_VERSION) == "13" else {
      return HTTPResponse(status: 426, headers: [Header("Sec-WebSocket-Version", "13")])
    }
    if let origin = request[.origin], !isAllowed(origin) { return HTTPResponse(status: 403) }
    if let subprotocol, !list(WSI_TOKEN_PROTOCOL).contains(subprotocol) { return HTTPResponse(status: 400) }
    return nil
  }

  /// A nonce of 16 bytes in base64.
  private func isKey(_ key: String?) -> Bool {
    guard let key, key.utf8.count == 24, key.hasSuffix("==") else { return false }
    return key.utf8.dropLast(2).allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }
  }

  private func list(_ token: lws_token_indexes) -> [String] {
    (reader.value(token) ?? "").split(separator: ",").map { element in
      String(element.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
    }
  }
}

/// The cookie that holds a browser's session token.
enum SessionCookie {
  /// With TLS the name's prefix makes browsers refuse one that was set for another path, by a subdomain, or without TLS
  /// (RFC 6265bis, section 4.1.3).
  private static func name(secure: Bool) -> String { secure ? "__Host-mqm_session" : "mqm_session" }

  /// The token in a `Cookie` header; nil if there is none, or more than one.
  static func read(_ header: String?, secure: Bool) -> String? {
    guard let header else { return nil }
    let prefix = name(secure: secure) + "="
    let values = header.split(separator: ";").compactMap { pair -> String? in
      let pair = pair.drop { $0 == " " }
      return pair.hasPrefix(prefix) ? String(pair.dropFirst(prefix.count)) : nil
    }
    return values.count == 1 ? values[0] : nil
  }

  static func set(_ token: String, lifetimeSeconds: Int64, secure: Bool) -> String {
    "\(name(secure: secure))=\(token); Path=/; Max-Age=\(lifetimeSeconds); HttpOnly; SameSite=Strict"
      + (secure ? "; Secure" : "")
  }

  static func clear(secure: Bool) -> String {
    set("", lifetimeSeconds: 0, secure: secure)
  }
}

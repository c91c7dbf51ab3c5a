import Foundation

/// The mail server that takes our messages, from the configuration. TLS always.
public struct SMTPServer: Sendable {
  let scheme: String
  let host: String
  let port: Int?
  /// How we present ourselves to it; nil for the sender's domain.
  let clientName: String?
  let credentials: Credentials?
  let authority: String?

  struct Credentials: Sendable {
    let user: String
    let password: String
  }

  /// - Parameters:
  ///   - url: `smtps://mail.example.org` (TLS from the first byte, port 465) or `smtp://mail.example.org:587`
  ///     (STARTTLS, without which nothing is sent); after a slash, the name by which we present ourselves.
  ///   - user: nil for a server that asks for none; given together with the password or not at all.
  ///   - authority: file of the certificates that are trusted (PEM); nil for the system's.
  /// - Throws: when one of them cannot be used; the password is never repeated.
  public init(url: String, user: String?, password: String?, authority: String?) throws(MailRefusal) {
    let wrong = MailRefusal("the mail server must be like smtps://mail.example.org or smtp://mail.example.org:587")
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.encodedHost,
      !host.isEmpty, parts.query == nil, parts.fragment == nil, ["smtps", "smtp"].contains(scheme),
      (1...65_535).contains(parts.port ?? 25)
    else { throw wrong }
    guard parts.user == nil, parts.password == nil else {
      throw MailRefusal("user and password of the mail server have settings of their own, apart from its URL")
    }
    let name = parts.path.drop { $0 == "/" }
    guard name.utf8.allSatisfy({ UInt8(ascii: "-")...UInt8(ascii: "z") ~= $0 && $0 != UInt8(ascii: "/") }) else {
      throw wrong
    }
    self.scheme = scheme
    self.host = host
    port = parts.port ?? (scheme == "smtp" ? 587 : nil)
    clientName = name.isEmpty ? nil : String(name)
    credentials = try Self.credentials(user: user, password: password)
    guard authority.map({ $0.hasPrefix("/") && Self.isLine($0) }) ?? true else {
      throw MailRefusal("the file of trusted certificates must be an absolute path")
    }
    self.authority = authority
  }

  private static func credentials(user: String?, password: String?) throws(MailRefusal) -> Credentials? {
    guard let user, let password else {
      guard user == nil, password == nil else {
        throw MailRefusal("user and password of the mail server are given together or not at all")
      }
      return nil
    }
    // curl takes both as one text, and the first colon ends the user.
    guard !user.isEmpty, !user.contains(":"), isLine(user), isLine(password) else {
      throw MailRefusal("user and password of the mail server are one line each, and the user has no colon")
    }
    return Credentials(user: user, password: password)
  }

  private static func isLine(_ text: String) -> Bool {
    !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

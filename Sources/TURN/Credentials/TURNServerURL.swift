/// The address of a STUN or TURN server as browsers take it (RFC 7064 and RFC 7065).
public struct TURNServerURL: Equatable, Sendable {
  public enum Scheme: String, Sendable, CaseIterable {
    case stun, stuns, turn, turns
  }

  public enum Transport: String, Sendable, CaseIterable {
    case udp, tcp
  }

  public let scheme: Scheme
  /// A name, or an address without brackets.
  public let host: String
  public let port: UInt16
  /// Between client and server.
  public let transport: Transport
  public let text: String

  /// - Returns: nil if it is none: `turn:turn.example`, `turns:turn.example:443?transport=tcp`, `stun:[2001:db8::1]:3478`.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: String(text[..<colon])) else {
      return nil
    }
    var rest = text[text.index(after: colon)...]
    var transport: Transport = scheme.isSecure ? .tcp : .udp
    if let question = rest.firstIndex(of: "?") {
      let query = rest[rest.index(after: question)...]
      guard scheme.isTURN, query.hasPrefix("transport="),
        let named = Transport(rawValue: String(query.dropFirst("transport=".count)))
      else { return nil }
      transport = named
      rest = rest[..<question]
    }
    guard let (host, port) = Self.hostAndPort(rest) else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = port ?? (scheme.isSecure ? 5_349 : 3_478)
    self.transport = transport
    self.text = text
  }

  public var isTURN: Bool { scheme.isTURN }
  public var isSecure: Bool { scheme.isSecure }

  private static func hostAndPort(_ text: Substring) -> (host: String, port: UInt16?)? {
    var port: UInt16?
    var host = text
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      if !rest.isEmpty {
        guard rest.hasPrefix(":"), let number = number(rest.dropFirst()) else { return nil }
        port = number
      }
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
    } else {
      if let colon = text.firstIndex(of: ":") {
        guard let number = number(text[text.index(after: colon)...]) else { return nil }
        port = number
        host = text[..<colon]
      }
      guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") })
      else {
        return nil
      }
    }
    return host.isEmpty || host.utf8.count > 253 ? nil : (String(host), port)
  }

  private static func number(_ text: Substring) -> UInt16? {
    guard text.allSatisfy(\.isWholeNumber), let port = UInt16(text), port > 0 else { return nil }
    return port
  }
}

extension TURNServerURL.Scheme {
  var isTURN: Bool { self == .turn || self == .turns }
  var isSecure: Bool { self == .stuns || self == .turns }
}

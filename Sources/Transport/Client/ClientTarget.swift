import CLibwebsockets
import Glibc

/// Where WebSocket clients connect to.
public struct ClientTarget: Sendable {
  /// As it goes into `Host` and into TLS's server name: a name, or an address without brackets.
  public let host: String
  public let port: UInt16
  public let path: String
  public let isSecure: Bool
  let address: SocketAddress

  /// Reads `ws://host:port/path` or `wss://…`, and looks the host up, which may wait for a name server: not on an event
  /// loop. `http` and `https` are read as `ws` and `wss`; the path is `/` if there is none.
  ///
  /// - Throws: `ClientTargetError`.
  public init(url: String) throws {
    let schemes = [("ws://", false), ("wss://", true), ("http://", false), ("https://", true)]
    guard let (scheme, isSecure) = schemes.first(where: { url.hasPrefix($0.0) }) else {
      throw ClientTargetError.notAnAddress(url)
    }
    let rest = url.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    let path = String(rest.dropFirst(authority.count))
    guard !authority.contains("@"), !path.contains(where: { $0.isWhitespace || $0.isNewline || $0 == "#" }) else {
      throw ClientTargetError.notAnAddress(url)
    }
    let host: Substring
    let after: Substring
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      after = authority[authority.index(after: end)...]
    } else {
      host = authority.prefix { $0 != ":" }
      after = authority[host.endIndex...]
    }
    let port = after.isEmpty ? (isSecure ? 443 : 80) : after.hasPrefix(":") ? UInt16(after.dropFirst()) : nil
    guard !host.isEmpty, let port, port > 0 else { throw ClientTargetError.notAnAddress(url) }
    try self.init(host: String(host), port: port, path: path.isEmpty ? "/" : path, isSecure: isSecure)
  }

  /// Looks `host` up, which may wait for a name server: not on an event loop.
  ///
  /// - Throws: `ClientTargetError`.
  public init(host: String, port: UInt16, path: String, isSecure: Bool = false) throws {
    guard let address = SocketAddress.resolve(host: host, port: port) else {
      throw ClientTargetError.unknownHost(host)
    }
    self.host = host
    self.port = port
    self.path = path
    self.isSecure = isSecure
    self.address = address
  }

  /// Whether it is an IPv4 address of this machine's own (127.0.0.0/8), which any other such address may be a source for.
  public var isLoopback: Bool { address.isLoopback4 }

  /// The value of `Host` (RFC 9110, 7.2).
  var authority: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
  }
}

/// Why there is nothing to connect to.
public enum ClientTargetError: Error, Equatable, CustomStringConvertible {
  case notAnAddress(String)
  case unknownHost(String)

  public var description: String {
    switch self {
    case .notAnAddress(let text): "'\(text)' is not an address of the form ws://host:port/path or wss://host:port/path."
    case .unknownHost(let host): "The host '\(host)' is unknown. Give an IP address, or a name that can be resolved."
    }
  }
}

/// An IPv4 or IPv6 address with a port, as the kernel takes it.
struct SocketAddress: Sendable {
  private let storage: sockaddr_storage
  private let size: socklen_t

  var family: Int32 { Int32(storage.ss_family) }

  static func resolve(host: String, port: UInt16) -> SocketAddress? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { return nil }
    defer { freeaddrinfo(found) }
    guard let address = found.pointee.ai_addr, found.pointee.ai_addrlen <= MemoryLayout<sockaddr_storage>.size else {
      return nil
    }
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { target in
      target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(found.pointee.ai_addrlen)))
    }
    return SocketAddress(storage: storage, size: found.pointee.ai_addrlen)
  }

  /// One of 127.0.0.0/8, port chosen by the system. `number` is the address's lower 24 bits.
  static func loopback(_ number: UInt32) -> SocketAddress {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = (0x7f00_0000 | (number & 0x00ff_ffff)).bigEndian
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { target in
      withUnsafeBytes(of: &address) { target.copyMemory(from: $0) }
    }
    return SocketAddress(storage: storage, size: socklen_t(MemoryLayout<sockaddr_in>.size))
  }

  private init(storage: sockaddr_storage, size: socklen_t) {
    self.storage = storage
    self.size = size
  }

  var isLoopback4: Bool {
    guard family == AF_INET else { return false }
    return withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in.self) }.sin_addr.s_addr.bigEndian >> 24
      == 127
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafeBytes(of: storage) { bytes in
      body(bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), size)
    }
  }
}

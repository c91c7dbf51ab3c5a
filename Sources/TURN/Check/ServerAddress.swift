import Glibc

/// One address to which a server's name leads, as the sockets take it.
struct ServerAddress {
  let family: Int32
  let bytes: [UInt8]
  /// `192.0.2.1:3478`, or `[2001:db8::1]:3478`.
  let text: String

  /// All of them, in the order in which the resolver recommends them. Blocks for as long as the resolver takes.
  static func resolve(_ url: TURNServerURL) throws(CheckFailure) -> [ServerAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32((url.transport == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue)
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    var status = getaddrinfo(url.host, "\(url.port)", &hints, &list)
    if status != 0 {
      // On a machine that has nothing but loopback, AI_ADDRCONFIG hides what is there.
      hints.ai_flags = AI_NUMERICSERV
      status = getaddrinfo(url.host, "\(url.port)", &hints, &list)
    }
    guard status == 0 else { throw .notResolved(host: url.host, why: String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    var found: [ServerAddress] = []
    var next = list
    while let entry = next {
      next = entry.pointee.ai_next
      guard let address = entry.pointee.ai_addr else { continue }
      let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen)))
      guard !found.contains(where: { $0.bytes == bytes }) else { continue }
      var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      getnameinfo(address, entry.pointee.ai_addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
      let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      found.append(
        ServerAddress(
          family: entry.pointee.ai_family, bytes: bytes,
          text: name.contains(":") ? "[\(name)]:\(url.port)" : "\(name):\(url.port)"))
    }
    return found
  }
}

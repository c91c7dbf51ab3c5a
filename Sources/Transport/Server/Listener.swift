import CLibwebsockets
import Glibc

/// The listening socket. Accepted connections are handed to `accepted`; libwebsockets has no listener of its own here,
/// so that ending it leaves the connections alone and errors are told by their cause.
final class Listener: PollHandler {
  /// The port in use, when the system was to choose as well.
  let port: UInt16
  private let descriptor: Int32
  private unowned let loop: EventLoop
  private let accepted: (Int32, String) -> Void
  private var retry: TimerToken?
  private(set) var isOpen = true

  /// - Parameter accepted: gets the descriptor, which it has to close, and the peer's address.
  init(host: String, port: UInt16, loop: EventLoop, accepted: @escaping (Int32, String) -> Void) throws {
    self.loop = loop
    self.accepted = accepted
    let descriptor = try Self.open(host: host, port: port)
    self.descriptor = descriptor
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    self.port = portNumber(of: address)
    loop.poller.add(descriptor, handler: self, events: Poll.read)
  }

  /// Ends listening. Connections that wait to be accepted are refused by the system.
  func close() {
    guard isOpen else { return }
    isOpen = false
    retry?.cancel()
    loop.poller.remove(descriptor)
    Glibc.close(descriptor)
  }

  private static func open(host: String, port: UInt16) throws -> Int32 {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
      throw TransportError.unknownHost(host: host)
    }
    defer { freeaddrinfo(found) }

    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(first.pointee.ai_family, kind, 0)
    guard descriptor >= 0 else { throw TransportError.system(call: "socket", code: errno) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, listen(descriptor, 4_096) == 0 else {
      let code = errno
      Glibc.close(descriptor)
      switch code {
      case EADDRINUSE: throw TransportError.addressInUse(host: host, port: port)
      case EADDRNOTAVAIL: throw TransportError.addressNotAvailable(host: host)
      case EACCES: throw TransportError.permissionDenied(host: host, port: port)
      default: throw TransportError.system(call: "bind", code: code)
      }
    }
    return descriptor
  }

  func ready(_ descriptor: Int32, events: UInt32) {
    // A bound, so that a storm of connections does not keep the loop from those it has.
    for _ in 0..<16 {
      var address = sockaddr_storage()
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let accepted = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          accept4(descriptor, $0, &size, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
        }
      }
      guard accepted >= 0 else {
        if [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(errno) { pause() }
        return
      }
      var yes: Int32 = 1
      setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      self.accepted(accepted, addressText(of: address))
      guard isOpen else { return }
    }
  }

  /// Out of descriptors: tries again in a second, instead of at once and for ever.
  private func pause() {
    loop.poller.change(descriptor, adding: 0, removing: Poll.read)
    retry = loop.schedule(after: .seconds(1)) { [weak self] in
      guard let self, isOpen else { return }
      loop.poller.change(descriptor, adding: Poll.read, removing: 0)
    }
  }
}

private func portNumber(of address: sockaddr_storage) -> UInt16 {
  withUnsafeBytes(of: address) { bytes in
    // At the same place in the addresses of IPv4 and of IPv6.
    UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
  }
}

/// The address without its port; IPv4 in IPv6 as IPv4.
private func addressText(of address: sockaddr_storage) -> String {
  var copy = address
  var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  let isIPv6 = Int32(address.ss_family) == AF_INET6
  let text = withUnsafeBytes(of: &copy) { bytes in
    inet_ntop(Int32(address.ss_family), bytes.baseAddress! + (isIPv6 ? 8 : 4), &buffer, socklen_t(INET6_ADDRSTRLEN))
      .map { String(cString: $0) }
  }
  guard let text else { return "" }
  return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
}

/// Whether the text is an IPv4 or IPv6 address.
func isAddress(_ text: String) -> Bool {
  var buffer = in6_addr()
  return inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
}

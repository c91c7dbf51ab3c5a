import Glibc

/// A connected socket whose calls wait for a bounded time. Belongs to one thread.
final class ServerSocket {
  let descriptor: Int32
  private let isStream: Bool

  /// Connects; for UDP that sends nothing.
  init(to address: ServerAddress, _ transport: TURNServerURL.Transport, within deadline: Deadline) throws(CheckFailure)
  {
    isStream = transport == .tcp
    let type = Int32((isStream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
    descriptor = socket(address.family, type | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure(errno) }
    let status = address.bytes.withUnsafeBytes { bytes in
      connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard status != 0 else { return }
    guard errno == EINPROGRESS else { throw Self.failure(errno) }
    guard wait(for: Int16(POLLOUT), within: deadline) else {
      throw .noAnswer(step: .connect, seconds: deadline.seconds)
    }
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 else { throw Self.failure(code) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Whether it can be read or written before the time is over.
  func wait(for events: Int16, within deadline: Deadline) -> Bool {
    while true {
      let left = deadline.millisecondsLeft
      guard left > 0 else { return false }
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let count = poll(&entry, 1, left)
      if count > 0 { return true }
      guard count == 0 || errno == EINTR else { return false }
    }
  }

  func send(_ bytes: [UInt8], _ step: CheckStep, within deadline: Deadline) throws(CheckFailure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN || errno == EINTR {
        guard wait(for: Int16(POLLOUT), within: deadline) else {
          throw .noAnswer(step: step, seconds: deadline.seconds)
        }
      } else {
        throw errno == EPIPE || errno == ECONNRESET ? .closed(step: step) : Self.failure(errno)
      }
    }
  }

  /// What is there, at least one byte; nil when the time is over.
  func receive(_ step: CheckStep, within deadline: Deadline) throws(CheckFailure) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: STUNMessage.bytesAtMost)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 { return Array(buffer[..<count]) }
      if count == 0 {
        // An empty datagram is nobody's message.
        if isStream { throw .closed(step: step) }
      } else if errno != EAGAIN, errno != EINTR {
        throw errno == ECONNRESET ? .closed(step: step) : Self.failure(errno)
      }
      guard wait(for: Int16(POLLIN), within: deadline) else { return nil }
    }
  }

  private static func failure(_ code: Int32) -> CheckFailure {
    code == ECONNREFUSED ? .refused : .noRoute(why: String(cString: strerror(code)))
  }
}

/// Until when something must be done.
struct Deadline {
  let seconds: Int
  private let instant: ContinuousClock.Instant

  init(seconds: Int) {
    self.seconds = seconds
    instant = .now.advanced(by: .seconds(seconds))
  }

  private init(seconds: Int, instant: ContinuousClock.Instant) {
    self.seconds = seconds
    self.instant = instant
  }

  /// At most 2^31 - 1; 0 when it is over.
  var millisecondsLeft: Int32 {
    let (seconds, fraction) = (instant - .now).components
    guard seconds >= 0, fraction >= 0 else { return 0 }
    return Int32(clamping: seconds * 1_000 + fraction / 1_000_000_000_000_000 + 1)
  }

  /// That time from now, or this deadline if it comes earlier.
  func atMost(milliseconds: Int) -> Deadline {
    Deadline(seconds: seconds, instant: min(instant, .now.advanced(by: .milliseconds(milliseconds))))
  }
}

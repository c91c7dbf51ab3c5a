import Glibc

/// A byte stream to a server.
package protocol ByteStream: AnyObject {
  func write(_ bytes: [UInt8]) throws
  /// At least one byte; none at the end of the stream.
  func read() throws -> [UInt8]
}

package enum StreamError: Error {
  case connectFailed(Int32)
  case writeFailed(Int32)
  case readFailed(Int32)
  case ended
  /// What came is not HTTP, or not a frame that a server may send.
  case unexpected(String)
}

/// A blocking TCP connection with a timeout.
package final class TCPStream: ByteStream {
  package let descriptor: Int32

  /// - Parameters:
  ///   - receiveBuffer: bytes, for clients that do not read.
  ///   - patience: seconds after which a read or write fails.
  package init(port: UInt16, receiveBuffer: Int32? = nil, patience: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
    }
    var timeout = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // Interrupted, it goes on all the same, and is over when the descriptor can be written to.
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if code != 0, errno == EINTR {
      while poll(&waiting, 1, Int32(patience) * 1_000) < 0 && errno == EINTR {}
    } else if code != 0 {
      throw StreamError.connectFailed(errno)
    }
  }

  deinit { close(descriptor) }

  package func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw StreamError.writeFailed(errno) }
      sent += count
    }
  }

  package func read() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count = 0
    repeat { count = recv(descriptor, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
    if count < 0 { throw StreamError.readFailed(errno) }
    return Array(buffer[..<count])
  }

  /// Closes with a reset, as a machine that crashed and came back would.
  package func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  package func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}

import COpenSSL
import Glibc

/// TLS over a connected socket, with a certificate that holds for the name. Belongs to one thread.
final class TLSLayer {
  private let socket: ServerSocket
  private let context: OpaquePointer
  private let ssl: OpaquePointer

  /// - Parameters:
  ///   - host: a name or an address, as the certificate must have it.
  ///   - authorities: PEM file with those that may vouch for it; the system's for nil.
  init(
    over socket: ServerSocket, host: String, authorities: String?, within deadline: Deadline
  ) throws(CheckFailure) {
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .notTLS(why: Self.lastError) }
    self.context = context
    guard let ssl = SSL_new(context) else {
      SSL_CTX_free(context)
      throw .notTLS(why: Self.lastError)
    }
    self.ssl = ssl
    self.socket = socket
    _ = mqm_ssl_require_tls_1_2(context)
    try setUp(host: host, authorities: authorities)
    try handshake(within: deadline)
  }

  deinit {
    SSL_free(ssl)
    SSL_CTX_free(context)
  }

  private func setUp(host: String, authorities: String?) throws(CheckFailure) {
    let isLoaded =
      if let authorities {
        SSL_CTX_load_verify_locations(context, authorities, nil)
      } else {
        SSL_CTX_set_default_verify_paths(context)
      }
    guard isLoaded == 1 else { throw .certificate(why: "the authorities cannot be read (\(Self.lastError))") }
    // The session has the context's store, but not what is set in the context from here on.
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) != 1 {
      SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      guard SSL_set1_host(ssl, host) == 1 else { throw .certificate(why: Self.lastError) }
      // A server's name is no address (RFC 6066, section 3).
      _ = mqm_ssl_set_server_name(ssl, host)
    }
    guard SSL_set_fd(ssl, socket.descriptor) == 1 else { throw .notTLS(why: Self.lastError) }
  }

  private func handshake(within deadline: Deadline) throws(CheckFailure) {
    while true {
      ERR_clear_error()
      let result = SSL_connect(ssl)
      if result == 1 { return }
      guard try waits(after: result, .tls, within: deadline) else {
        throw .noAnswer(step: .tls, seconds: deadline.seconds)
      }
    }
  }

  func send(_ bytes: [UInt8], _ step: CheckStep, within deadline: Deadline) throws(CheckFailure) {
    while true {
      ERR_clear_error()
      // Either all of it is taken, or nothing.
      let result = SSL_write(ssl, bytes, Int32(bytes.count))
      if result > 0 { return }
      guard try waits(after: result, step, within: deadline) else {
        throw .noAnswer(step: step, seconds: deadline.seconds)
      }
    }
  }

  /// What is there, at least one byte; nil when the time is over.
  func receive(_ step: CheckStep, within deadline: Deadline) throws(CheckFailure) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: STUNMessage.bytesAtMost)
    while true {
      ERR_clear_error()
      let count = SSL_read(ssl, &buffer, Int32(buffer.count))
      if count > 0 { return Array(buffer[..<Int(count)]) }
      guard try waits(after: count, step, within: deadline) else { return nil }
    }
  }

  /// Waits for what the library needs; false when the time is over.
  private func waits(
    after result: Int32, _ step: CheckStep, within deadline: Deadline
  ) throws(CheckFailure) -> Bool {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return socket.wait(for: Int16(POLLIN), within: deadline)
    case SSL_ERROR_WANT_WRITE: return socket.wait(for: Int16(POLLOUT), within: deadline)
    case SSL_ERROR_ZERO_RETURN, SSL_ERROR_SYSCALL: throw .closed(step: step)
    default:
      let verified = SSL_get_verify_result(ssl)
      if verified != X509_V_OK { throw .certificate(why: String(cString: X509_verify_cert_error_string(verified))) }
      throw .notTLS(why: Self.lastError)
    }
  }

  private static var lastError: String {
    let code = ERR_get_error()
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

import CLibwebsockets

/// Makes TLS sessions for clients.
///
/// Certificates are not verified: these are the clients of load generators and tests, which send only what they invented
/// themselves to servers that they started or were pointed at, often with certificates that nobody vouches for.
final class ClientTLSContext {
  fileprivate let context: OpaquePointer

  init() throws {
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw ClientEnd.tlsFailed(Self.lastError()) }
    self.context = context
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
    // Buffers are given back while a connection is idle (SSL_MODE_RELEASE_BUFFERS): there are thousands of them.
    SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
  }

  deinit { SSL_CTX_free(context) }

  /// What OpenSSL says was wrong last; empties its list of errors.
  static func lastError() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0 else { return "no reason given" }
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(code, &text, text.count)
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}

/// One connection's TLS between two memory BIOs: bytes in, bytes out, no socket.
final class ClientTLSSession {
  enum Handshake {
    case unfinished
    case done
    case failed(String)
  }

  enum Decrypted {
    case bytes(Int)
    case nothing
    case end
    case failed(String)
  }

  private let session: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  /// Encrypted bytes that the kernel has not taken.
  private(set) var unsent: [UInt8] = []

  init(_ context: ClientTLSContext, host: String) throws {
    guard let session = SSL_new(context.context), let incoming = BIO_new(BIO_s_mem()),
      let outgoing = BIO_new(BIO_s_mem())
    else { throw ClientEnd.tlsFailed(ClientTLSContext.lastError()) }
    self.session = session
    self.incoming = incoming
    self.outgoing = outgoing
    SSL_set_bio(session, incoming, outgoing)
    SSL_set_connect_state(session)
    // A server name is a name, never an address (RFC 6066, 3).
    if host.contains(where: \.isLetter), !host.contains(":") {
      var name = Array(host.utf8CString)
      SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
    }
  }

  deinit { SSL_free(session) }

  /// Bytes that came from the network.
  func take(_ bytes: UnsafeRawBufferPointer) {
    _ = BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
  }

  func handshake() -> Handshake {
    ERR_clear_error()
    let result = SSL_do_handshake(session)
    if result == 1 { return .done }
    switch SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .unfinished
    default: return .failed(ClientTLSContext.lastError())
    }
  }

  /// Whether all of it was taken.
  func encrypt(_ bytes: UnsafeRawBufferPointer) -> Bool {
    ERR_clear_error()
    return SSL_write(session, bytes.baseAddress, Int32(bytes.count)) == Int32(bytes.count)
  }

  func decrypt(into buffer: UnsafeMutableRawBufferPointer) -> Decrypted {
    ERR_clear_error()
    let count = SSL_read(session, buffer.baseAddress, Int32(buffer.count))
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(session, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .nothing
    case SSL_ERROR_ZERO_RETURN: return .end
    default: return .failed(ClientTLSContext.lastError())
    }
  }

  /// Moves what OpenSSL has written to `unsent`.
  func collect() {
    let waiting = BIO_ctrl_pending(outgoing)
    guard waiting > 0 else { return }
    let start = unsent.count
    unsent.append(contentsOf: repeatElement(0, count: waiting))
    unsent.withUnsafeMutableBytes { bytes in
      _ = BIO_read(outgoing, bytes.baseAddress! + start, Int32(waiting))
    }
  }

  /// Forgets what was sent, and returns whether that is all.
  func remove(_ count: Int) -> Bool {
    if count == unsent.count {
      unsent.removeAll(keepingCapacity: false)
    } else {
      unsent.removeFirst(count)
    }
    return unsent.isEmpty
  }
}

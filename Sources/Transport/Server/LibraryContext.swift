import CLibwebsockets
import Glibc

/// The libwebsockets context and vhost of a server, and the C memory that must outlive them. Belongs to the loop's
/// thread.
final class LibraryContext {
  /// What libwebsockets reads and composes handshakes in, one for the thread.
  static let bufferSize = 16_384
  /// What libwebsockets reads at once.
  static let readSize = ReceiveBuffers.size - ReceiveBuffers.overhead + Int(mqm_lws_pre)

  /// Nil before `create` and after `destroy`.
  private(set) var context: OpaquePointer?
  private var vhost: OpaquePointer?
  private let configuration: ServerConfiguration

  private var strings: [UnsafeMutablePointer<CChar>] = []
  private let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
  private let headers: UnsafeMutableBufferPointer<lws_protocol_vhost_options>
  private let policy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
  /// One for each context: libwebsockets counts in it without a lock what refers to it, and aborts if the count is wrong,
  /// which it would be with contexts on several threads.
  private let log = UnsafeMutablePointer<lws_log_cx_t>.allocate(capacity: 1)

  init(configuration: ServerConfiguration, headers list: [Header]) {
    self.configuration = configuration
    headers = .allocate(capacity: list.count)
    policy.initialize(to: lws_retry_bo_t())
    log.initialize(to: lws_log_cx_t())
    log.pointee.u.emit = libraryLogged
    log.pointee.lll_flags = Library.logLevels
    protocols.initialize(repeating: lws_protocols(), count: 2)
    protocols[0].name = string(configuration.subprotocol ?? "mqm")
    protocols[0].callback = libraryCallback
    // libwebsockets tells that a connection begins to end only if it keeps something for it.
    protocols[0].per_session_data_size = 8
    protocols[0].rx_buffer_size = ReceiveBuffers.size - ReceiveBuffers.overhead
    protocols[0].tx_packet_size = Outbox.writeSize
    // For the few responses that libwebsockets writes by itself, such as to an unknown `Upgrade`.
    for (index, header) in list.enumerated() {
      var option = lws_protocol_vhost_options()
      option.name = string(header.name.lowercased() + ":")
      option.value = string(header.value)
      option.next = index + 1 < list.count ? UnsafePointer(headers.baseAddress! + index + 1) : nil
      headers.initializeElement(at: index, to: option)
    }
  }

  deinit {
    for string in strings { free(string) }
    protocols.deallocate()
    headers.deallocate()
    policy.deallocate()
    log.deallocate()
  }

  private func string(_ text: String) -> UnsafePointer<CChar>? {
    guard let copy = strdup(text) else { return nil }
    strings.append(copy)
    return UnsafePointer(copy)
  }

  /// - Throws: `TransportError.unreadable`, `.certificateRefused` or `.libraryFailed`.
  func create(server: Server) throws {
    var info = lws_context_creation_info()
    info.options = UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS) | UInt64(LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME)
    info.user = Unmanaged.passUnretained(server).toOpaque()
    info.protocols = UnsafePointer(protocols)
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER
    info.event_lib_custom = eventLibrary
    info.log_cx = log
    info.pt_serv_buf_size = UInt32(Self.bufferSize)
    info.max_http_header_data = configuration.maximumHeaderBytes
    info.timeout_secs = UInt32(configuration.requestTimeout.wholeSeconds)
    info.timeout_secs_ah_idle = UInt32(configuration.requestTimeout.wholeSeconds)
    info.keepalive_timeout = configuration.keepAliveTimeout.wholeSeconds
    info.headers = headers.baseAddress.map { UnsafePointer($0) }
    info.server_string = string("mqm")
    // Pings are the server's own (`WebSocket.checkSilence`): libwebsockets would keep a sorted list of timers, which
    // costs more for each message the more connections there are.
    info.retry_and_idle_policy = UnsafePointer(policy)
    info.vhost_name = string("mqm")
    if let tls = configuration.tls { try prepare(tls, &info) }

    var loops: UnsafeMutableRawPointer? = Unmanaged.passUnretained(server).toOpaque()
    let collected = LogCollector(forwardingTo: configuration.log)
    Library.setLog { collected.add($0) }
    defer { Library.setLog(configuration.log) }
    context = withUnsafeMutablePointer(to: &loops) { pointer in
      info.foreign_loops = pointer
      return lws_create_context(&info)
    }
    guard let context else { throw TransportError.libraryFailed(detail: collected.text) }
    vhost = lws_create_vhost(context, &info)
    guard vhost != nil else {
      destroy()
      if let tls = configuration.tls {
        throw TransportError.certificateRefused(
          certificate: tls.certificateFile, key: tls.keyFile, detail: collected.text)
      }
      throw TransportError.libraryFailed(detail: collected.text)
    }
  }

  private func prepare(_ tls: ServerConfiguration.TLS, _ info: inout lws_context_creation_info) throws {
    try checkReadable(tls.certificateFile, setting: "TLS certificate file")
    try checkReadable(tls.keyFile, setting: "TLS key file")
    info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) | UInt64(LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS)
    info.ssl_cert_filepath = string(tls.certificateFile)
    info.ssl_private_key_filepath = string(tls.keyFile)
    // HTTP/2 frames would have to be written one by one.
    info.alpn = string("http/1.1")
    info.ssl_options_set = TLSOption.noTLS10 | TLSOption.noTLS11 | TLSOption.noRenegotiation
    info.ssl_cipher_list = string("ECDHE+AESGCM:ECDHE+CHACHA20")
  }

  private func checkReadable(_ path: String, setting: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TransportError.unreadable(setting: setting, path: path, reason: errorText(errno))
    }
    var byte: UInt8 = 0
    let count = read(descriptor, &byte, 1)
    let reason = count < 0 ? errorText(errno) : "it is empty"
    close(descriptor)
    guard count == 1 else { throw TransportError.unreadable(setting: setting, path: path, reason: reason) }
  }

  /// Makes a connection of an accepted descriptor, which libwebsockets closes from now on. False if nothing came of it
  /// and `owner` was not released.
  func adopt(_ descriptor: Int32, as owner: Unmanaged<HTTPConnection>) -> Bool {
    var description = lws_adopt_desc_t()
    description.vh = vhost
    description.type = lws_adoption_type(
      LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_HTTP.rawValue | LWS_ADOPT_ALLOW_SSL.rawValue)
    description.fd.sockfd = descriptor
    description.opaque = owner.toOpaque()
    let connection = owner.takeUnretainedValue()
    if let wsi = lws_adopt_descriptor_vhost_via_info(&description) {
      connection.wsi = wsi
      return true
    }
    // If there was a connection, it was destroyed, and that was told.
    guard !connection.wasDestroyed else { return true }
    owner.release()
    return false
  }

  func reloadCertificate() {
    guard let context, let tls = configuration.tls else { return }
    lws_tls_cert_updated(context, tls.certificateFile, tls.keyFile, nil, 0, nil, 0)
  }

  /// Closes all connections and frees everything. Not within a libwebsockets callback.
  func destroy() {
    guard let context else { return }
    // Callbacks are still made for the connections, but nothing is served any more.
    lws_context_destroy(context)
    self.context = nil
    vhost = nil
  }
}

/// `SSL_OP_…` of OpenSSL 3, which are macros that Swift does not see.
private enum TLSOption {
  static let noTLS10 = 1 << 26
  static let noTLS11 = 1 << 28
  static let noRenegotiation = 1 << 30
}

/// What libwebsockets says while it starts, for the error.
private final class LogCollector: @unchecked Sendable {
  private let next: (@Sendable (LibraryMessage) -> Void)?
  private var lines: [String] = []

  init(forwardingTo next: (@Sendable (LibraryMessage) -> Void)?) {
    self.next = next
  }

  func add(_ message: LibraryMessage) {
    lines.append(message.text)
    next?(message)
  }

  var text: String { lines.joined(separator: "; ") }
}

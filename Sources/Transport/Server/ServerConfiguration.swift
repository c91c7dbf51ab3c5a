/// A header of an HTTP response.
public struct Header: Sendable, Equatable {
  public var name: String
  public var value: String

  /// Line breaks and other control characters in either would split the response; they are dropped.
  public init(_ name: String, _ value: String) {
    self.name = Self.clean(name) { $0.value > 0x20 && $0.value != 0x7f && $0 != ":" }
    self.value = Self.clean(value) { $0.value >= 0x20 && $0.value != 0x7f }
  }

  private static func clean(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.filter(isKept))
    return String(kept)
  }
}

/// A line that libwebsockets logged.
public struct LibraryMessage: Sendable {
  public enum Level: Sendable {
    case error, warning
  }
  public let level: Level
  public let text: String
}

/// How a server listens, and what it allows.
public struct ServerConfiguration: Sendable {
  /// PEM files for TLS.
  public struct TLS: Sendable, Equatable {
    /// The certificate, with the intermediate ones after it.
    public var certificateFile: String
    public var keyFile: String

    public init(certificateFile: String, keyFile: String) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  /// An IP address of this machine or a name for one; `0.0.0.0` or `::` for all of them.
  public var host = "127.0.0.1"
  /// 0: the system chooses; `Server.port` says which.
  public var port: UInt16 = 0
  /// TLS 1.2 or later; without it the server speaks plain HTTP, which is for loopback and behind a proxy only.
  public var tls: TLS?

  /// The only path on which a socket is opened.
  public var webSocketPath = "/v1/ws"
  /// The subprotocol a client must offer; nil: none, and what it offers is not looked at.
  public var subprotocol: String? = "mqm.v1"
  /// `Origin` values that may open sockets, compared as a whole, such as `https://mqm.example`. A handshake without an
  /// `Origin`, which no browser sends, is let through to `ServerHandler.shouldUpgrade`.
  public var allowedOrigins: [String] = []

  /// Bytes of a received message. Longer ones close the connection with 1009.
  public var maximumMessageBytes = 65_536
  /// Whether `ServerHandler.received` gets binary messages, too. Otherwise they close the connection with 1003.
  public var acceptsBinary = false
  /// Bytes that may wait for a client that does not read, before it is closed with `slowReaderClose`.
  public var maximumOutboxBytes = 1_048_576
  /// Messages that may wait for a client that does not read.
  public var maximumOutboxMessages = 1_024
  /// The close code and reason for a client that does not read.
  public var slowReaderClose: (code: UInt16, reason: String) = (4101, #"{"code":"slow_reader"}"#)
  /// Bytes of a request's body. Longer ones get 413, unless `ServerHandler.maximumBody` lets them in.
  public var maximumBodyBytes = 16_384
  /// Bodies beyond `maximumBodyBytes` that may be on their way or being answered at the same time; more get 503.
  public var maximumLongBodies = 128
  /// Of those, how many from one address.
  public var maximumLongBodiesPerAddress = 16
  /// The same for bodies of senders of whom it is still being found out whether they are known.
  public var maximumUnprovenBodies = 16
  /// Of those, how many from one address.
  public var maximumUnprovenBodiesPerAddress = 4
  /// Bytes of a request's headers, 65,535 at most. Longer ones close the connection.
  public var maximumHeaderBytes: UInt16 = 8_192
  /// Connections of all kinds at the same time; more are closed at once. As low as descriptors allow, too.
  public var maximumConnections = 60_000
  /// Connections of all kinds from one address, or from the first 64 bits of one of IPv6; more are closed at once. Those of
  /// `trustedProxies` are not counted, as everybody comes through them.
  public var maximumConnectionsPerAddress = 2_000
  /// Connections on which no request is complete yet, TLS handshakes included; more are closed at once. An eighth of them may
  /// be from one address.
  public var maximumHalfOpen = 2_048
  /// Whole seconds that a message in several pieces may take to arrive, before its socket is closed with `slowWriterClose`.
  public var messageTimeout: Duration = .seconds(10)
  /// The close code and reason for a client that takes too long for a message.
  public var slowWriterClose: (code: UInt16, reason: String) = (4106, #"{"code":"slow_writer","after_ms":2000}"#)

  /// Whole seconds without hearing from a client after which it is sent a ping.
  public var pingAfter: Duration = .seconds(4)
  /// Whole seconds without hearing from a client after which its connection is closed. Longer than `pingAfter`.
  public var hangUpAfter: Duration = .seconds(9)
  /// Whole seconds that a client has for a TLS handshake, the headers of a request, its body.
  public var requestTimeout: Duration = .seconds(10)
  /// How long a body may take in all, however steadily it comes.
  public var bodyTimeout: Duration = .seconds(60)
  /// Whole seconds that an HTTP connection may be idle between requests.
  public var keepAliveTimeout: Duration = .seconds(15)
  /// Whole seconds that `ServerHandler.handle` has to respond, before the connection is closed without.
  public var responseTimeout: Duration = .seconds(30)
  /// Whole seconds that a client has to take what is queued and to answer a close.
  public var closeTimeout: Duration = .seconds(5)

  /// What the server answers by itself, given the status, to a request that it does not hand on.
  public var refusal: @Sendable (_ status: Int) -> HTTPResponse = { HTTPResponse(status: $0) }
  /// Headers of every HTTP response. By default, `Server` adds `Strict-Transport-Security` with TLS.
  public var responseHeaders = ServerConfiguration.securityHeaders
  /// Addresses of reverse proxies whose `X-Forwarded-For` is believed. By default none is.
  public var trustedProxies: [String] = []
  /// Hears errors and warnings of libwebsockets, on any thread. They are about the connection, never about content, and
  /// have addresses taken out; ten a second at most. The last server that was started gets those of all servers of the process.
  public var log: (@Sendable (LibraryMessage) -> Void)?
  /// Hears what is to be counted, on the loop's thread; must not call back.
  public var observe: (@Sendable (ServerEvent) -> Void)?

  public init() {}

  /// What a browser is told about every page: nothing from elsewhere, no framing, camera and microphone for this
  /// origin only.
  public static let securityHeaders: [Header] = [
    Header(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    Header("X-Content-Type-Options", "nosniff"),
    Header("Referrer-Policy", "no-referrer"),
    Header("Cross-Origin-Opener-Policy", "same-origin"),
    Header("Cross-Origin-Resource-Policy", "same-origin"),
    Header("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()"),
  ]

  /// Sent in addition with TLS: come back with TLS only, for a year.
  static let strictTransportSecurity = Header("Strict-Transport-Security", "max-age=31536000")
}

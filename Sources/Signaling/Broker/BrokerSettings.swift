public import MQMSessions
public import Rooms

/// What the configuration says about the broker.
public struct BrokerSettings: Sendable {
  /// How long a connection may stay without a valid `hello`.
  public var helloTimeout: Duration = .seconds(5)
  /// How long nothing may be heard from somebody whose connection broke before they count as gone.
  public var presenceTimeout: Duration = .seconds(9)
  /// How long after its connection broke a client can go on with its session.
  public var resumeWindow: Duration = .seconds(30)
  /// Messages that one connection may send for each second, on average.
  public var messagesPerSecond = 100
  /// Messages that one connection may send at once.
  public var burst = 300
  /// The longest message in bytes, as told to clients; enforced by the transport.
  public var messageBytes = 65_536
  /// STUN and TURN servers, as given to whoever takes a seat.
  public var iceServers: [ICEServer] = []
  /// Whether a protected adult under curatelle must be accompanied (CU-6.3).
  public var curatorRequired = true
  /// How long the clocks of a consultation run, and what it may have (CU-6.2).
  public var terms = Consultation.Terms()
  /// How much practitioners may hand over.
  public var documents = DocumentLimits()
  /// Whether the cookie is for HTTPS only.
  public var secureCookie = false
  /// The longest delay after which a client is asked to come back from a restart, in milliseconds.
  public var restartJitterMilliseconds: Int64 = 5_000

  public init() {}

  /// A server as `RTCPeerConnection` takes it (W3C WebRTC, section 4.2.2).
  public struct ICEServer: Sendable, Equatable {
    public let urls: [String]
    public let username: String?
    public let credential: String?

    public init(urls: [String], username: String? = nil, credential: String? = nil) {
      self.urls = urls
      self.username = username
      self.credential = credential
    }
  }

  /// How long sessions outlive their connections.
  var sessions: SessionTerms {
    SessionTerms(
      presenceMilliseconds: presenceTimeout.wholeMilliseconds, windowMilliseconds: resumeWindow.wholeMilliseconds)
  }
}

extension Duration {
  /// Rounded down.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}

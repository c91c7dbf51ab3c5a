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
  /// How long a seat is kept for whoever was lost from it, in milliseconds.
  public var holdMilliseconds: Int64 = 90_000
  /// How much clients, accounts and addresses may send.
  public var traffic = TrafficLimits()
  /// The longest message in bytes, as told to clients; enforced by the transport.
  public var messageBytes = 65_536
  /// STUN and TURN servers, and which ways browsers may take.
  public var ice = ICESettings()
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

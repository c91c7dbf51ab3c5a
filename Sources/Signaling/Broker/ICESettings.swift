import Rooms
public import TURN

/// What browsers are told of how to find a way to each other (W3C WebRTC, section 4.2).
public struct ICESettings: Sendable {
  /// Addresses of STUN servers.
  public var stun: [String] = []
  public var relay: Relay?
  public var transportPolicy = TransportPolicy.all

  public init() {}

  /// Which candidates browsers may use; the raw value is `RTCIceTransportPolicy`.
  public enum TransportPolicy: String, Sendable, CaseIterable {
    case all
    /// Through a TURN server only: browsers do not learn each other's addresses.
    case relay
  }

  /// TURN servers that know the same secrets.
  public struct Relay: Sendable {
    let urls: [String]
    let secret: TURNSecret
    let lifetimeMilliseconds: Int64
    let ledger: RelayLedger?

    /// - Parameters:
    ///   - lifetimeSeconds: of credentials.
    ///   - ledger: where each consultation's own secret is made known to the servers; nil if they know `secret` itself.
    public init(urls: [String], secret: TURNSecret, lifetimeSeconds: Int, ledger: RelayLedger?) {
      self.urls = urls
      self.secret = secret
      lifetimeMilliseconds = Int64(lifetimeSeconds) * 1_000
      self.ledger = ledger
    }
  }
}

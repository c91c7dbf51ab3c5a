/// How much one connection, one account and one address may send, and how many sockets they may have.
///
/// An address is one of IPv4, or the first 64 bits of one of IPv6, which is what a subscriber has (RFC 6177). Many people may
/// be behind one, as in a hospital.
public struct TrafficLimits: Equatable, Sendable {
  /// So many for each second on average, and so many at once.
  public struct Rate: Equatable, Sendable {
    public var perSecond: Int
    public var burst: Int

    public init(perSecond: Int, burst: Int) {
      self.perSecond = perSecond
      self.burst = burst
    }

    fileprivate func times(_ factor: Int) -> Rate {
      Rate(perSecond: perSecond * factor, burst: burst * factor)
    }
  }

  /// What may be sent by way of sockets.
  public struct Traffic: Equatable, Sendable {
    public var messages: Rate
    public var bytes: Rate

    public init(messages: Rate, bytes: Rate) {
      self.messages = messages
      self.bytes = bytes
    }

    fileprivate func times(_ factor: Int) -> Traffic {
      Traffic(messages: messages.times(factor), bytes: bytes.times(factor))
    }
  }

  public var connection = Traffic(
    messages: Rate(perSecond: 100, burst: 300), bytes: Rate(perSecond: 262_144, burst: 2_097_152))
  /// How many connections' worth all connections of one account together may send.
  public var accountShare = 2
  /// How many connections' worth all connections from one address together may send.
  public var addressShare = 50
  /// HTTP requests under `/v1` from one address.
  public var requestsOfAddress = Rate(perSecond: 200, burst: 2_000)
  /// Signed-in sockets of one account at the same time.
  public var socketsOfAccount = 32
  /// Sockets from one address at the same time.
  public var socketsOfAddress = 1_000
  /// Bytes that may wait for all clients together, to be sent or to be sent again.
  public var waitingBytes = 536_870_912

  public init() {}

  var account: Traffic { connection.times(accountShare) }
  var address: Traffic { connection.times(addressShare) }
}

/// How long a session outlives its connection, and which of them do.
public struct SessionTerms: Hashable, Sendable {
  /// How long nothing may be heard from somebody whose connection broke before they count as gone.
  public var presenceMilliseconds: Int64
  /// How long after its connection broke a client can go on with its session.
  public var windowMilliseconds: Int64
  /// How many sessions without a connection one account may have; of more, the oldest are over.
  public var absentees = 8

  public init(presenceMilliseconds: Int64 = 9_000, windowMilliseconds: Int64 = 30_000) {
    self.presenceMilliseconds = presenceMilliseconds
    self.windowMilliseconds = windowMilliseconds
  }

  /// Whether whoever closed a connection with this code (RFC 6455, section 7.4), or did not close it, may be about to come
  /// back: a connection that broke, a client that says so (a code of the range 40xx), and one that was too slow.
  ///
  /// - Parameter code: nil if nobody closed it.
  public static func mayComeBack(afterClosingWith code: UInt16?) -> Bool {
    guard let code else { return true }
    return (4000...4099).contains(code) || code == slowReaderCode
  }

  /// What the transport closes a client with that does not read.
  private static let slowReaderCode: UInt16 = 4101

  /// Those of an account's sessions without a connection that are too many, the oldest first.
  ///
  /// - Parameter absent: all of them, each with when its connection broke.
  public func surplus(of absent: [(connection: ConnectionID, since: Int64)]) -> [ConnectionID] {
    guard absent.count > absentees else { return [] }
    let oldest = absent.sorted { ($0.since, $0.connection) < ($1.since, $1.connection) }
    return oldest.dropLast(absentees).map(\.connection)
  }
}

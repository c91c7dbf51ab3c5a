/// A maintenance that was announced: until it is over nobody begins anything new, and what runs goes on.
public struct Maintenance: Hashable, Sendable {
  /// The longest message, in Unicode scalars.
  public static let messageLimit = 280
  /// The latest end that may be announced, from now, in milliseconds: 30 days.
  public static let longestMilliseconds: Int64 = 30 * 24 * 3_600_000

  /// What people are told: one line of plain text.
  public let message: String
  /// When everything is possible again, in milliseconds since 1970-01-01T00:00:00Z.
  public let until: Int64
  /// When the process ends at the latest, counted likewise; never after `until`.
  public let limit: Int64
  /// Whether the process ends by it, as soon as nothing runs. If no broker ran when it was announced, none does.
  public let endsProcess: Bool

  /// - Throws: what is wrong with it.
  public init(message: String, until: Int64, limit: Int64, endsProcess: Bool) throws(Invalid) {
    guard !message.allSatisfy(\.isWhitespace), message.unicodeScalars.count <= Self.messageLimit else {
      throw .messageLength
    }
    guard message.unicodeScalars.allSatisfy(Self.isPlain) else { throw .messageNotPlain }
    guard limit <= until else { throw .limitAfterEnd }
    self.message = message
    self.until = until
    self.limit = limit
    self.endsProcess = endsProcess
  }

  /// What an announcement that is made now must be, too.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  public func checkIsAhead(of now: Int64) throws(Invalid) {
    guard until > now else { throw .endIsPast }
    guard limit > now else { throw .limitIsPast }
    guard until - now <= Self.longestMilliseconds else { throw .tooLong }
  }

  /// The same for a process that has ended otherwise, and is to be started again.
  public var withoutEnd: Maintenance {
    Maintenance(of: self, endsProcess: false)
  }

  private init(of other: Maintenance, endsProcess: Bool) {
    message = other.message
    until = other.until
    limit = other.limit
    self.endsProcess = endsProcess
  }

  /// Whether a broker that finds the announcement then may disregard it.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  public func isOver(at now: Int64) -> Bool {
    now >= (endsProcess ? limit : until)
  }

  /// Why the process ends.
  public enum Ending: Sendable {
    /// Nothing runs any more.
    case empty
    /// Consultations still run, and the limit has come.
    case limit
  }

  /// Whether the process is to end now, and why.
  ///
  /// - Parameters:
  ///   - isAtRest: whether nothing runs or is being decided.
  ///   - now: milliseconds since 1970-01-01T00:00:00Z.
  public func ending(isAtRest: Bool, at now: Int64) -> Ending? {
    guard endsProcess else { return nil }
    if isAtRest { return .empty }
    return now >= limit ? .limit : nil
  }

  /// Letters, marks, digits, punctuation, symbols and plain spaces.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  /// Why a maintenance cannot be announced.
  public enum Invalid: Error, CaseIterable {
    case messageLength
    case messageNotPlain
    case endIsPast
    case limitIsPast
    case limitAfterEnd
    case tooLong
  }
}

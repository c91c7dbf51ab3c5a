/// A letter that waits to be sent.
public struct QueuedLetter: Sendable, Identifiable {
  public let id: Int64
  /// E-mail address.
  public let recipient: String
  public let language: MailLanguage
  public let letter: Letter
  /// How often it was tried already.
  public let tries: Int

  public init(id: Int64, recipient: String, language: MailLanguage, letter: Letter, tries: Int) {
    self.id = id
    self.recipient = recipient
    self.language = language
    self.letter = letter
    self.tries = tries
  }
}

/// Where letters wait, on disk.
public protocol LetterQueue: Sendable {
  /// Those that may be tried now, those that somebody waits for first.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  func dueLetters(limit: Int, now: Int64) async throws -> [QueuedLetter]
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  func letterDelivered(_ id: Int64, now: Int64) async throws
  /// Counts a try.
  ///
  /// - Parameters:
  ///   - nextTry: milliseconds since 1970-01-01T00:00:00Z; nil if it is given up.
  ///   - now: the same.
  func letterFailed(_ id: Int64, nextTry: Int64?, now: Int64) async throws
}

/// Why something given to the mail cannot be used: an address, or a setting.
public struct MailRefusal: Error, Equatable, CustomStringConvertible {
  /// Part of a sentence, in English, without the value that was given.
  public let why: String

  init(_ why: String) { self.why = why }

  public var description: String { why }
}

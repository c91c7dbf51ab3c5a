/// Why a message was not delivered: part of a sentence without personal data, as it goes to the log.
public enum DeliveryFailure: Error, Equatable, Sendable {
  /// Worth another try.
  case temporary(String)
  /// Not worth another one.
  case permanent(String)

  public var why: String {
    switch self {
    case .temporary(let why), .permanent(let why): why
    }
  }
}

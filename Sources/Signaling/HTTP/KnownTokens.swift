import Accounts
import Foundation

/// Tokens that stood for a session a short while ago, by their hashes: enough to receive what their senders send before it
/// is known whether they may. It proves nothing else.
struct KnownTokens {
  /// For how long a token is known after its session was seen.
  static let lifetime = Duration.seconds(600)
  /// Tokens at a time; one more, and the list begins anew.
  static let limit = 16_384

  private var seen: [Data: ContinuousClock.Instant] = [:]

  mutating func note(_ token: String, at now: ContinuousClock.Instant) {
    guard let token = SessionToken(token) else { return }
    if seen.count >= Self.limit { seen = [:] }
    seen[token.digest] = now
  }

  func has(_ token: String, at now: ContinuousClock.Instant) -> Bool {
    guard let token = SessionToken(token), let at = seen[token.digest] else { return false }
    return now < at + Self.lifetime
  }
}

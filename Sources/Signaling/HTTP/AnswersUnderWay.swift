import Accounts

/// Counts the long answers, such as bundles, exports and documents, that are being made or sent, so that nobody has the
/// server make many at a time and never reads them.
struct AnswersUnderWay {
  /// For an account.
  static let limit = 4

  private var counts: [AccountID: Int] = [:]

  /// Whether there may be another one; then it counts until `end`.
  mutating func begin(_ account: AccountID) -> Bool {
    let present = counts[account, default: 0]
    guard present < Self.limit else { return false }
    counts[account] = present + 1
    return true
  }

  func count(of account: AccountID) -> Int { counts[account, default: 0] }

  mutating func end(_ account: AccountID) {
    guard let present = counts[account] else { return }
    counts[account] = present > 1 ? present - 1 : nil
  }
}

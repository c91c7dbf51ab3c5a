/// When a letter whose delivery failed is tried again: after a minute, then after twice as long each time, up to 4
/// hours; for three days, or for as long as the link in it is good.
enum RetryRule {
  private static let firstPause: Int64 = 60
  private static let longestPause: Int64 = 4 * 3600
  private static let patience: Int64 = 3 * 24 * 3600

  /// - Parameters:
  ///   - failures: tries that failed, the last one included; 1 or more.
  ///   - jitter: 0...1; shortens the pause by up to a fifth, so that letters that failed together are not tried
  ///     together again.
  /// - Returns: milliseconds; nil when it is not worth another try.
  static func pause(after failures: Int, of letter: Letter, jitter: Double) -> Int64? {
    var waited: Int64 = 0
    var pause: Int64 = 0
    let bound = min(patience, letter.linkSeconds ?? patience)
    for _ in 0..<max(1, failures) {
      pause = pause == 0 ? firstPause : min(2 * pause, longestPause)
      waited += pause
      guard waited <= bound else { return nil }
    }
    return Int64(Double(pause * 1000) * (1 - min(max(jitter, 0), 1) / 5))
  }
}

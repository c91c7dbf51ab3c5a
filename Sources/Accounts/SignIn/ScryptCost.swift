/// What one password hash costs (scrypt, RFC 7914 section 2): memory of 128 · rounds · blockSize bytes, and time in
/// proportion to all three.
public struct ScryptCost: Hashable, Sendable {
  /// N, a power of two.
  public let rounds: Int
  /// r
  public let blockSize: Int
  /// p
  public let parallelism: Int

  /// - Precondition: `rounds` is a power of two of 2...2^20, `blockSize` in 1...32, `parallelism` in 1...16: at most 4
  ///   GiB.
  public init(rounds: Int, blockSize: Int, parallelism: Int) {
    precondition((2...1 << 20).contains(rounds) && rounds.nonzeroBitCount == 1, "rounds: a power of two of 2...2^20")
    precondition((1...32).contains(blockSize), "blockSize: 1...32")
    precondition((1...16).contains(parallelism), "parallelism: 1...16")
    self.rounds = rounds
    self.blockSize = blockSize
    self.parallelism = parallelism
  }

  /// N = 2^15, r = 8, p = 3: 32 MiB (OWASP Password Storage Cheat Sheet, "scrypt").
  public static let standard = ScryptCost(rounds: 1 << 15, blockSize: 8, parallelism: 3)
}

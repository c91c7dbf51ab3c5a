/// The failures of each key of one sort, for ``GuessLimiter``.
///
/// Two generations bound the memory: when the young one is half of the capacity it becomes the old one, and the old one
/// is dropped. A key that is touched moves to the young one. So what is dropped was not touched for at least half of
/// the capacity of newer keys, and each step is O(1).
struct GuessTable<Key: Hashable & Sendable>: Sendable {
  private struct Entry {
    var failures: Int
    var lockedUntil: Int64
    /// From when on time counts towards forgiving.
    var forgivenUntil: Int64
  }

  private let figures: GuessLimiter.Figures
  private let generationSize: Int
  private var young: [Key: Entry] = [:]
  private var old: [Key: Entry] = [:]

  init(figures: GuessLimiter.Figures, capacity: Int) {
    precondition(capacity >= 2, "a limiter that remembers nothing limits nothing")
    self.figures = figures
    generationSize = capacity / 2
  }

  var count: Int { young.count + old.count }

  /// For how many milliseconds a key is still locked; 0 if it is not.
  func wait(for key: Key, now: Int64) -> Int64 {
    guard let entry = young[key] ?? old[key] else { return 0 }
    return min(max(0, entry.lockedUntil - now), figures.longestLock)
  }

  /// Counts a failure.
  mutating func charge(_ key: Key, now: Int64) {
    var entry = take(key) ?? Entry(failures: 0, lockedUntil: 0, forgivenUntil: now)
    forgive(&entry, now: now)
    if figures.lock(afterFailures: entry.failures) < figures.longestLock { entry.failures += 1 }
    let lock = figures.lock(afterFailures: entry.failures)
    entry.lockedUntil = lock == 0 ? 0 : now + lock
    put(key, entry)
  }

  /// Takes back one counted failure with its lock. Earlier locks were over when it began, as locked keys are refused.
  mutating func takeBack(_ key: Key) {
    guard var entry = take(key) else { return }
    entry.failures -= 1
    guard entry.failures > 0 else { return }
    entry.lockedUntil = 0
    put(key, entry)
  }

  mutating func forget(_ key: Key) {
    _ = take(key)
  }

  private func forgive(_ entry: inout Entry, now: Int64) {
    let forgiven = max(0, now - entry.forgivenUntil) / figures.forgivenEvery
    entry.failures = max(0, entry.failures - Int(clamping: forgiven))
    entry.forgivenUntil = entry.failures == 0 ? now : entry.forgivenUntil + forgiven * figures.forgivenEvery
  }

  private mutating func take(_ key: Key) -> Entry? {
    young.removeValue(forKey: key) ?? old.removeValue(forKey: key)
  }

  private mutating func put(_ key: Key, _ entry: Entry) {
    if young.count >= generationSize {
      old = young
      young = [:]
    }
    young[key] = entry
  }
}

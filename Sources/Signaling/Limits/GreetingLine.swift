/// Greets a few newcomers at a time, so that a crowd that comes back after an outage neither swamps the accounts nor delays who
/// is here already. Who would wait too long is sent away with a time to come back, different for each.
struct GreetingLine<Newcomer> {
  /// How many are looked up at the same time.
  static var atOnce: Int { 16 }
  /// How long anybody waits at the most, in nanoseconds, judging by how long greetings have taken. Pages wait for 10 s.
  static var patience: UInt64 { 8_000_000_000 }

  private var waiting: [Newcomer] = []
  private var first = 0
  private(set) var underWay = 0
  /// How long one has taken lately, in nanoseconds: lately enough for a slow disk to be noticed, and not for a single pause of
  /// it, which all that are under way have in common.
  private var usual: UInt64 = 1_000_000

  /// How many wait.
  var count: Int { waiting.count - first }

  enum Reception: Equatable {
    /// To be looked up now; ``leave(after:)`` has to follow.
    case now
    case waits
    /// To come back after a time between these milliseconds.
    case later(Range<Int64>)
  }

  mutating func enter(_ newcomer: Newcomer) -> Reception {
    guard underWay >= Self.atOnce else {
      underWay += 1
      return .now
    }
    let wait = UInt64(count + 1) * usual / UInt64(Self.atOnce)
    guard wait <= Self.patience else {
      let milliseconds = Int64(clamping: wait / 1_000_000)
      return .later(milliseconds / 2..<milliseconds * 2)
    }
    waiting.append(newcomer)
    return .waits
  }

  /// Somebody has been greeted, or turned away.
  ///
  /// - Parameter nanoseconds: how long that took.
  /// - Returns: who is next, for whom ``leave(after:)`` has to follow as well.
  mutating func leave(after nanoseconds: UInt64) -> Newcomer? {
    usual = (usual * 255 + nanoseconds) / 256
    guard count > 0 else {
      underWay -= 1
      return nil
    }
    defer {
      first += 1
      if first == waiting.count || first > 1_024 {
        waiting.removeFirst(first)
        first = 0
      }
    }
    return waiting[first]
  }
}

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  public func advanced(byMilliseconds distance: Int64) -> Instant {
    Instant(milliseconds: milliseconds + distance)
  }
}

/// A day of the Gregorian calendar, without a time zone.
public struct CivilDate: Hashable, Comparable, Sendable {
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// Whole years from this birth date to `day`, never negative. Who was born on 29 February is a year older on 1 March of
  /// a common year: the later of the two readings, which keeps a minor accompanied for a day more.
  public func age(on day: CivilDate) -> Int {
    let hadBirthday = (day.month, day.day) >= (month, self.day)
    return max(0, day.year - year - (hadBirthday ? 0 : 1))
  }
}

/// When something happens, given to every rule by the caller: rules never ask a clock.
public struct Moment: Hashable, Sendable {
  public let now: Instant
  /// The day at that instant in Europe/Paris, on which majority is judged (CU-6.3).
  public let today: CivilDate

  public init(now: Instant, today: CivilDate) {
    self.now = now
    self.today = today
  }
}

import Rooms

/// The time of a schedule: it moves only when the schedule says so.
struct VirtualClock {
  /// As the machine has it, which somebody may set.
  private(set) var milliseconds: Int64
  /// What has truly passed.
  private(set) var steady: Int64 = 0

  private static let day: Int64 = 86_400_000

  /// Starts at noon of that day.
  init(daysSinceEpoch: Int) {
    milliseconds = Int64(daysSinceEpoch) * Self.day + Self.day / 2
  }

  mutating func advance(byMilliseconds distance: Int64) {
    milliseconds += distance
    steady += distance
  }

  /// Somebody sets the clock forward or, below zero, back.
  mutating func jump(byMilliseconds distance: Int64) {
    milliseconds += distance
  }

  var moment: Moment {
    Moment(now: Instant(milliseconds: milliseconds), today: today)
  }

  var today: CivilDate { CivilDate(daysSinceEpoch: Int(milliseconds / Self.day)) }
}

extension CivilDate {
  /// The day that many days after 1 January 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms").
  init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

import Foundation

/// A day of the Gregorian calendar, without a time or a time zone: a birth date.
public struct CivilDate: Hashable, Sendable {
  public let year: Int
  /// 1...12
  public let month: Int
  /// 1...31
  public let day: Int

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for a day that the calendar does not have, or a year outside
  ///   1850...2200.
  public init(year: Int, month: Int, day: Int) throws(AccountRefusal) {
    guard (1850...2200).contains(year), (1...12).contains(month),
      (1...CivilDate.length(ofMonth: month, year: year)).contains(day)
    else { throw .invalid(field: .birthDate, why: "there is no such day between 1850 and 2200") }
    self.init(year, month, day)
  }

  /// Reads `YYYY-MM-DD` (RFC 3339 `full-date`).
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public init(_ text: String) throws(AccountRefusal) {
    let bytes = Array(text.utf8)
    let isWritten =
      bytes.count == 10
      && bytes.indices.allSatisfy { index in
        index == 4 || index == 7
          ? bytes[index] == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
      }
    guard isWritten else { throw .invalid(field: .birthDate, why: "a date is written YYYY-MM-DD, such as 1987-04-23") }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
    try self.init(year: number(0..<4), month: number(5..<7), day: number(8..<10))
  }

  /// The day that it is in France (Europe/Paris) at a time in milliseconds since 1970-01-01T00:00:00Z (CU-6.3).
  public init(inParisAt milliseconds: Int64) {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    let parts = CivilDate.paris.dateComponents([.year, .month, .day], from: date)
    self.init(parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
  }

  private init(_ year: Int, _ month: Int, _ day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Whole years from this day to another: a person's age on that day. Who was born on 29 February has a birthday on 1
  /// March in other years, so that nobody comes of age a day early. Negative before the birth.
  public func age(on day: CivilDate) -> Int {
    let hadBirthday = (day.month, day.day) >= (month, self.day)
    return day.year - year - (hadBirthday ? 0 : 1)
  }

  /// The same day in another year; 29 February becomes 28 February where there is none.
  func moved(byYears years: Int) -> CivilDate {
    CivilDate(year + years, month, min(day, CivilDate.length(ofMonth: month, year: year + years)))
  }

  /// The day that is so many days later, or earlier.
  func moved(byDays days: Int) -> CivilDate {
    let noon = DateComponents(year: year, month: month, day: day, hour: 12)
    guard let start = CivilDate.paris.date(from: noon),
      let moved = CivilDate.paris.date(byAdding: .day, value: days, to: start)
    else { preconditionFailure("every day of the calendar has a noon") }
    return CivilDate(inParisAt: Int64(moved.timeIntervalSince1970 * 1000))
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static let paris = {
    guard let zone = TimeZone(identifier: "Europe/Paris") else {
      preconditionFailure("the time zone database is missing; on Debian: apt-get install tzdata")
    }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }()
}

extension CivilDate: Comparable {
  public static func < (one: CivilDate, other: CivilDate) -> Bool {
    (one.year, one.month, one.day) < (other.year, other.month, other.day)
  }
}

extension CivilDate: CustomStringConvertible {
  /// `YYYY-MM-DD`
  public var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

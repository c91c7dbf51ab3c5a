import ArgumentParser
import Foundation

/// A point in time as an operator reads and writes it: ISO 8601, in Europe/Paris unless an offset is given.
struct LocalTime: CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z.
  let milliseconds: Int64

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "Europe/Paris") ?? .gmt
    return calendar
  }()

  init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// - Parameters:
  ///   - text: such as `2026-11-25T02:00`, or `2026-11-25T02:00:00+01:00`.
  ///   - option: for which it was given, for the message.
  /// - Throws: `ValidationError` that says what is wrong with it.
  init(_ text: String, option: String) throws {
    let form = /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?/
    guard let match = text.wholeMatch(of: form), let offset = Self.zone(match.7) else {
      throw ValidationError("\(option) '\(text)' is not a time such as 2026-11-25T02:00, or 2026-11-25T02:00+01:00.")
    }
    var calendar = Self.calendar
    if let offset { calendar.timeZone = offset }
    var parts = DateComponents()
    parts.year = Int(match.1)
    parts.month = Int(match.2)
    parts.day = Int(match.3)
    parts.hour = Int(match.4)
    parts.minute = Int(match.5)
    parts.second = match.6.map { Int($0) } ?? 0
    let isMeant = { (date: Date) in
      calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date) == parts
    }
    guard let date = calendar.date(from: parts), isMeant(date) else {
      throw ValidationError("\(option) '\(text)': there is no such time in this place; look at the calendar again.")
    }
    guard !isMeant(date + 3_600), !isMeant(date - 3_600) else {
      throw ValidationError("\(option) '\(text)' comes twice that night; say which with +02:00 or +01:00 at its end.")
    }
    milliseconds = Int64(date.timeIntervalSince1970) * 1_000
  }

  /// - Returns: nil within nil for no offset; nil for one that cannot be.
  private static func zone(_ offset: Substring?) -> TimeZone?? {
    guard let offset else { return .some(nil) }
    guard offset != "Z" else { return .gmt }
    guard let hours = Int(offset.dropFirst().prefix(2)), let minutes = Int(offset.suffix(2)), hours < 15, minutes < 60
    else { return nil }
    let seconds = (hours * 60 + minutes) * 60
    return TimeZone(secondsFromGMT: offset.first == "-" ? -seconds : seconds).map { .some($0) }
  }

  /// In Europe/Paris, with the offset.
  var description: String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
    return date.formatted(Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: Self.calendar.timeZone))
  }
}

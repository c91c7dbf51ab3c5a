import Foundation

/// A time as a person reads it: ISO 8601 in UTC, such as `2026-11-23T02:00:00.000Z`.
struct ExportTime: Encodable, Hashable, Sendable {
  let text: String

  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z.
  init(_ milliseconds: Int64) {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    text = Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(style)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

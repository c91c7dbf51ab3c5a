import Glibc
public import Logging

/// Writes the log as lines of JSON, one object for each: `time` (RFC 3339, UTC), `level`, `message`, `metadata`.
///
/// Messages are constant sentences; what differs is in the metadata, as ids, codes and numbers.
public struct JSONLogHandler: LogHandler {
  public var logLevel: Logger.Level = .notice
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?
  private let descriptor: Int32
  private let now: @Sendable () -> timespec

  /// - Parameters:
  ///   - descriptor: where lines are written, each with one call, so that threads do not mix theirs; standard error by
  ///     default.
  ///   - now: the time, by `CLOCK_REALTIME`.
  public init(descriptor: Int32 = STDERR_FILENO, now: @escaping @Sendable () -> timespec = Self.realTime) {
    self.descriptor = descriptor
    self.now = now
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var all = metadataProvider?.get() ?? [:]
    all.merge(metadata) { $1 }
    all.merge(event.metadata ?? [:]) { $1 }
    // Of an error only what it is: its description may quote what it is about.
    if let error = event.error, all["error"] == nil { all["error"] = "\(type(of: error))" }
    write(
      """
      {"time":"\(Self.text(now()))","level":"\(event.level)","message":\(Self.json("\(event.message)")),\
      "metadata":\(Self.json(.dictionary(all)))}\n
      """)
  }

  @Sendable public static func realTime() -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time
  }

  private func write(_ line: String) {
    var line = line
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0, errno == EINTR { continue }
        // There is nobody to tell that the log cannot be written.
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  // MARK: Text

  private static func text(_ time: timespec) -> String {
    var seconds = time.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let padded = { (number: Int, width: Int) in
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
    let clock = [(Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2)]
    return date.map { padded($0.0, $0.1) }.joined(separator: "-") + "T"
      + clock.map { padded($0.0, $0.1) }.joined(separator: ":") + ".\(padded(time.tv_nsec / 1_000_000, 3))Z"
  }

  private static func json(_ value: Logger.Metadata.Value) -> String {
    switch value {
    case .string(let text): json(text)
    case .stringConvertible(let text): json("\(text)")
    case .array(let values): "[" + values.map { json($0) }.joined(separator: ",") + "]"
    case .dictionary(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }.joined(separator: ",") + "}"
    }
  }

  /// RFC 8259, section 7.
  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        result += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

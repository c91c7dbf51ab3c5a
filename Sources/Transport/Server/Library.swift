import CLibwebsockets
import Foundation
import Synchronization

extension Server {
  /// The version of libwebsockets, at run time.
  public static var libraryVersion: String { Library.version }
}

/// libwebsockets as a whole: its version and its log.
enum Library {
  static let neededVersion = (4, 3, 5)

  /// The version at run time, such as `4.3.5-unknown`.
  static var version: String { String(cString: lws_get_library_version()) }

  /// - Throws: `TransportError.libraryTooOld`.
  static func checkVersion(_ version: String = Library.version) throws {
    let numbers = version.split { !$0.isNumber }.prefix(3).map { Int($0) ?? 0 }
    guard numbers.count == 3, (numbers[0], numbers[1], numbers[2]) >= neededVersion else {
      let needed = "\(neededVersion.0).\(neededVersion.1).\(neededVersion.2)"
      throw TransportError.libraryTooOld(found: version, needed: needed)
    }
  }

  private struct Sink {
    var log: (@Sendable (LibraryMessage) -> Void)?
    /// The second that `count` lines were logged in.
    var second: UInt64 = 0
    var count = 0
  }

  /// Many lines are about what clients do wrong: they must not be able to fill a disk.
  private static let linesPerSecond = 10
  private static let sink = Mutex(Sink())

  static let logLevels = UInt32(LLL_ERR | LLL_WARN)

  /// Sends errors and warnings to `log` from now on, instead of to stderr.
  static func setLog(_ log: (@Sendable (LibraryMessage) -> Void)?) {
    sink.withLock { $0.log = log }
    lws_set_log_level(Int32(logLevels), libraryLogged)
  }

  fileprivate static func logged(level: Int32, line: String) {
    let second = monotonicNanoseconds() / 1_000_000_000
    let log = sink.withLock { sink in
      if sink.second != second { (sink.second, sink.count) = (second, 0) }
      sink.count += 1
      return sink.count <= linesPerSecond ? sink.log : nil
    }
    log?(LibraryMessage(level: level == LLL_ERR ? .error : .warning, text: withoutAddresses(withoutPrefix(line))))
  }

  /// Takes away the time and the level that libwebsockets begins a line with, `[2026/11/23 03:50:00:1234] W: `.
  static func withoutPrefix(_ line: String) -> String {
    guard line.hasPrefix("["), let end = line.range(of: "] ") else { return line }
    let text = line[end.upperBound...]
    return String(text.dropFirst(2).first == " " ? text.dropFirst(3) : text)
  }

  /// Replaces what looks like an IP address: log lines are kept longer than addresses may be.
  static func withoutAddresses(_ line: String) -> String {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map { word -> Substring in
      let digits = word.utf8.count { (0x30...0x39).contains($0) }
      let dots = word.utf8.count { $0 == UInt8(ascii: ".") }
      let colons = word.utf8.count { $0 == UInt8(ascii: ":") }
      return (dots >= 3 && digits >= 4) || (colons >= 2 && digits >= 1) ? "(address)" : word
    }
    return words.joined(separator: " ")
  }
}

func libraryLogged(_ level: Int32, _ line: UnsafePointer<CChar>?) {
  guard let line else { return }
  let text = String(cString: line)
  Library.logged(level: level, line: String(text.reversed().drop { $0.isNewline }.reversed()))
}

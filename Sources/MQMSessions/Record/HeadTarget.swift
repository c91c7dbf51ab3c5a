public import Foundation

/// Where signed heads, closures and erasures are sent, so that a copy is outside the operator's reach.
public protocol HeadTarget: Sendable {
  /// Names it from one start to the next, so that each has everything once.
  var name: String { get }

  /// Hands over lines without their ends, oldest first. They count as handed over when it returns; those of a call that
  /// throws are handed over again.
  func hand(over lines: [String]) async throws
}

/// A file of JSON lines that only grows, readable by its owner.
public struct HeadsFile: HeadTarget {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  let file: URL

  public init(_ file: URL) {
    self.file = file
  }

  static let targetName = "file"
  public var name: String { Self.targetName }

  /// Returns when it is on the disk.
  public func hand(over lines: [String]) throws {
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("opened") }
    defer { close(descriptor) }
    // A crash or a full disk may have left half a line, which is handed over again.
    let whole = Self.wholeLines(try Data(contentsOf: file))
    guard ftruncate(descriptor, off_t(whole)) == 0 else { throw failure("written") }
    let text = lines.map { $0 + "\n" }.joined()
    guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
      throw failure("written")
    }
  }

  private func failure(_ what: String) -> Failure {
    Failure(description: "the heads file \(file.path) cannot be \(what) (\(String(cString: strerror(errno))))")
  }

  /// How many bytes there are up to the last end of a line.
  private static func wholeLines(_ data: Data) -> Int {
    data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
  }

  /// Its lines; none if there is no such file. One that was not finished counts for nothing.
  ///
  /// - Throws: if it is there and cannot be read.
  public static func lines(_ file: URL) throws -> [String] {
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    let data = try Data(contentsOf: file)
    return String(decoding: data.prefix(wholeLines(data)), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Gives a head its RFC 3161 time stamp.
public protocol TimestampAuthority: Sendable {
  /// - Returns: the token, in DER, at most 65,536 bytes.
  func stamp(_ text: String) async throws -> Data
}

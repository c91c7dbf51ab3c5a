/// Which bytes of a content a request's `Range` asks for (RFC 9110, section 14.1.2).
public enum ByteRange: Sendable, Equatable {
  /// All of it: nothing is asked for, or what a server may ignore (other units, several ranges, bad syntax).
  case whole
  /// These, at least one.
  case part(Range<Int>)
  /// None of what is there: 416.
  case unsatisfiable

  /// - Parameters:
  ///   - header: the value of `Range`; nil without one.
  ///   - count: bytes of the content.
  public init(_ header: String?, of count: Int) {
    self = .whole
    guard let header, let equals = header.firstIndex(of: "="), header[..<equals].lowercased() == "bytes" else { return }
    let ends = header[header.index(after: equals)...].trimmingBlanks.split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return }
    switch (ends[0].isEmpty, ends[1].isEmpty) {
    case (true, true): return
    case (true, false):
      guard let suffix = ends[1].decimal else { return }
      self = suffix == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - suffix)..<count)
    case (false, let isOpen):
      guard let first = ends[0].decimal else { return }
      guard let last = isOpen ? Int.max : ends[1].decimal, first <= last else { return }
      self = first < count ? .part(first..<min(last, count - 1) + 1) : .unsatisfiable
    }
  }
}

/// Where in a content the body of a request belongs: `Content-Range: bytes 0-262143/10485760` (RFC 9110, section 14.4).
public struct ContentRange: Sendable, Equatable {
  /// The bytes that the body is; at least one.
  public let bytes: Range<Int>
  /// Bytes of the whole content.
  public let total: Int

  /// Nil if the text is anything else, an unknown total included, or contradicts itself.
  public init?(_ header: String) {
    let parts = header.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
    let place = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard place.count == 2, let total = place[1].decimal else { return nil }
    let ends = place[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = ends[0].decimal, let last = ends[1].decimal, first <= last, last < total
    else { return nil }
    bytes = first..<last + 1
    self.total = total
  }
}

extension Substring {
  /// A number of 18 digits at most; no sign.
  fileprivate var decimal: Int? {
    (1...18).contains(utf8.count) && utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(self) : nil
  }

  fileprivate var trimmingBlanks: Substring {
    var text = self
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}

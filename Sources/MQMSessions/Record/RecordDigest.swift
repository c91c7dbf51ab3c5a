import Crypto
import Foundation

/// A SHA-256 value, and the four ways in which the record makes one.
public struct RecordDigest: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 32

  // In four words, so that a million of them need no allocation.
  private var words: (UInt64, UInt64, UInt64, UInt64)

  static let zero = RecordDigest()

  private init() {
    words = (0, 0, 0, 0)
  }

  /// - Parameter bytes: exactly 32; nil otherwise.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init()
    withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
  }

  init?(_ data: Data) {
    guard let digest = data.withUnsafeBytes({ RecordDigest($0) }) else { return nil }
    self = digest
  }

  /// - Parameter hexadecimal: 64 digits, in lower case.
  init?(hexadecimal: some StringProtocol) {
    self.init(hexadecimal: Array(hexadecimal.utf8)[...])
  }

  init?(hexadecimal: ArraySlice<UInt8>) {
    guard hexadecimal.count == 2 * Self.byteCount else { return nil }
    self.init()
    let isHexadecimal = withUnsafeMutableBytes(of: &words) { bytes in
      var source = hexadecimal.startIndex
      for target in bytes.indices {
        guard let high = Self.value(hexadecimal[source]), let low = Self.value(hexadecimal[source + 1]) else {
          return false
        }
        bytes[target] = high << 4 | low
        source += 2
      }
      return true
    }
    if !isHexadecimal { return nil }
  }

  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: words, body)
  }

  var data: Data { withBytes { Data($0) } }

  var hexadecimal: String { data.hexadecimal }

  public var description: String { hexadecimal }

  // MARK: What is hashed

  /// SHA-256(0x00 ‖ entry), RFC 9162, section 2.1.1.
  static func leaf(_ entry: UnsafeRawBufferPointer) -> RecordDigest {
    var hash = SHA256()
    withUnsafeBytes(of: UInt8(0)) { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: entry)
    return RecordDigest(hash)
  }

  static func leaf(_ entry: String) -> RecordDigest {
    Array(entry.utf8).withUnsafeBytes { leaf($0) }
  }

  /// SHA-256(0x01 ‖ left ‖ right), RFC 9162, section 2.1.1.
  static func node(_ left: RecordDigest, _ right: RecordDigest) -> RecordDigest {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      buffer[0] = 1
      left.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
      right.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33...]).copyMemory(from: $0) }
      return hash(UnsafeRawBufferPointer(buffer))
    }
  }

  /// SHA-256(chain before ‖ leaf).
  static func chain(_ before: RecordDigest, _ leaf: RecordDigest) -> RecordDigest {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { buffer in
      before.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[..<32]).copyMemory(from: $0) }
      leaf.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[32...]).copyMemory(from: $0) }
      return hash(UnsafeRawBufferPointer(buffer))
    }
  }

  static func hash(_ bytes: UnsafeRawBufferPointer) -> RecordDigest {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return RecordDigest(hash)
  }

  static func hash(_ data: Data) -> RecordDigest { data.withUnsafeBytes { hash($0) } }

  private init(_ hash: SHA256) {
    self.init()
    hash.finalize().withUnsafeBytes { digest in
      withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: digest) }
    }
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

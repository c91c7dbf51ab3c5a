import Foundation

/// Reads bytes that somebody else made: never beyond their end, whatever they say about themselves.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  /// Of the byte that is read next; from 0 to `end`.
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = min(max(0, position), bytes.count)
  }

  var end: Int { bytes.count }
  var remaining: Int { end - position }
  var isAtEnd: Bool { remaining == 0 }

  /// The next byte, which stays the next one; nil at the end.
  var next: UInt8? { isAtEnd ? nil : bytes[position] }

  mutating func byte() -> UInt8? {
    guard let byte = next else { return nil }
    position += 1
    return byte
  }

  /// A number of that many bytes, four at most, the most significant first (as in PNG and JPEG).
  mutating func number(bytes count: Int) -> Int? {
    guard remaining >= count else { return nil }
    var number = 0
    for _ in 0..<count { number = number << 8 | Int(byte() ?? 0) }
    return number
  }

  /// Takes that many bytes.
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// Takes the text if it is what comes next.
  mutating func skip(_ text: StaticString) -> Bool {
    guard remaining >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[position + index] != text.utf8Start[index] { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  mutating func skip(while isSkipped: (UInt8) -> Bool) {
    while let byte = next, isSkipped(byte) { position += 1 }
  }

  /// Goes to the next byte of that value; to the end if there is none.
  mutating func seek(_ byte: UInt8) {
    guard let start = bytes.baseAddress, let found = memchr(start + position, Int32(byte), remaining) else {
      position = end
      return
    }
    position = UnsafeRawPointer(found) - start
  }

  /// Goes behind the next place where the text stands within that many bytes.
  mutating func find(_ text: StaticString, within limit: Int = .max) -> Bool {
    guard text.utf8CodeUnitCount > 0 else { return false }
    let last = position + min(limit, remaining)
    while position < last {
      seek(text.utf8Start[0])
      guard position < last else { break }
      if skip(text) { return true }
      position += 1
    }
    return false
  }

  /// A decimal number of nine digits at most.
  mutating func decimal() -> Int? {
    let start = position
    var number = 0
    while let digit = next, (0x30...0x39).contains(digit) {
      guard position - start < 9 else { return nil }
      number = number * 10 + Int(digit - 0x30)
      position += 1
    }
    return position > start ? number : nil
  }
}

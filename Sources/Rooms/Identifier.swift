/// A 128-bit id that knows what it is the id of, so that a person's cannot be passed where a consultation's is meant.
///
/// On the wire and on disk it is the text form of a UUID (RFC 9562, section 4) in lower case.
public struct Identifier<Noun>: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads 36 bytes of text, hyphens at 8, 13, 18 and 23; nil for anything else. Allocates nothing.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.textLength else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for position in 0..<Self.textLength {
      let byte = bytes[position]
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let value = Self.value(ofDigit: byte) else { return nil }
        // The first sixteen digits are those before the third hyphen.
        if position < 18 { words.high = words.high << 4 | value } else { words.low = words.low << 4 | value }
      }
    }
    self.init(high: words.high, low: words.low)
  }

  /// As from bytes that lie together, which they do in arrays and in most strings.
  public init?(text: some Sequence<UInt8>) {
    let read = text.withContiguousStorageIfAvailable { Self(bytes: UnsafeRawBufferPointer($0)) }
    guard let id = read ?? Array(text).withUnsafeBytes({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  public init?(_ text: some StringProtocol) {
    self.init(text: text.utf8)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  public var description: String {
    String(unsafeUninitializedCapacity: Self.textLength) { buffer in
      write(to: buffer)
      return Self.textLength
    }
  }

  /// Bytes of the text form.
  public static var textLength: Int { 36 }

  /// Writes the text form into the first `textLength` bytes of the buffer, which must have them.
  public func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
    precondition(buffer.count >= Self.textLength)
    var position = 0
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        buffer[position] = UInt8(ascii: "-")
        position += 1
      }
      let word = nibble < 16 ? high : low
      let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - (nibble % 16) * 4)) & 0xF
      buffer[position] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
      position += 1
    }
  }

  private static func value(ofDigit byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

/// The id of a person: of their account, whether or not they can sign in themselves.
public typealias PersonID = Identifier<Person>
/// The id of a consultation, and of its room.
public typealias ConsultationID = Identifier<Consultation>

/// One session of one client: its connection, and those that go on with it after that broke. Never used again within a process.
public struct ConnectionID: Hashable, Comparable, Sendable {
  public let number: UInt64

  public init(_ number: UInt64) {
    self.number = number
  }

  public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

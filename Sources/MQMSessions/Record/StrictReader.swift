import Foundation
import Rooms

/// Reads JSON that is written in one way only: what differs from it in a single byte is not read.
struct StrictReader {
  var rest: ArraySlice<UInt8>

  mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard rest.count >= count else { return false }
    let isThere = rest.withUnsafeBytes { memcmp($0.baseAddress!, text.utf8Start, count) == 0 }
    if isThere { rest = rest.dropFirst(count) }
    return isThere
  }

  /// As JSON writes an integer: no leading zeros, no exponent, within 53 bits.
  mutating func integer() -> Int? {
    let isNegative = skip("-")
    let digits = rest.prefix(17).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let first = digits.first, digits.count <= 16, digits.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    rest = rest.dropFirst(digits.count)
    let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return isNegative ? (value == 0 ? nil : -value) : value
  }

  /// So many lower-case hexadecimal digits.
  mutating func hexadecimal(_ count: Int) -> String? {
    guard rest.count >= count else { return nil }
    let text = String(decoding: rest.prefix(count), as: UTF8.self)
    guard text.isHexadecimal(count) else { return nil }
    rest = rest.dropFirst(count)
    return text
  }

  /// - Returns: nil within nil if it is `null`.
  mutating func identifier<Noun>() -> Identifier<Noun>?? {
    if skip("null") { return .some(nil) }
    guard skip("\""), rest.count > 36, let identifier = Identifier<Noun>(text: rest.prefix(36)),
      !rest.prefix(36).contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) })
    else { return nil }
    rest = rest.dropFirst(36)
    guard skip("\"") else { return nil }
    return identifier
  }

  mutating func digest() -> RecordDigest?? {
    if skip("null") { return .some(nil) }
    guard skip("\""), rest.count > 64, let digest = RecordDigest(hexadecimal: rest.prefix(64)) else { return nil }
    rest = rest.dropFirst(64)
    guard skip("\"") else { return nil }
    return digest
  }

  mutating func name() -> ArraySlice<UInt8>? {
    let name = rest.prefix(33).prefix {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
    }
    guard !name.isEmpty, name.count <= 32 else { return nil }
    rest = rest.dropFirst(name.count)
    return name
  }

  /// An object, up to the brace that ends the entry. That it is JSON is for whoever reads it to find out.
  mutating func details() -> ArraySlice<UInt8>? {
    let details = rest.dropLast()
    guard details.first == UInt8(ascii: "{"), details.last == UInt8(ascii: "}"), rest.last == UInt8(ascii: "}"),
      details.count <= RecordEntry.detailsLimit, details.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { return nil }
    return details
  }
}

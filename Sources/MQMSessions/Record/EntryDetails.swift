import Foundation
import Rooms

/// The members of an entry's details, read where they stand.
struct EntryDetails {
  private var members: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

  /// Nil if it is not an object without white space and without escapes.
  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    func take(_ byte: Character) -> Bool {
      guard let ascii = byte.asciiValue, rest.first == ascii else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard take("{") else { return nil }
    if take("}") {
      guard rest.isEmpty else { return nil }
      return
    }
    repeat {
      guard let name = Self.value(&rest), name.first == UInt8(ascii: "\""), take(":"),
        let value = Self.value(&rest)
      else { return nil }
      members.append((name.dropFirst().dropLast(), value))
    } while take(",")
    guard take("}"), rest.isEmpty else { return nil }
  }

  /// A value with what it contains: up to the comma or bracket that follows it.
  private static func value(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var depth = 0
    var isText = false
    var index = rest.startIndex
    scan: while index < rest.endIndex {
      switch rest[index] {
      case UInt8(ascii: "\\"): return nil
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"): if !isText { depth += 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if !isText {
          if depth == 0 { break scan }
          depth -= 1
        }
      case UInt8(ascii: ","), UInt8(ascii: ":"): if !isText, depth == 0 { break scan }
      default: break
      }
      index += 1
    }
    let value = rest[rest.startIndex..<index]
    rest = rest[index...]
    return value.isEmpty || isText || depth > 0 ? nil : value
  }

  private func value(_ name: StaticString) -> ArraySlice<UInt8>? {
    members.first { member in
      member.name.count == name.utf8CodeUnitCount
        && member.name.withUnsafeBytes { memcmp($0.baseAddress!, name.utf8Start, member.name.count) == 0 }
    }?.value
  }

  /// Nil if there is no such member, or it is something else.
  func text(_ name: StaticString) -> String? {
    guard let value = value(name), value.first == UInt8(ascii: "\""), value.count >= 2 else { return nil }
    return String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
  }

  func integer(_ name: StaticString) -> Int64? {
    guard let value = value(name) else { return nil }
    var reader = StrictReader(rest: value)
    guard let integer = reader.integer(), reader.rest.isEmpty else { return nil }
    return Int64(integer)
  }

  func identifier<Noun>(_ name: StaticString) -> Identifier<Noun>? {
    guard let value = value(name), value.count == 38 else { return nil }
    return Identifier<Noun>(text: value.dropFirst().dropLast())
  }

  /// The value as it stands there.
  func json(_ name: StaticString) -> String? {
    value(name).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A number of the Répertoire partagé des professionnels de santé: 11 digits, the last of them a Luhn key over the
/// others (ISO/IEC 7812-1 annex B).
public struct RPPS: Hashable, Sendable {
  /// The 11 digits.
  public let digits: String

  /// Reads a number as people write it: spaces are left out.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` unless there are 11 ASCII digits with a right key.
  public init(_ text: String) throws(AccountRefusal) {
    let written = text.utf8.filter { $0 != UInt8(ascii: " ") }
    guard written.count == 11, written.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      throw .invalid(field: .rpps, why: "an RPPS number has 11 digits")
    }
    guard RPPS.luhnSum(written.map { Int($0 - UInt8(ascii: "0")) }) % 10 == 0 else {
      throw .invalid(
        field: .rpps, why: "the last digit of the RPPS number does not fit the others: look for a typing error")
    }
    digits = String(decoding: written, as: UTF8.self)
  }

  /// The sum of the digits with every second one from the right doubled, and 9 taken from doubles above 9.
  private static func luhnSum(_ digits: [Int]) -> Int {
    digits.reversed().enumerated().reduce(0) { sum, place in
      let (index, digit) = place
      guard index % 2 == 1 else { return sum + digit }
      return sum + (digit > 4 ? digit * 2 - 9 : digit * 2)
    }
  }
}

extension RPPS: CustomStringConvertible {
  public var description: String { digits }
}

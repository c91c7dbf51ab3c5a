import Foundation

/// Where somebody lives, as they write it (CU-1).
public struct PostalAddress: Codable, Hashable, Sendable {
  /// 1...200 characters on 1...3 lines.
  public let street: String
  /// 1...20 characters.
  public let postalCode: String
  /// 1...100 characters.
  public let city: String
  /// ISO 3166-1 alpha-2, in capitals, such as `FR`.
  public let country: String

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` for the first part that is not acceptable.
  public init(street: String, postalCode: String, city: String, country: String) throws(AccountRefusal) {
    var lines: [String] = []
    for line in street.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
      lines.append(try PersonName(String(line), field: .street).text)
    }
    guard (1...3).contains(lines.count) else { throw .invalid(field: .street, why: "it must have 1 to 3 lines") }
    self.street = lines.joined(separator: "\n")
    guard self.street.unicodeScalars.count <= 200 else {
      throw .invalid(field: .street, why: "it must have 1 to 200 characters")
    }
    self.postalCode = try PersonName(postalCode, field: .postalCode).text
    guard self.postalCode.unicodeScalars.count <= 20 else {
      throw .invalid(field: .postalCode, why: "it must have 1 to 20 characters")
    }
    self.city = try PersonName(city, field: .city).text
    let letters = Array(country.utf8)
    guard letters.count == 2, letters.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      throw .invalid(field: .country, why: "a country has two capital letters, such as FR (ISO 3166-1)")
    }
    self.country = country
  }
}

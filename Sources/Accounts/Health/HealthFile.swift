/// What a patient chose to say of their health (CU-1). Health data: sealed on disk, and never in a log.
public struct HealthFile: Codable, Hashable, Sendable {
  public static let maximumCharacters = 3000

  /// 1...3,000 characters.
  public let history: String?
  /// 15 digits with their key.
  public let socialSecurityNumber: String?

  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public init(history: String?, socialSecurityNumber: String?) throws(AccountRefusal) {
    let text = history?.trimmingWhitespace
    guard (text?.unicodeScalars.count ?? 0) <= HealthFile.maximumCharacters else {
      throw .invalid(field: .history, why: "it must have \(HealthFile.maximumCharacters) characters at most")
    }
    self.history = text?.isEmpty == true ? nil : text
    self.socialSecurityNumber =
      if let socialSecurityNumber { try SocialSecurityNumber(socialSecurityNumber).digits } else { nil }
  }
}

/// A `numéro d'inscription au répertoire` (NIR): 13 characters and a key of two digits, 97 less the remainder of the
/// number by 97. Corsica's departments, `2A` and `2B`, count as 19 and 18.
struct SocialSecurityNumber: Hashable, Sendable {
  let digits: String

  /// Spaces are left out.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  init(_ text: String) throws(AccountRefusal) {
    let written = text.uppercased().filter { $0 != " " }
    let number = written.prefix(13).replacing("2A", with: "19").replacing("2B", with: "18")
    guard written.utf8.count == 15, written.count == 15, let value = Int64(number), value > 0,
      let key = Int64(written.suffix(2)), key == 97 - value % 97
    else {
      throw .invalid(
        field: .socialSecurityNumber, why: "it has 15 digits, and the last two do not fit, or it is not one")
    }
    digits = written
  }
}

extension String {
  fileprivate var trimmingWhitespace: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}

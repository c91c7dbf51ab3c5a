/// A `numéro d'inscription au répertoire` (NIR): 13 characters and a key of two digits, which is 97 less the remainder
/// of the number by 97. The sixth and seventh character are the department of birth; Corsica's `2A` and `2B` count as
/// 19 and 18.
struct SocialSecurityNumber: Hashable, Sendable {
  /// 15 characters: digits, but for `2A` or `2B` as the department.
  let text: String

  /// Spaces are left out.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  init(_ written: String) throws(AccountRefusal) {
    let text = written.filter { $0 != " " }.uppercased()
    let department = text.dropFirst(5).prefix(2)
    let counted = ["2A": "19", "2B": "18"][department] ?? String(department)
    let digits = text.prefix(5) + counted + text.dropFirst(7)
    guard text.count == 15, digits.utf8.count == 15,
      digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), digits.first != "0"
    else { throw .invalid(field: .socialSecurityNumber, why: "it has 15 digits, the key of two digits among them") }
    guard let number = Int64(digits.prefix(13)), let key = Int64(digits.suffix(2)), key == 97 - number % 97 else {
      throw .invalid(
        field: .socialSecurityNumber, why: "the last two digits do not fit the others: look for a typing error")
    }
    self.text = text
  }
}

/// Why an operator did something: one sentence of 1...200 characters that names nobody, such as `RPPS record checked
/// 2026-11-23`.
public struct Ground: Hashable, Sendable {
  public static let maximumCharacters = 200

  public let text: String

  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public init(_ raw: String) throws(AccountRefusal) {
    guard (1...Ground.maximumCharacters).contains(raw.unicodeScalars.count), raw.contains(where: { !$0.isWhitespace }),
      !raw.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      throw .invalid(
        field: .ground, why: "say why in 1 to \(Ground.maximumCharacters) characters, without naming anyone")
    }
    text = raw
  }
}

import Foundation

/// What comes from people and goes into letters, made harmless: on one line, bounded, without invisible characters.
enum LetterValue {
  /// Scalars, of a name or of a sentence.
  static let bound = 250

  /// A person's name. Anybody can sign up with any name and somebody else's address, so it cannot carry a link: only
  /// letters, marks, digits, spaces and `'’-.,·` stay, and no dot is followed by a letter or a digit.
  static func name(_ raw: String) -> String {
    var name = String.UnicodeScalarView()
    for scalar in sentence(raw).unicodeScalars {
      let properties = scalar.properties
      let isWord = properties.isAlphabetic || properties.numericType != nil || isMark(properties.generalCategory)
      guard isWord || " '’-.,·".unicodeScalars.contains(scalar) else { continue }
      if isWord, name.last == "." { name.append(" ") }
      name.append(scalar)
    }
    return String(name)
  }

  /// A sentence on one line.
  static func sentence(_ raw: String) -> String {
    var visible = String.UnicodeScalarView()
    for scalar in raw.unicodeScalars.prefix(bound) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: visible.append(" ")
      case .format, .surrogate, .privateUse, .unassigned: continue
      default: visible.append(scalar)
      }
    }
    return String(visible).split(separator: " ").joined(separator: " ")
  }

  /// The secret of a link: base64url (RFC 4648 section 5) and nothing else.
  static func token(_ raw: String) -> String {
    String(decoding: raw.utf8.prefix(bound).filter(isBase64URL), as: UTF8.self)
  }

  /// - Parameter raw: `YYYY-MM-DD`; anything else stays as it is, on one line.
  static func day(_ raw: String, in language: MailLanguage) -> String {
    let strategy = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    guard let date = try? Date(raw, strategy: strategy) else { return sentence(raw) }
    let locale = Locale(identifier: language == .fr ? "fr_FR" : "en_GB")
    return date.formatted(Date.FormatStyle(date: .long, time: .omitted, locale: locale, timeZone: .gmt))
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
    category == .nonspacingMark || category == .spacingMark || category == .enclosingMark
  }
}

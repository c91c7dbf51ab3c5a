import Foundation
import Rooms

/// What a document is called, by whoever hands it over.
struct DocumentName: Equatable {
  static let maximumCharacters = 120

  let text: String

  /// Trims blanks. Nil for what could be read as a path, or looks other than it is: path separators, control and
  /// formatting characters, line breaks.
  init?(_ text: String) {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !trimmed.isEmpty, trimmed.unicodeScalars.count <= Self.maximumCharacters, trimmed != ".", trimmed != "..",
      !trimmed.unicodeScalars.contains(where: Self.isRefused)
    else { return nil }
    self.text = trimmed
  }

  private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: scalar == "/" || scalar == "\\"
    }
  }

  /// `Content-Disposition` (RFC 6266, RFC 8187): to be kept as a file of that name, with the extension of its type.
  static func forFile(_ name: String?, _ type: Document.MediaType) -> String {
    let name = name ?? "document"
    let known = type.fileExtensions.contains { name.lowercased().hasSuffix("." + $0) }
    let full = known ? name : "\(name).\(type.fileExtensions[0])"
    let encoded = full.utf8.map { byte in
      let isPlain = byte < 0x80 && (UnicodeScalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte))
      return isPlain || [0x2d, 0x2e, 0x5f].contains(byte)
        ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
    }.joined()
    return "attachment; filename=\"document.\(type.fileExtensions[0])\"; filename*=UTF-8''\(encoded)"
  }
}

extension Document.MediaType {
  fileprivate var fileExtensions: [String] {
    switch self {
    case .pdf: ["pdf"]
    case .jpeg: ["jpg", "jpeg"]
    case .png: ["png"]
    }
  }
}

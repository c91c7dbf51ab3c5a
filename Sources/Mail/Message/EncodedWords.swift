import Foundation

/// A header's text as encoded words (RFC 2047), or as it is when it is plain and short.
enum EncodedWords {
  /// Of text in one encoded word: 39 bytes are 52 characters in base64, 64 with what is around them, and a line with
  /// encoded words has 76 at most, the header's name included.
  private static let bytesOfWord = 39
  private static let plainCharacters = 60

  static func encode(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
    guard !isPlain || text.utf8.count > plainCharacters else { return text }
    return words(of: text).map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
  }

  /// Cut between scalars, as each word must decode by itself.
  private static func words(of text: String) -> [String] {
    var words = [""]
    for scalar in text.unicodeScalars {
      if words[words.count - 1].utf8.count + UTF8.width(scalar) > bytesOfWord { words.append("") }
      words[words.count - 1].unicodeScalars.append(scalar)
    }
    return words
  }
}

import Foundation

/// What a patient chose to say of their health (CU-1). Health data: sealed on disk, and never in a log.
public struct HealthFile: Codable, Hashable, Sendable {
  public static let maximumCharacters = 3000

  /// 1...3,000 characters.
  public let history: String?
  /// 15 characters with their key.
  public let socialSecurityNumber: String?

  /// White space around the history, and spaces in the number, are left out; a history that is empty then is nil.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)``.
  public init(history: String?, socialSecurityNumber: String?) throws(AccountRefusal) {
    self.history = if let history { try HealthFile.text(history) } else { nil }
    self.socialSecurityNumber =
      if let socialSecurityNumber { try SocialSecurityNumber(socialSecurityNumber).text } else { nil }
  }

  /// Nothing was entered.
  var isEmpty: Bool { history == nil && socialSecurityNumber == nil }

  private static func text(_ raw: String) throws(AccountRefusal) -> String? {
    let text = raw.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.unicodeScalars.count <= maximumCharacters else {
      throw .invalid(field: .history, why: "it must have \(maximumCharacters) characters at most")
    }
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control || ["\n", "\r", "\t"].contains(scalar)
    }
    guard isPlain else { throw .invalid(field: .history, why: "it contains control characters") }
    return text.isEmpty ? nil : text
  }
}

extension HealthFile: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

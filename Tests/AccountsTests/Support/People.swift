import Foundation
import Mail

@testable import Accounts

extension LegalText {
  /// A version of both documents in both languages.
  static func all(_ version: Int) -> [LegalText] {
    LegalDocument.allCases.flatMap { both($0, version) }
  }

  static func both(_ document: LegalDocument, _ version: Int) -> [LegalText] {
    Language.allCases.map { language in
      LegalText(
        document: document, version: version, language: language,
        text: "# \(document.rawValue)\n\nVersion \(version), \(language.rawValue): é\n")
    }
  }
}

extension Fixture {
  static let day: Int64 = 24 * 3_600_000

  @discardableResult
  func publish(_ texts: [LegalText], now: Int64 = Fixture.now) async throws(AccountRefusal) -> Int {
    try await store.publish(texts, by: .commandLine, now: now)
  }

  /// Agrees to whatever is in force, in French.
  func consent(_ account: AccountID, now: Int64 = Fixture.now) async throws {
    for text in try await store.currentTexts() where text.language == .fr {
      try await store.consent(
        to: text.document, version: text.version, language: .fr, sha256: text.sha256, of: account, now: now)
    }
  }

  func child(
    _ name: String, of parent: AccountID, born: String = "2014-05-01", attending: AttendingChoice = .none
  ) async throws -> AccountID {
    let child = try NewChild(
      givenName: PersonName(name, field: .givenName), familyName: PersonName("Test", field: .familyName),
      birthDate: CivilDate(born), attending: attending)
    return try await store.createChild(child, of: parent, now: Fixture.now)
  }

  /// The letters that wait, oldest first.
  func letters() async throws -> [QueuedLetter] {
    try await store.dueLetters(limit: 1000, now: .max).sorted { $0.id < $1.id }
  }

  /// To whom a letter waits, in the order of the addresses.
  func recipients(of letter: Letter) async throws -> [String] {
    try await letters().filter { $0.letter == letter }.map(\.recipient).sorted()
  }

  /// The token of the last invitation to an address.
  func invitationToken(to email: String) async throws -> String? {
    for letter in try await letters().reversed() where letter.recipient == email {
      if case .invitation(_, let token) = letter.letter { return token }
    }
    return nil
  }

  /// Actions in the audit about an account, oldest first.
  func actions(about account: AccountID) async throws -> [AuditEntry.Action] {
    try await store.audit().filter { $0.subject == account }.map(\.action)
  }
}

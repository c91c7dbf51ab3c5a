import Accounts
import Foundation
import Mail
import Transport

/// What somebody agreed to, and agrees to now (CU-3).
extension Broker {
  static let consentRoutes: [Route] = [
    Route("GET", "/v1/account/consents", .signedIn) { try await $0.showConsents($1) },
    Route("POST", "/v1/account/consents", .signedIn) { try await $0.consent($1) },
  ]

  private func showConsents(_ call: Call) async throws -> HTTPResponse {
    let account = try call.account()
    let needed = try await people.accounts.consentsNeeded(of: account)
    let texts = try await people.accounts.currentTexts().filter { needed.contains($0.document) }
    let given = try await people.accounts.consents(of: account)
    return .object { writer in
      writer.member("needed", array: texts) { Self.write($1, to: &$0) }
      writer.member("given", array: given) { writer, consent in
        writer.object { writer in
          writer.member("document", consent.document.rawValue)
          writer.member("version", consent.version)
          writer.member("language", consent.language.rawValue)
          writer.member("sha256", consent.sha256.hexadecimal)
          writer.member("given_at", consent.givenAt)
          writer.member("by", consent.source.rawValue)
          writer.member("url", Self.url(consent.document, consent.version, consent.language))
        }
      }
    }
  }

  private func consent(_ call: Call) async throws -> HTTPResponse {
    let wanted = try call.read { object in
      (
        document: try object.choice("document", of: LegalDocument.self), version: try object.integer("version"),
        language: try object.choice("language", of: Language.self),
        sha256: try object.string("sha256", limit: 64)
      )
    }
    guard let sha256 = Data(sha256: wanted.sha256) else {
      throw Problem.invalid("sha256", "64 hexadecimal digits are needed")
    }
    try await people.accounts.consent(
      to: wanted.document, version: wanted.version, language: wanted.language, sha256: sha256,
      of: try call.account(), now: call.now)
    await followAccounts()
    return .done
  }
}

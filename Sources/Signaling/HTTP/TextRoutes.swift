import Accounts
import Foundation
import Mail
import Transport

/// What everybody may read: the legal texts (CU-3), and who practises here (CU-6.1).
extension Broker {
  static let textRoutes: [Route] = [
    Route("GET", "/v1/texts", .anyone) { broker, _ in
      let texts = try await broker.people.accounts.currentTexts()
      return .object { $0.member("texts", array: texts) { Broker.write($1, to: &$0) } }
    },
    Route("GET", "/v1/texts/{}/{}/{}", .anyone) { try await $0.showText($1) },
    Route("GET", "/v1/practitioners", .anyone) { try await $0.searchPractitioners($1) },
  ]

  private func showText(_ call: Call) async throws -> HTTPResponse {
    guard let document = LegalDocument(rawValue: call.parameters[0]), let version = Int(call.parameters[1]),
      String(version) == call.parameters[1], let language = Language(rawValue: call.parameters[2]),
      let text = try await people.accounts.text(document, version: version, language: language)
    else { throw Problem.notFound }
    return HTTPResponse(
      status: 200,
      headers: [
        Header("Content-Type", "text/plain; charset=utf-8"), Header("Cache-Control", "max-age=3600"),
        Header("ETag", "\"\(text.sha256.hexadecimal)\""),
      ], body: Array(text.text.utf8))
  }

  private func searchPractitioners(_ call: Call) async throws -> HTTPResponse {
    guard let name = call.query("name")?.trimmingCharacters(in: .whitespaces), (2...100).contains(name.count) else {
      throw Problem.invalid("name", "write 2 to 100 characters of the name")
    }
    try people.accounts.admitSearch(address: call.address, now: call.now)
    let found = try await people.accounts.searchPractitioners(name: name)
    return .object { writer in
      writer.member("practitioners", array: found) { writer, profile in
        writer.object { writer in
          writer.member("id", profile.id.description)
          writer.member("given_name", profile.givenName)
          writer.member("family_name", profile.familyName)
          writer.member("specialty", profile.practitioner?.specialty)
        }
      }
    }
  }

  static func write(_ text: TextReference, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("document", text.document.rawValue)
      writer.member("version", text.version)
      writer.member("language", text.language.rawValue)
      writer.member("sha256", text.sha256.hexadecimal)
      writer.member("published_at", text.publishedAt)
      writer.member("url", url(text.document, text.version, text.language))
    }
  }

  static func url(_ document: LegalDocument, _ version: Int, _ language: Language) -> String {
    "/v1/texts/\(document.rawValue)/\(version)/\(language.rawValue)"
  }
}

extension Data {
  /// In lower case.
  var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }

  /// Reads 64 hexadecimal digits.
  init?(sha256 text: String) {
    guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else { return nil }
    self.init()
    var rest = Substring(text)
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      append(byte)
      rest = rest.dropFirst(2)
    }
  }
}

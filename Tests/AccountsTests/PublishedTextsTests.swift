import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Texts to agree to")
struct PublishedTextsTests {
  @Test("CU-3: a version is published once, to the letter, and can be read for ever")
  func publishing() async throws {
    let fixture = try Fixture()
    #expect(try await fixture.store.currentTexts().isEmpty)
    #expect(try await fixture.publish(LegalText.all(1)) == 2)
    #expect(try await fixture.publish(LegalText.all(1)) == 0)
    #expect(try await fixture.publish(LegalText.all(1) + LegalText.both(.terms, 2), now: Fixture.now + 1) == 1)
    let current = try await fixture.store.currentTexts()
    #expect(current.map(\.document) == [.terms, .terms, .privacy, .privacy])
    #expect(current.map(\.version) == [2, 2, 1, 1] && current.map(\.language) == [.fr, .en, .fr, .en])
    #expect(current.first?.publishedAt == Fixture.now + 1)
    for text in LegalText.all(1) + LegalText.both(.terms, 2) {
      let stored = try await fixture.store.text(text.document, version: text.version, language: text.language)
      #expect(stored == text && stored?.sha256 == text.sha256)
    }
    #expect(try await fixture.store.text(.terms, version: 3, language: .fr) == nil)
    let entries = try await fixture.store.audit()
    #expect(entries.map(\.action) == [.textsPublished, .textsPublished])
    #expect(entries.map(\.subject) == [.platform, .platform])
    #expect(entries.map(\.ground) == ["terms 1, privacy 1", "terms 2"])
  }

  @Test("CU-3: a changed word in a published version is refused, and the refusal says what to do")
  func changed() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let changed = LegalText(document: .privacy, version: 1, language: .en, text: "# privacy\n\nother words")
    let refused = await refusal { try await fixture.publish([changed] + LegalText.both(.terms, 2)) }
    #expect(refused?.code == "unavailable")
    #expect(refused?.message.contains("privacy/1.en.md") == true && refused?.message.contains("new version") == true)
    #expect(try await fixture.store.currentTexts().map(\.version) == [1, 1, 1, 1])
  }

  @Test(
    "What is not the next version in both languages is refused, and nothing is published",
    arguments: [
      (LegalText.both(.terms, 2), "terms 1"), ([LegalText.both(.terms, 1)[0]], "missing in en"),
      (LegalText.both(.terms, 1) + LegalText.both(.terms, 3), "terms 2"),
      (LegalText.both(.terms, 1) + LegalText.both(.terms, 1), "twice"),
      ([LegalText(document: .terms, version: 0, language: .fr, text: "x")], "version of 1"),
      ([LegalText(document: .terms, version: 1, language: .fr, text: "")], "1 to 200000 characters"),
      (
        [LegalText(document: .terms, version: 1, language: .fr, text: String(repeating: "x", count: 200_001))],
        "1 to 200000 characters"
      ),
    ])
  func wrong(texts: [LegalText], message: String) async throws {
    let fixture = try Fixture()
    let refused = await refusal { try await fixture.publish(texts) }
    #expect(refused?.message.contains(message) == true, "\(String(describing: refused?.message))")
    #expect(try await fixture.store.currentTexts().isEmpty)
  }

  @Test("CU-3: a new version is announced to everybody who agreed to an older one and can be written to")
  func announced() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    _ = try await fixture.child("Lea", of: julie)
    let marc = try await fixture.person("Marc")
    let closed = try await fixture.person("Closed")
    _ = try await fixture.person("Never")
    for account in [julie, marc, closed] { try await fixture.consent(account) }
    try await fixture.store.suspend(closed, ground: "test", by: .commandLine, now: Fixture.now)
    #expect(try await !fixture.letters().contains { $0.letter == .newTexts })
    try await fixture.publish(LegalText.both(.privacy, 2))
    let announced = try await fixture.letters().filter { $0.letter == .newTexts }.map(\.recipient)
    #expect(Set(announced) == ["julie@test.example", "marc@test.example"] && announced.count == 2)
    #expect(try await fixture.store.consentsNeeded(of: julie) == [.privacy])
  }
}

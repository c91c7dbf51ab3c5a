import Foundation
import Testing

@testable import Mail

private struct Case: Sendable, CustomTestStringConvertible {
  let letter: Letter
  let language: MailLanguage
  var testDescription: String { "\(letter.kind) in \(language.rawValue)" }

  static let all = everyLetter.flatMap { letter in MailLanguage.allCases.map { Case(letter: letter, language: $0) } }
}

@Suite("Letters")
struct LetterTests {
  @Test("Every letter names its sender, says why it came, what to do, and what if it was not them", arguments: Case.all)
  private func complete(_ example: Case) {
    let written = example.letter.written(in: example.language, origin: origin)
    #expect((10...70).contains(written.subject.count))
    #expect(written.subject == written.subject.trimmingCharacters(in: .whitespacesAndNewlines))
    #expect(written.text.contains("MQM Téléconsultation"))
    switch example.language {
    case .fr:
      #expect(written.text.hasPrefix("Bonjour"))
      #expect(written.text.contains(/Vous recevez ce message (car|parce que|parce qu’)/))
      #expect(written.text.contains("\n\nSi "))
    case .en:
      #expect(written.text.hasPrefix("Hello"))
      #expect(written.text.contains("You receive this message because"))
      #expect(written.text.contains("\n\nIf "))
    }
    for line in written.text.split(separator: "\n") { #expect(line.utf8.count < 400) }
  }

  @Test("Text and HTML say the same", arguments: Case.all)
  private func sameWords(_ example: Case) {
    let written = example.letter.written(in: example.language, origin: origin)
    let html = words(in: visible(written.html))
    for word in words(in: written.text) where word != "--" { #expect(html.contains(word), "\(word)") }
  }

  @Test("Each link to act on is there, in the text, on the button and to copy, and says how long it is good (CU-4.1)")
  func links() {
    let expected: [(Letter, path: String, fr: String, en: String)] = [
      (.confirmRegistration(givenName: "Anne", token: token), "confirm", "48 heures", "48 hours"),
      (.resetPassword(token: token), "reset", "une heure", "one hour"),
      (.confirmEmail(token: token), "email", "24 heures", "24 hours"),
      (.invitation(from: nil, token: token), "invitation", "7 jours", "7 days"),
    ]
    for (letter, path, fr, en) in expected {
      let link = "\(origin)/#/\(path)/\(token)"
      for (language, life) in [(MailLanguage.fr, fr), (.en, en)] {
        let written = letter.written(in: language, origin: origin)
        #expect(written.text.contains("\n\(link)\n"))
        #expect(written.html.components(separatedBy: "<a href=\"\(link)\"").count == 3)
        #expect(written.html.contains(">\(link)</a>"))
        #expect(written.text.contains(life))
        #expect(visible(written.html).contains(life))
      }
      #expect(letter.linkSeconds != nil)
    }
  }

  @Test("A letter without anything to act on has the platform's own address", arguments: Case.all)
  private func home(_ example: Case) {
    guard example.letter.linkSeconds == nil else { return }
    let written = example.letter.written(in: example.language, origin: origin)
    #expect(written.text.contains("\n\(origin)\n"))
    #expect(written.html.contains("<a href=\"\(origin)\""))
  }

  @Test("No letter speaks of health, of whom somebody accompanies, or as what (CU-5.2, CU-6.3b)", arguments: Case.all)
  private func nothingOfHealth(_ example: Case) {
    let written = example.letter.written(in: example.language, origin: origin)
    let forbidden = [
      "santé", "médic", "médec", "malad", "sympt", "soin", "ordonnance", "diagnos", "urgence", "patient", "tuteur",
      "tutelle", "curat", "parent", "enfant", "mineur", "majeur", "incapable", "health", "medic", "illness", "disease",
      "treatment", "doctor", "guardian", "tutor", "child", "minor", "emergency",
    ]
    for word in words(in: (written.subject + " " + written.text + " " + visible(written.html)).lowercased()) {
      for start in forbidden { #expect(!word.hasPrefix(start), "\(word)") }
    }
  }

  @Test("HTML has its language, balanced plain elements, and nothing that is fetched or run", arguments: Case.all)
  private func html(_ example: Case) throws {
    let html = example.letter.written(in: example.language, origin: origin).html
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(example.language.rawValue)\">"))
    var open: [String] = []
    for tag in html.matches(of: /<(\/?)([a-zA-Z0-9!]+)([^>]*)>/) {
      let name = String(tag.2)
      #expect(
        ["!DOCTYPE", "html", "head", "meta", "title", "body", "div", "h1", "p", "a", "br", "hr"].contains(name))
      if tag.1 == "/" {
        #expect(open.popLast() == name)
      } else if !["!DOCTYPE", "meta", "br", "hr"].contains(name) {
        open.append(name)
      }
      for attribute in tag.3.matches(of: /([a-z-]+)="([^"]*)"/) {
        #expect(["lang", "charset", "name", "content", "style", "role", "href"].contains(String(attribute.1)))
        if attribute.1 == "href" { #expect(attribute.2.hasPrefix(origin)) }
        if attribute.1 == "style" { #expect(!attribute.2.contains("url")) }
      }
    }
    #expect(open.isEmpty)
    #expect(html.components(separatedBy: "<h1").count == 2)
  }

  @Test("No name and no ground brings in markup, a line, or a link of its own")
  func hostileValues() {
    let hostile =
      "<script>alert('1')</script>\r\nBcc: x@evil.example\u{2028}\u{202E}http://evil.example/a?b www.evil.example \"&"
    for letter in letters(name: hostile, ground: hostile, token: "<b>\"'&\r\n.x") {
      for language in MailLanguage.allCases {
        let written = letter.written(in: language, origin: origin)
        #expect(!written.subject.contains { $0.isNewline })
        #expect(!written.subject.contains("evil"))
        #expect(!written.html.contains("<script"))
        #expect(!written.html.contains("<b>"))
        if letter.linkSeconds != nil { #expect(written.text.contains("/bx\n")) }
        #expect(!written.text.contains("\r"))
        #expect(!written.text.contains("\u{202E}"))
        for line in written.text.split(whereSeparator: \.isNewline) { #expect(!line.hasPrefix("Bcc")) }
        #expect(written.text.split(whereSeparator: \.isNewline).count < 20)
        if letter.hasName { #expect(!(written.text + written.html).contains("evil.example")) }
      }
    }
  }

  @Test("The invitation of an operator names the platform's team, the one of a person that person")
  func invitation() {
    let byOperator = Letter.invitation(from: nil, token: token).written(in: .en, origin: origin)
    #expect(byOperator.text.contains("because the team of MQM Téléconsultation invites you"))
    let byPerson = Letter.invitation(from: "Julie Petit", token: token).written(in: .fr, origin: origin)
    #expect(byPerson.text.contains("car Julie Petit vous invite à accompagner quelqu’un"))
  }

  @Test("The day on which an unused account closes is written out (CU-4.4)")
  func unused() {
    let letter = Letter.unusedAccount(closesOn: "2026-12-24")
    #expect(letter.written(in: .fr, origin: origin).text.contains("seront effacées le 24 décembre 2026."))
    #expect(letter.written(in: .en, origin: origin).text.contains("erased on 24 December 2026."))
  }

  @Test("Letters come back from the queue's JSON as they were, by names that do not change")
  func coding() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    for letter in everyLetter {
      #expect(try JSONDecoder().decode(Letter.self, from: encoder.encode(letter)) == letter)
    }
    let text = try encoder.encode(Letter.invitation(from: "Julie Petit", token: "t"))
    #expect(String(decoding: text, as: UTF8.self) == #"{"invitation":{"from":"Julie Petit","token":"t"}}"#)
  }

  @Test("Kinds, as they stand in the log, are different for each letter")
  func kinds() {
    #expect(Set(everyLetter.map(\.kind)).count == everyLetter.count - 2)
  }
}

extension Letter {
  fileprivate var hasName: Bool {
    switch self {
    case .confirmRegistration, .invitation, .invitationAccepted, .unusedAccompanied: true
    case .guardianshipEnded(let patient): patient != nil
    default: false
    }
  }
}

private func visible(_ html: String) -> String {
  var text = html.replacing(/<[^>]*>/, with: " ")
  for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
    text = text.replacing(entity, with: character)
  }
  return text
}

private func words(in text: String) -> Set<Substring> {
  Set(text.split { $0.isWhitespace || ".,:;!?«»“”'".contains($0) })
}

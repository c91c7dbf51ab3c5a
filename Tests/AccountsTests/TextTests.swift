import Foundation
import Testing

@testable import Accounts

@Suite("Texts of an account")
struct TextTests {
  @Test(
    "An e-mail address has one form",
    arguments: [
      ("anne@test.example", "anne@test.example"), ("  Anne.Martin@Test.Example\n", "anne.martin@test.example"),
      ("e\u{301}va@test.example", "\u{e9}va@test.example"), ("a+b@sub.test.example", "a+b@sub.test.example"),
    ])
  func email(raw: String, normal: String) throws {
    let text = try EmailAddress(raw).text
    #expect(Array(text.unicodeScalars) == Array(normal.unicodeScalars))
  }

  @Test(
    "What is no e-mail address is refused",
    arguments: [
      "", "anne", "@test.example", "anne@", "anne@test", "anne@@test.example", "an ne@test.example", "anne@.example",
      "anne@test.", "anne@-test.example", "anne\u{0}@test.example", String(repeating: "a", count: 250) + "@b.example",
      String(repeating: "a", count: 100_000),
    ])
  func notEmail(raw: String) {
    #expect(throws: AccountRefusal.self) { try EmailAddress(raw) }
  }

  @Test(
    "Names of 1 to 100 characters are accepted and trimmed", arguments: ["Anne", " Zoé-Marie ", "李", "O’Neill d’Arc"])
  func name(raw: String) throws {
    let text = try PersonName(raw, field: .givenName).text
    #expect(text == raw.trimmingCharacters(in: .whitespaces))
  }

  @Test(
    "Names that are empty, too long, or not what they seem are refused",
    arguments: ["", "   ", String(repeating: "a", count: 101), "An\nne", "An\u{0}ne", "Anne\u{202e}", "An\u{200b}ne"])
  func notName(raw: String) {
    #expect(throws: AccountRefusal.self) { try PersonName(raw, field: .givenName) }
  }

  @Test("A password is the same in every form of Unicode")
  func password() throws {
    #expect(try Password("mot de passe é ﬁ").bytes == Password("mot de passe e\u{301} fi").bytes)
  }

  @Test(
    "Passwords have 12 to 256 characters, and bounded bytes",
    arguments: [(11, false), (12, true), (256, true), (257, false), (1_000_000, false)])
  func passwordBounds(count: Int, isAccepted: Bool) {
    #expect(((try? Password(String(repeating: "x", count: count))) != nil) == isAccepted)
  }

  @Test("Secrets do not print")
  func secretsDoNotPrint() throws {
    let password = try Password("correct horse battery")
    let token = SessionToken(bytes: Array(0..<32))
    #expect("\(password) \(token)" == "••• •••")
    #expect(!String(reflecting: password).contains("correct") && !String(reflecting: token).contains(token.text))
    var dumped = ""
    dump(password, to: &dumped)
    dump(token, to: &dumped)
    #expect(!dumped.contains(token.text) && !dumped.contains("bytes"))
  }

  @Test("A token is 43 characters of base64url, and nothing else is one")
  func token() {
    let token = SessionToken(bytes: [UInt8](repeating: 0xff, count: 32))
    #expect(token.text == String(repeating: "_", count: 42) + "8")
    #expect(SessionToken(token.text) == token)
    for wrong in ["", token.text + "A", String(token.text.dropLast()), String(repeating: "+", count: 43)] {
      #expect(SessionToken(wrong) == nil)
    }
  }
}

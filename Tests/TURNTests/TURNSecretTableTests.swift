import Testing

@testable import TURN

struct TURNSecretTableTests {
  private let one = TURNSecret("the-first-secret-of-all")!
  private let two = TURNSecret("the-second-secret-of-all")!

  @Test("Adding and removing is one transaction that can be repeated")
  func change() throws {
    let table = try #require(TURNSecretTable(realm: "consult.example"))
    #expect(
      table.statements(adding: [one], removing: [two]) == """
        BEGIN;
        DELETE FROM turn_secret WHERE realm = 'consult.example' AND value = 'the-first-secret-of-all';
        DELETE FROM turn_secret WHERE realm = 'consult.example' AND value = 'the-second-secret-of-all';
        INSERT INTO turn_secret (realm, value) VALUES ('consult.example', 'the-first-secret-of-all');
        COMMIT;

        """)
  }

  @Test("What is there of an earlier time is replaced, and nothing of others")
  func replacement() throws {
    let table = try #require(TURNSecretTable(realm: "consult.example"))
    let text = table.statements(adding: [], removing: [], replacing: one.derivedPrefix)
    #expect(text.contains("value LIKE '\(one.derivedPrefix)%'"))
    #expect(!one.derivedPrefix.contains("%") && !one.derivedPrefix.contains("_"))
  }

  @Test(
    "A realm that breaks out of a quoted text is none",
    arguments: ["", "'", "a'b", "a b", "a;b", "a\\b", "é.example", String(repeating: "a", count: 128)])
  func refused(realm: String) {
    #expect(TURNSecretTable(realm: realm) == nil)
  }
}

import Foundation
import Testing

@testable import Accounts

@Suite("Health files")
struct HealthFileTests {
  @Test(
    "A social security number has 15 characters and a right key",
    arguments: [
      ("255081416802538", "255081416802538"), ("2 55 08 14 168 025 38", "255081416802538"),
      ("185052A00100119", nil), ("1850 52A 001 001 ", nil), ("255081416802539", nil), ("25508141680253", nil),
      ("2550814168025380", nil),
      ("+55081416802538", nil), ("A55081416802538", nil), ("2550814A6802538", nil),
      ("", nil), ("055081416802538", nil), ("２55081416802538", nil),
    ])
  func number(written: String, expected: String?) throws {
    #expect((try? SocialSecurityNumber(written))?.text == expected)
  }

  @Test(
    "Corsica's departments count as 19 and 18, and only at the department's place",
    arguments: [("2A", 1_850_519_001_001), ("2B", 1_850_518_001_001)])
  func corsica(department: String, counted: Int) throws {
    let key = String(format: "%02d", 97 - counted % 97)
    #expect(try SocialSecurityNumber("18505\(department)001001\(key)").text == "18505\(department)001001\(key)")
    #expect(try SocialSecurityNumber("18505\(department.lowercased())001001\(key)").text.contains(department))
    #expect(throws: AccountRefusal.self) { try SocialSecurityNumber("1850500\(department)1001\(key)") }
  }

  @Test("The history is bounded and plain text, and an empty one is none")
  func history() {
    func accepted(_ text: String) -> String?? {
      (try? HealthFile(history: text, socialSecurityNumber: nil)).map(\.history)
    }
    #expect(accepted(" asthma\nsince 1990 \n") == "asthma\nsince 1990")
    #expect(accepted(" \n") == .some(nil))
    #expect(accepted(String(repeating: "é", count: 3000)) != nil)
    #expect(accepted(String(repeating: "é", count: 3001)) == nil)
    #expect(accepted("a\u{1}b") == nil)
  }

  @Test("CU-1: patient and guardians read and write it, nobody else, and it prints as dots")
  func readers() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    let stranger = try await fixture.person("Marc", [.guardian])
    let child = try await fixture.child("Lea", of: julie)
    let file = try HealthFile(history: "asthma", socialSecurityNumber: "255081416802538")
    let store = fixture.store
    #expect(try await store.healthFile(of: child, for: julie, now: Fixture.now) == nil)
    try await store.setHealthFile(file, of: child, by: julie, now: Fixture.now)
    for account in [child, julie] {
      let read = try await store.healthFile(of: child, for: account, now: Fixture.now)
      #expect(read?.file == file && read?.updatedAt == Fixture.now)
    }
    #expect(try await store.healthFile(of: child)?.file == file)
    #expect(
      await refusal { try await store.healthFile(of: child, for: stranger, now: Fixture.now)?.file } == .unknownAccount)
    #expect(
      await refusal { try await store.healthFile(of: julie, for: child, now: Fixture.now)?.file } == .unknownAccount)
    #expect(
      await refusal { try await store.setHealthFile(file, of: child, by: stranger, now: 0) } == .unknownAccount)
    #expect("\(file)" == "•••" && !String(reflecting: file).contains("asthma"))
    #expect(try await fixture.actions(about: child).last == .healthFileChanged)

    let empty = try HealthFile(history: nil, socialSecurityNumber: nil)
    try await store.setHealthFile(empty, of: child, by: julie, now: Fixture.now)
    #expect(try await store.healthFile(of: child, for: julie, now: Fixture.now) == nil)
  }

  @Test("CU-12.5: nothing of it is in the clear on disk, and it belongs to its place")
  func sealed() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie")
    let marc = try await fixture.person("Marc")
    for (account, history) in [
      (julie, "canary-history-one"), (julie, "canary-history-two"), (marc, "canary-history-of-marc"),
    ] {
      try await fixture.store.setHealthFile(
        HealthFile(history: history, socialSecurityNumber: "255081416802538"), of: account, by: account,
        now: Fixture.now)
      let bytes = try fixture.bytesOnDisk()
      for secret in [history, "255081416802538"] { #expect(bytes.range(of: Data(secret.utf8)) == nil) }
    }
    try await fixture.raw(
      "UPDATE health_file SET sealed = (SELECT sealed FROM health_file AS o WHERE o.patient <> health_file.patient)")
    #expect(
      await refusal { try await fixture.store.healthFile(of: julie, for: julie, now: Fixture.now)?.file }?.code
        == "unavailable")
  }
}

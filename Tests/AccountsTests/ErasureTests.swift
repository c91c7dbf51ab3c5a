import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-12.1: erasing an account")
struct ErasureTests {
  @Test("A raw search through all files finds nothing of an erased person among 300 others, nor of their child")
  func canaries() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    try await fixture.crowd(0..<150)
    let julie = try await fixture.plantCanaries()
    try await fixture.crowd(150..<300)
    let store = fixture.store
    func found() throws -> [String] {
      let bytes = try fixture.bytesOnDisk()
      return Canary.all.filter { bytes.range(of: Data($0.utf8)) != nil }
    }
    #expect(try found() == Canary.inClear)
    let child = try #require(try await store.patients(of: julie).last?.profile.id)

    let erased = try await store.erase(julie, by: .account(julie), now: Fixture.now)
    #expect(erased.contains(julie) && erased.count == 2)
    #expect(try await store.scrub())
    #expect(try found().isEmpty)
    for account in erased { #expect(try await store.profile(account) == nil) }
    #expect(try await store.healthFile(of: child) == nil)
    #expect(try await store.page(limit: 1000).count == 302)
    #expect(await refusal { try await fixture.signIn("canarymail@test.example") } == .wrongCredentials)
    let entries = try await store.audit().filter { $0.action == .accountErased }
    #expect(Set(entries.map(\.subject)) == erased && entries.allSatisfy { $0.actor == .account(julie) })
  }

  @Test("Copies that SQLite leaves in pages when rows move are gone, too", arguments: 1...3)
  func movedRows(seed: UInt64) async throws {
    let fixture = try Fixture()
    var dice = Dice(seed: seed)
    var accounts: [AccountID] = []
    for round in 0..<6 {
      let lines = try (0..<20).map { number in
        try ImportedAccount(
          json: """
            {"given_name":"Moved\(String(repeating: "x", count: dice.roll(90)))","family_name":"Canary","roles":\
            ["patient"],"birth_date":"1980-01-01","email":"\(dice.roll(1_000_000))-\(round)-\(number)@canary.example"}
            """, line: number + 1)
      }
      accounts += try await fixture.store.importAccounts(lines, by: .commandLine, now: Fixture.now).map(\.id)
      for account in accounts where dice.roll(2) == 0 {
        var correction = Correction()
        let street = "Moved" + String(repeating: "z", count: dice.roll(90))
        correction.postalAddress = try PostalAddress(street: street, postalCode: "1", city: "Canary", country: "FR")
        try await fixture.store.correct(account, correction, now: Fixture.now)
      }
      for account in accounts where dice.roll(4) == 0 {
        _ = try await fixture.store.erase(account, by: .system, now: Fixture.now)
        accounts.removeAll { $0 == account }
      }
    }
    for account in accounts { _ = try await fixture.store.erase(account, by: .system, now: Fixture.now) }
    #expect(try await fixture.store.scrub())
    let bytes = try fixture.bytesOnDisk()
    for canary in ["Moved", "Canary", "canary.example"] {
      #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary)")
    }
  }

  @Test("What is told beforehand is what happens to the patients whom somebody represents")
  func preview() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    let marc = try await fixture.person("Marc", [.guardian])
    let alone = try await fixture.child("Alone", of: julie)
    let shared = try await fixture.child("Shared", of: julie)
    try await fixture.link(shared, marc, .parent)
    let own = try await fixture.person("Own", born: "2012-01-01")
    try await fixture.link(own, julie, .parent)
    let preview = try await store.erasurePreview(of: julie)
    #expect(preview.patientsErased.map(\.id) == [alone])
    #expect(Set(preview.patientsLeft.map(\.id)) == [shared, own])
    #expect(try await store.erasurePreview(of: marc).patientsErased.isEmpty)
    #expect(try await store.erase(julie, by: .system, now: 0) == [julie, alone])
    #expect(try await store.patients(of: marc).map(\.profile.id) == [shared])
    #expect(try await store.profile(own) != nil)
    #expect(try await store.guardians(of: own).isEmpty)
    #expect(await refusal { try await store.erase(julie, by: .system, now: 0) } == .unknownAccount)
    #expect(await refusal { try await store.erasurePreview(of: julie) } == .unknownAccount)
  }

  @Test("A physician who is erased is nobody's attending physician any more")
  func physician() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    let julie = try await fixture.person("Julie")
    try await fixture.store.setAttending(of: julie, to: anne, by: .commandLine, now: 0)
    _ = try await fixture.store.erase(anne, by: .account(anne), now: 0)
    #expect(try await fixture.store.details(of: julie)?.attending == nil)
  }

  @Test("The last operator who can sign in stays")
  func lastOperator() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let max = try await fixture.person("Max", [.operator])
    let eva = try await fixture.person("Eva", [.operator])
    try await store.suspend(eva, ground: "test", by: .commandLine, now: 0)
    #expect(await refusal { try await store.erase(max, by: .account(max), now: 0) } == .lastOperator)
    try await store.reinstate(eva, ground: "test", by: .commandLine, now: 0)
    _ = try await store.erase(max, by: .account(max), now: 0)
    #expect(await refusal { try await store.erase(eva, by: .account(eva), now: 0) } == .lastOperator)
  }

  @Test("The log is emptied each time, and the file written anew only after an erasure")
  func scrubbing() async throws {
    let fixture = try Fixture()
    func identity() throws -> Data { try Data(contentsOf: URL(filePath: fixture.path)) }
    let julie = try await fixture.person("Julie")
    try await fixture.crowd(0..<20)
    #expect(try await fixture.store.scrub())
    #expect(try Data(contentsOf: URL(filePath: fixture.path + "-wal")).isEmpty)
    let before = try identity()
    #expect(try await fixture.store.scrub())
    #expect(try identity() == before)
    _ = try await fixture.store.erase(julie, by: .account(julie), now: 0)
    #expect(try await fixture.store.scrub())
    let after = try identity()
    #expect(after != before)
    #expect(try await fixture.store.scrub())
    #expect(try identity() == after)
  }
}

/// Numbers that come again with the same seed.
private struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// - Returns: 0..<`sides`.
  mutating func roll(_ sides: UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % Int(sides)
  }
}

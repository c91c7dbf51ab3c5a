import Foundation
import GRDB
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
    let child = try #require(try await store.patients(of: julie, now: Fixture.now).last?.profile.id)

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

  @Test("Copies that SQLite leaves in pages when it moves rows are gone, too", arguments: [3, 4, 9, 18])
  func movedRows(seed: UInt64) async throws {
    let fixture = try Fixture()
    var dice = Dice(seed: seed)
    var tokens: [String] = []
    var statements: [String] = []
    for number in 0..<1500 {
      let kind = dice.roll(10)
      // Some rows stay, so that the pages of the others stay in use.
      let email = "\(dice.roll(1_000_000))\(number.isMultiple(of: 4) ? "stays" : "moved")\(number)@other.example"
      if kind < 5 || tokens.isEmpty {
        tokens.append("x'\(String(format: "%064llx", UInt64(dice.roll(1 << 31))))'")
        statements.append(
          """
          INSERT INTO registration
          VALUES (\(tokens.last ?? ""), '\(email)', '{}', zeroblob(16), zeroblob(32), 2, 1, 1, 0, 1)
          """)
      } else if kind < 7 {
        statements.append("UPDATE registration SET email = '\(email)' WHERE token_digest = \(dice.pick(from: tokens))")
      } else {
        let token = dice.pick(from: tokens)
        tokens.removeAll { $0 == token }
        statements.append("DELETE FROM registration WHERE token_digest = \(token)")
      }
    }
    try await fixture.raw(statements.joined(separator: ";\n"))
    try await fixture.raw("DELETE FROM registration WHERE email LIKE '%moved%'")
    let julie = try await fixture.person("Julie")
    _ = try await fixture.store.erase(julie, by: .system, now: Fixture.now)
    #expect(try await fixture.store.scrub())
    let bytes = try fixture.bytesOnDisk()
    for canary in ["moved", "julie"] {
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
    #expect(try await store.patients(of: marc, now: Fixture.now).map(\.profile.id) == [shared])
    #expect(try await store.profile(own) != nil)
    #expect(try await store.guardians(of: own).isEmpty)
    #expect(await refusal { try await store.erase(julie, by: .system, now: 0) } == .unknownAccount)
    #expect(await refusal { try await store.erasurePreview(of: julie) } == .unknownAccount)
  }

  @Test("When a guardian erases a child, the other guardian is written to, without a name")
  func otherGuardian() async throws {
    let fixture = try Fixture()
    let julie = try await fixture.person("Julie", [.guardian])
    let marc = try await fixture.person("Marc", [.guardian])
    let lea = try await fixture.child("Lea", of: julie)
    try await fixture.link(lea, marc, .parent)
    try await fixture.deliverLetters()
    try await fixture.store.database.write { db in
      _ = try ErasureTable.eraseWithOrphans(db, lea, by: .account(julie), now: Fixture.now)
    }
    #expect(try await fixture.letters().map(\.letter) == [.guardianshipEnded(patient: nil)])
    #expect(try await fixture.recipients(of: .guardianshipEnded(patient: nil)) == ["marc@test.example"])
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

  @Test("What waits for an address that somebody only asked to change to stays, but for their own link and letters")
  func pendingAddress() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let here = RemoteAddress("192.0.2.7")
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    let lea = try await fixture.child("Lea", of: julie)
    let sent = try await store.invite(
      "victim@test.example", as: .parent, for: lea, by: julie, address: .unknown, now: Fixture.now)
    try await fixture.signUp(.person("Victim"))
    let token = try await fixture.token(to: "victim@test.example")
    let before = try await fixture.letters(to: "victim@test.example")
    let thief = try await fixture.person("Thief", password: Fixture.password)
    try await store.requestEmail(
      "victim@test.example", by: fixture.session(of: thief), password: Fixture.password, address: here,
      now: Fixture.now)
    _ = try await store.erase(thief, by: .account(thief), now: Fixture.now)
    #expect(try await fixture.letters(to: "victim@test.example") == before)
    let victim = try await fixture.confirm(token).profile
    #expect(try await store.receivedInvitations(of: victim.id, now: Fixture.now).map(\.id) == [sent.id])
  }

  @Test("The last operator who can sign in stays")
  func lastOperator() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let max = try await fixture.person("Max", [.operator])
    let eva = try await fixture.person("Eva", [.operator])
    #expect(await refusal { try await store.erase(max, by: .account(max), now: 0) } == .lastOperator)
    for person in [max, eva] { _ = try await store.setSecondFactor(of: person, by: .commandLine, now: 0) }
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

@Suite("CU-12.1: how often the database is written anew")
struct ScrubTests {
  @Test("After many erasures in a row it is once in 20 seconds, and the log is emptied at once")
  func interval() async throws {
    let fixture = try Fixture()
    let start = ContinuousClock.now
    func erase(_ name: String) async throws {
      let person = try await fixture.person(name)
      try await fixture.store.database.write { db in
        _ = try ErasureTable.eraseWithOrphans(db, person, by: .system, now: Fixture.now)
      }
    }
    func seen() async throws -> Int? {
      try await fixture.store.database.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") }
    }
    try await erase("Anne")
    #expect(try await fixture.store.scrub(at: start))
    let first = try await seen()
    try await erase("Julie")
    for seconds in [1, 19] {
      #expect(try await !fixture.store.scrub(at: start + .seconds(seconds)))
      #expect(try Data(contentsOf: URL(filePath: fixture.path + "-wal")).isEmpty)
      #expect(try await seen() == first)
    }
    #expect(try await fixture.store.scrub(at: start + .seconds(20)))
    #expect(try await seen() != first)
    #expect(try await fixture.store.scrub(at: start + .seconds(21)), "nothing is left to do")
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

  mutating func pick(from choices: [String]) -> String { choices[roll(UInt64(choices.count))] }
}

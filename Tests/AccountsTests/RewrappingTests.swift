import Foundation
import Testing
import Vault

@testable import Accounts

@Suite("CU-12.5: rotation of the master key")
struct RewrappingTests {
  @Test("All data keys are under the new key afterwards, what they sealed still opens, and the old key opens nothing")
  func rotated() async throws {
    let fixture = try Fixture()
    let people = try await ["Anne", "Bea", "Chloe"].asyncMap { try await fixture.person($0) }
    for person in people {
      try await fixture.store.setHealthFile(
        HealthFile(history: "canary", socialSecurityNumber: nil), of: person, by: person, now: 0)
    }
    let file = MasterKeyFile(path: fixture.masterKeyFile)
    let old = try String(contentsOfFile: fixture.masterKeyFile, encoding: .ascii)
    let new = MasterKey()
    try file.replace(with: [new] + (try file.read()))
    let command = try AccountStore(path: fixture.path, keyring: fixture.keyring)
    // Somebody is given a key before the rotation comes to the database, and somebody in the middle of it.
    let early = try await fixture.person("Dora")
    _ = try await fixture.store.setSecondFactor(of: early, by: .commandLine, now: 0)
    #expect(try await command.dataKeyCensus()[new.name] == nil)
    try await command.rewrapDataKeys { _ in }
    let late = try await fixture.person("Elsa")
    _ = try await fixture.store.setSecondFactor(of: late, by: .commandLine, now: 0)
    #expect(try await command.dataKeyCensus() == [new.name: 5])
    try file.replace(with: [new])
    for person in people {
      #expect(try await fixture.store.healthFile(of: person)?.file.history == "canary")
    }
    _ = try AccountStore(path: fixture.path, keyring: fixture.keyring)
    try old.write(toFile: fixture.masterKeyFile, atomically: false, encoding: .ascii)
    #expect(await refusal { try AccountStore(path: fixture.path, keyring: fixture.keyring) } != nil)
  }

  @Test("A data key that no key at hand opens stops it, and nothing is lost")
  func stuck() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    _ = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: 0)
    let before = try await fixture.store.dataKeyCensus()
    try MasterKeyFile(path: fixture.masterKeyFile).replace(with: [MasterKey()])
    #expect(await refusal { try await fixture.store.rewrapDataKeys { _ in } }?.code == "unavailable")
    #expect(try await fixture.store.dataKeyCensus() == before)
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ make: (Element) async throws -> Value) async rethrows -> [Value] {
    var made: [Value] = []
    for element in self { made.append(try await make(element)) }
    return made
  }
}

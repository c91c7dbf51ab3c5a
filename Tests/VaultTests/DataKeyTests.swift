import Foundation
import Testing

@testable import Vault

@Suite("CU-12.5: data keys")
struct DataKeyTests {
  private let key = DataKey(secret: MasterKey().secret, owner: "consultation a")

  @Test("What is sealed opens with the same key for the same owner and purpose, and with nothing else")
  func bound() throws {
    let sealed = try key.seal(Data("canary".utf8), purpose: "health")
    #expect(try key.open(sealed, purpose: "health") == Data("canary".utf8))
    #expect(sealed.count == 6 + Sealing.overhead && sealed.range(of: Data("canary".utf8)) == nil)
    #expect(throws: VaultFailure.wrongKey) { try key.open(sealed, purpose: "document") }
    let moved = DataKey(secret: key.secret, owner: "consultation b")
    #expect(throws: VaultFailure.wrongKey) { try moved.open(sealed, purpose: "health") }
    let other = DataKey(secret: MasterKey().secret, owner: key.owner)
    #expect(throws: VaultFailure.wrongKey) { try other.open(sealed, purpose: "health") }
  }

  @Test("Any byte that is changed or missing is noticed")
  func changed() throws {
    let sealed = try key.seal(Data("canary".utf8), purpose: "health")
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(throws: VaultFailure.wrongKey) { try key.open(changed, purpose: "health") }
      #expect(throws: VaultFailure.wrongKey) { try key.open(sealed.prefix(index), purpose: "health") }
    }
  }

  @Test("The same text is sealed differently each time, so that equal ones do not show")
  func fresh() throws {
    let sealed = try (0..<100).map { _ in try key.seal(Data("canary".utf8), purpose: "health") }
    #expect(Set(sealed).count == 100)
  }

  @Test("Keys print as dots")
  func quiet() {
    let master = MasterKey()
    #expect("\(key) \(master)" == "••• •••" && String(reflecting: master) == "•••")
    var dumped = ""
    dump(master, to: &dumped)
    #expect(!dumped.contains(master.digits))
  }
}

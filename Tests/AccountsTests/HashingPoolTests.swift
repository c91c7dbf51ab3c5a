import Foundation
import Testing

@testable import Accounts

@Suite("Hashing passwords")
struct HashingPoolTests {
  @Test("The hash is scrypt: the third vector of RFC 7914 section 12")
  func vector() throws {
    // Its password has 13 characters, which is within our bounds.
    let hash = try ScryptHashing().hash(
      Password("pleaseletmein"), salt: Array("SodiumChloride".utf8),
      cost: ScryptCost(rounds: 16384, blockSize: 8, parallelism: 1))
    let expected = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    #expect(hash.map { String(format: "%02x", $0) }.joined() == expected)
  }

  @Test("More than the workers and the queue can hold is refused at once, and later ones go through")
  func bounded() async throws {
    let hashing = CountingHashing()
    let gate = DispatchSemaphore(value: 0)
    hashing.close(with: gate)
    let pool = HashingPool(workers: 1, waiting: 2, hashing: hashing)
    let password = try Password("correct horse battery")
    await withTaskGroup(of: AccountRefusal?.self) { group in
      for _ in 0..<10 {
        group.addTask { await refusal { try await pool.hash(password, salt: [1], cost: .cheap) } }
      }
      var refused = 0
      for _ in 0..<7 where await group.next() == .some(.busy(afterMilliseconds: 2000)) { refused += 1 }
      #expect(refused == 7)
      for _ in 0..<3 { gate.signal() }
      while let last = await group.next() { #expect(last == nil) }
    }
    gate.signal()
    #expect(await refusal { try await pool.hash(password, salt: [1], cost: .cheap) } == nil)
  }

  @Test("Comparing notices every difference")
  func matches() {
    let hash = PasswordHash(salt: [], hash: Array(0..<32), cost: .cheap)
    #expect(hash.matches(Array(0..<32)))
    #expect(!hash.matches(Array(0..<31)))
    for place in 0..<32 {
      var other = [UInt8](0..<32)
      other[place] ^= 1
      #expect(!hash.matches(other))
    }
  }
}

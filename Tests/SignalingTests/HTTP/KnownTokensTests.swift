import Foundation
import Testing

@testable import Signaling

struct KnownTokensTests {
  private let token = String(repeating: "a", count: 43)
  private let now = ContinuousClock.now

  @Test("a token is known for ten minutes after its session was seen, and no other is")
  func lifetime() {
    var known = KnownTokens()
    known.note(token, at: now)
    known.note("not a token", at: now)
    #expect(known.has(token, at: now + .seconds(599)))
    #expect(!known.has(token, at: now + .seconds(600)))
    #expect(!known.has(String(repeating: "b", count: 43), at: now))
    #expect(!known.has("not a token", at: now))
  }

  @Test("the list is bounded")
  func bound() {
    var known = KnownTokens()
    known.note(token, at: now)
    for number in 0..<KnownTokens.limit {
      known.note(String(repeating: "b", count: 33) + String(1_000_000_000 + number), at: now)
    }
    #expect(!known.has(token, at: now))
  }
}

import Testing

@testable import Mail

@Suite("When letters are tried again")
struct RetryRuleTests {
  private func minutes(of letter: Letter) -> [Int64] {
    var pauses: [Int64] = []
    while let pause = RetryRule.pause(after: pauses.count + 1, of: letter, jitter: 0) { pauses.append(pause / 60_000) }
    return pauses
  }

  @Test("After a minute, twice as long each time, up to 4 hours; given up after three days and 25 tries")
  func doubling() {
    let pauses = minutes(of: .newTexts)
    #expect(pauses.prefix(10) == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240])
    #expect(pauses.count == 24)
    let threeDays: Int64 = 3 * 24 * 60
    let total: Int64 = pauses.reduce(0, +)
    #expect(total <= threeDays)
    #expect(total > threeDays - 240)
  }

  @Test("No letter is tried again once the link in it is dead")
  func links() {
    #expect(minutes(of: .resetPassword(token: token)) == [1, 2, 4, 8, 16])
    let ofAddress: Int64 = minutes(of: .confirmEmail(token: token)).reduce(0, +)
    #expect(ofAddress <= 1440)
    let ofRegistration: Int64 = minutes(of: .confirmRegistration(givenName: "Anne", token: token)).reduce(0, +)
    #expect(ofRegistration <= 2880)
    #expect(minutes(of: .invitation(from: nil, token: token)) == minutes(of: .newTexts))
  }

  @Test("Jitter shortens a pause by up to a fifth")
  func jitter() {
    #expect(RetryRule.pause(after: 1, of: .newTexts, jitter: 1) == 48_000)
    #expect(RetryRule.pause(after: 1, of: .newTexts, jitter: 0.5) == 54_000)
    #expect(RetryRule.pause(after: 1, of: .newTexts, jitter: 7) == 48_000)
  }

  @Test("Any count of failures has an answer")
  func extremes() {
    #expect(RetryRule.pause(after: 0, of: .newTexts, jitter: 0) == 60_000)
    #expect(RetryRule.pause(after: .max, of: .newTexts, jitter: 0) == nil)
  }
}

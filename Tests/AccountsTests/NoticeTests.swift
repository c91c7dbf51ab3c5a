import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Letters about what other databases hold")
struct NoticeTests {
  @Test("Everybody who has an address gets one, once for each occasion, however often it is asked for")
  func once() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    let luc = try await fixture.person("Luc")
    for _ in 0..<2 {
      try await fixture.store.write(
        .consultationOverdue, to: [anne, luc, AccountID(UUID())], onceFor: "overdue 1", now: 10)
    }
    #expect(try await fixture.recipients(of: .consultationOverdue) == ["anne@test.example", "luc@test.example"])
    try await fixture.store.write(.consultationOverdue, to: [anne], onceFor: "overdue 2", now: 20)
    #expect(try await fixture.letters().count == 3)
  }

  @Test("An occasion that is long past is forgotten")
  func forgotten() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne")
    try await fixture.store.write(.consultationRefused, to: [anne], onceFor: "refused 1", now: 0)
    for (now, count) in [(AccountStore.noticeMilliseconds - 1, 1), (AccountStore.noticeMilliseconds, 2)] {
      try await fixture.store.sweepExpired(now: now)
      try await fixture.store.write(.consultationRefused, to: [anne], onceFor: "refused 1", now: now)
      #expect(try await fixture.letters().count == count)
    }
  }
}

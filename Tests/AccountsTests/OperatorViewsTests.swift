import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("What operators see")
struct OperatorViewsTests {
  @Test("Counts are of everybody, at one moment")
  func counts() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    #expect(try await store.counts() == fixture.noCounts())
    let julie = try await fixture.person("Julie", [.patient, .guardian])
    let lea = try await fixture.child("Lea", of: julie)
    _ = try await fixture.person("Max", [.operator])
    let closed = try await fixture.person("Closed")
    try await store.suspend(closed, ground: "test", by: .commandLine, now: 0)
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    _ = try await fixture.practitioner("Hugo", rpps: "10007654329")
    try await store.setVerification(of: anne, to: .verified, ground: "test", by: .commandLine, now: 0)
    let sent = try await store.invite(
      "x@test.example", as: .parent, for: lea, by: julie, address: .unknown, now: Fixture.now)
    var expected = fixture.noCounts()
    expected.accounts = 6
    expected.patients = 3
    expected.guardians = 1
    expected.operators = 1
    expected.closed = 1
    expected.practitioners[.verified] = 1
    expected.practitioners[.pending] = 1
    expected.invitationsOpen = 1
    expected.mailWaiting = 3
    #expect(try await store.counts(now: Fixture.now) == expected)
    #expect(try await store.counts(now: sent.expiresAt).invitationsOpen == 0)
  }

  @Test("CU-6.7: practitioners come by pages, by how they stand, with the ground and the times")
  func practitioners() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let numbers = ["10003456786", "10007654329", "12345678903"]
    var ids: [AccountID] = []
    for (index, name) in ["Anne", "Hugo", "Eva"].enumerated() {
      ids.append(try await fixture.practitioner(name, rpps: numbers[index]))
    }
    try await store.setVerification(of: ids[2], to: .refused, ground: "no", by: .commandLine, now: Fixture.now + 1)
    var seen: [AccountID] = []
    while case let page = try await store.practitioners(nil, after: seen.last, limit: 2), !page.isEmpty {
      seen += page.map(\.profile.id)
    }
    #expect(seen.count == 3 && Set(seen) == Set(ids))
    #expect(try await store.practitioners(.pending, after: nil, limit: 50).count == 2)
    let refused = try #require(try await store.practitioners(.refused, after: nil, limit: 50).first)
    #expect(refused.profile.id == ids[2] && refused.profile.email == "eva@test.example" && refused.ground == "no")
    #expect(refused.decidedAt == Fixture.now + 1 && refused.appliedAt == Fixture.now)
  }

  @Test("CU-12.2: an account is found by its address, with when and why it was closed")
  func account() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie")
    let open = try #require(try await store.operatorAccount(email: " JULIE@test.example"))
    #expect(open.profile.id == julie && open.createdAt == Fixture.now && open.closing == nil && !open.hasSecondFactor)
    try await store.suspend(julie, ground: "breach", by: .commandLine, now: Fixture.now + 1)
    let closed = try await store.operatorAccount(email: "julie@test.example")
    #expect(closed?.closing == .init(at: Fixture.now + 1, ground: "breach"))
    #expect(try await store.operatorAccount(email: "nobody@test.example") == nil)
    #expect(await refusal { try await store.operatorAccount(email: "x") }?.code == "invalid_field")
  }
}

extension Fixture {
  fileprivate func noCounts() -> AccountCounts {
    var counts = AccountCounts()
    for verification in Verification.allCases { counts.practitioners[verification] = 0 }
    return counts
  }
}

import Foundation
import Testing

@testable import Accounts

@Suite("CU-12.2, CU-13: the audit of what operators do")
struct AuditTests {
  @Test("Every act is recorded with its actor, subject and ground, and without personal data")
  func acts() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let lea = try await fixture.person("Lea")
    let julie = try await fixture.person("Julie", [.guardian], password: Fixture.password)
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    let start = try await store.lastAuditID()
    let actor = AuditEntry.Actor.account(anne)
    try await fixture.link(lea, julie, .parent)
    try await store.unlink(patient: lea, guardian: julie, by: actor, now: 1)
    for verification in [Verification.verified, .refused, .suspended, .pending] {
      try await store.setVerification(of: anne, to: verification, ground: "checked", by: .commandLine, now: 2)
    }
    try await store.setAttending(of: lea, to: anne, by: actor, now: 3)
    try await store.setPassword("another good one", of: julie, by: actor, now: 4)
    _ = try await store.issueToken(for: julie, by: actor, now: 5)
    try await store.revokeSessions(of: julie, by: actor, now: 6)
    try await store.suspend(julie, ground: "terms", by: actor, now: 7)
    try await store.reinstate(julie, ground: "lifted", by: actor, now: 8)

    let entries = try await store.audit(after: start)
    #expect(
      entries.map(\.action) == [
        .guardianLinked, .guardianUnlinked, .practitionerVerified, .practitionerRefused, .practitionerSuspended,
        .practitionerPending, .attendingSet, .passwordSet, .tokenIssued, .sessionsRevoked, .accountSuspended,
        .accountReinstated,
      ])
    #expect(entries.map(\.at) == [Fixture.now, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7, 8])
    #expect(entries[0].other == julie && entries[6].other == anne && entries[1].actor == actor)
    #expect(
      entries.map(\.ground) == [nil, nil] + Array(repeating: "checked", count: 4) + [
        nil, nil, nil, nil, "terms", "lifted",
      ])
    #expect(!"\(entries)".contains("test.example"))
  }

  @Test("What was refused is not recorded")
  func refused() async throws {
    let fixture = try Fixture()
    let lea = try await fixture.person("Lea")
    let before = try await fixture.store.audit()
    let store = fixture.store
    #expect(
      await refusal { try await store.setVerification(of: lea, to: .verified, ground: "x", by: .commandLine, now: 0) }
        == .notAPractitioner)
    #expect(await refusal { try await store.suspend(lea, ground: " ", by: .commandLine, now: 0) } != nil)
    #expect(
      await refusal { try await store.suspend(AccountID(UUID()), ground: "x", by: .commandLine, now: 0) }
        == .unknownAccount)
    #expect(try await store.audit() == before)
  }

  @Test("CU-6.7: a practitioner is verified only while both registration and account stand")
  func verified() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    func isVerified() async throws -> Bool? { try await fixture.store.profile(anne)?.isVerifiedPractitioner }
    #expect(try await isVerified() == false)
    try await fixture.store.setVerification(of: anne, to: .verified, ground: "x", by: .commandLine, now: 0)
    #expect(try await isVerified() == true)
    try await fixture.store.suspend(anne, ground: "x", by: .commandLine, now: 0)
    #expect(try await isVerified() == false)
  }

  @Test(
    "A ground is one sentence", arguments: [("ok", true), ("", false), ("  ", false), ("a\nb", false)])
  func ground(text: String, isAccepted: Bool) {
    #expect(((try? Ground(text)) != nil) == isAccepted)
    #expect((try? Ground(String(repeating: "x", count: 201))) == nil)
  }
}

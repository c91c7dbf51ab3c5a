import Foundation
import Testing

@testable import Accounts

@Suite("What changes while a password is hashed counts")
struct MeanwhileTests {
  /// What ends what somebody could do a moment ago.
  enum Change: String, CaseIterable {
    case newPassword = "UPDATE credential SET salt = randomblob(16), hash = randomblob(32)"
    case newAddress = "UPDATE credential SET email = 'other@test.example'"
    case sessionEnded = "DELETE FROM session"
    case closed = "UPDATE account SET suspended_at = 1, suspended_ground = 'x'"
  }

  private static let here = RemoteAddress("192.0.2.7")

  private static let ways: [@Sendable (Fixture, Session) async throws -> Void] = [
    { fixture, session in
      _ = try await fixture.store.changePassword(
        of: session.account, current: Fixture.password, to: "another good one", keeping: session.id, address: here,
        now: Fixture.now)
    },
    { fixture, session in
      try await fixture.store.requestEmail(
        "new@test.example", by: session, password: Fixture.password, address: here, now: Fixture.now)
    },
    { fixture, session in
      _ = try await fixture.store.beginSecondFactor(
        by: session, password: Fixture.password, address: here, now: Fixture.now)
    },
    { fixture, session in
      try await fixture.store.removeSecondFactor(
        by: session, password: Fixture.password, code: "000000", address: here, now: Fixture.now)
    },
    { fixture, session in
      _ = try await fixture.store.erase(
        session.account, by: session, password: Fixture.password, code: nil, address: here, now: Fixture.now)
    },
  ]

  @Test(
    "CU-4.1: the old password signs nobody in once there is a new one", arguments: [Change.newPassword, .newAddress])
  func signIn(change: Change) async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let refused = try await fixture.change(change.rawValue) { _ = try await fixture.signIn("anne@test.example") }
    #expect(refused == .wrongCredentials)
    #expect(try await fixture.store.sessions(of: anne, now: Fixture.now).isEmpty)
  }

  @Test("Nothing that asks for the password is done once it, the session or the account is over", arguments: 0..<5)
  func signedIn(way: Int) async throws {
    for change in Change.allCases {
      let fixture = try Fixture()
      let anne = try await fixture.person("Anne", password: Fixture.password)
      let session = try await fixture.session(of: anne)
      let refused = try await fixture.change(change.rawValue) { try await MeanwhileTests.ways[way](fixture, session) }
      #expect(refused == .wrongCredentials, "\(change)")
      #expect(try await fixture.store.profile(anne) != nil)
      #expect(try await fixture.actions(about: anne) == [.accountCreated])
      #expect(try await fixture.letters().isEmpty)
    }
  }

  @Test("CU-12.1: a guardian erases a represented patient with their own password, while they represent them")
  func guardian() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.guardian], password: Fixture.password)
    let session = try await fixture.session(of: julie)
    let lea = try await fixture.child("Lea", of: julie)
    let own = try await fixture.person("Own", born: "2012-01-01")
    try await fixture.link(own, julie, .parent)
    let stranger = try await fixture.person("Stranger")
    let erase: @Sendable (AccountID) async throws -> Void = { person in
      _ = try await store.erase(
        person, by: session, password: Fixture.password, code: nil, address: MeanwhileTests.here, now: Fixture.now)
    }
    #expect(await refusal { try await erase(own) } == .forbidden)
    #expect(await refusal { try await erase(stranger) } == .unknownAccount)
    #expect(try await fixture.change("DELETE FROM guardianship") { try await erase(lea) } == .unknownAccount)
    try await fixture.link(lea, julie, .parent)
    let signIn = "INSERT INTO credential (account, email) SELECT patient, 'lea@test.example' FROM guardianship"
    #expect(try await fixture.change(signIn) { try await erase(lea) } == .forbidden)
    try await fixture.raw("DELETE FROM credential WHERE email = 'lea@test.example'")
    try await erase(lea)
    #expect(try await store.profile(lea) == nil)
    #expect(try await store.audit().last?.actor == .account(julie))
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-6.3: invitations")
struct InvitationTests {
  /// Julie, her child Lea without a sign-in, and Marc, who has nothing to do with them yet.
  private struct Home {
    let fixture: Fixture
    let julie: AccountID
    let marc: AccountID
    let lea: AccountID

    init() async throws {
      fixture = try Fixture()
      julie = try await fixture.person("Julie", [.patient, .guardian])
      marc = try await fixture.person("Marc")
      lea = try await fixture.child("Lea", of: julie)
    }

    @discardableResult
    func invite(
      _ email: String = "Marc@test.example", as relation: Relation = .parent, for patient: AccountID? = nil,
      by account: AccountID? = nil, now: Int64 = Fixture.now
    ) async throws -> Invitation {
      try await fixture.store.invite(
        email, as: relation, for: patient ?? lea, by: account ?? julie, address: .unknown, now: now)
    }

    func token() async throws -> String {
      try #require(try await fixture.invitationToken(to: "marc@test.example"))
    }

    func find(_ token: String, by account: AccountID, now: Int64 = Fixture.now) async -> AccountRefusal? {
      await refusal { try await fixture.store.findInvitation(token: token, for: account, now: now) }
    }

    func accept(_ id: UUID, by account: AccountID, now: Int64 = Fixture.now) async -> AccountRefusal? {
      await refusal { try await fixture.store.acceptInvitation(id, by: account, now: now) }
    }
  }

  @Test("An invited parent accepts with the link, represents the child, and the inviter hears of it")
  func accepting() async throws {
    let home = try await Home()
    let store = home.fixture.store
    let invitation = try await home.invite()
    #expect(invitation.email == "marc@test.example")
    #expect(invitation.expiresAt == Fixture.now + 7 * Fixture.day)
    #expect(try await store.patient(home.lea, for: home.julie, now: Fixture.now)?.invitations == [invitation])
    let letter = try #require(try await home.fixture.letters().last)
    let token = try await home.token()
    #expect(letter.letter == .invitation(from: "Julie Test", token: token))

    let received = try await store.findInvitation(token: token, for: home.marc, now: Fixture.now)
    #expect(received.patientGivenName == "Lea" && received.inviter?.givenName == "Julie")
    #expect(try await store.receivedInvitations(of: home.marc, now: Fixture.now) == [received])
    #expect(try await store.receivedInvitations(of: home.julie, now: Fixture.now).isEmpty)
    #expect(await home.accept(received.id, by: home.marc) == nil)
    #expect(Set(try await store.guardians(of: home.lea).map(\.profile.id)) == [home.julie, home.marc])
    #expect(try await store.profile(home.marc)?.roles == [.patient, .guardian])
    let told = try await home.fixture.letters().last
    #expect(told?.recipient == "julie@test.example" && told?.letter == .invitationAccepted(by: "Marc Test"))
    let linked = try #require(try await store.audit().last)
    #expect(linked.action == .guardianLinked && linked.other == home.marc && linked.actor == .account(home.marc))
    for (viewer, revocable) in [(home.julie, [home.julie, home.marc]), (home.marc, [home.marc])] {
      let guardians = try await store.patient(home.lea, for: viewer, now: Fixture.now)?.guardians ?? []
      #expect(Set(guardians.filter(\.isRevocable).map(\.profile.id)) == Set(revocable))
    }
  }

  @Test("A link is good once, for the account of the address, until it expires or is taken back; each has its own code")
  func refused() async throws {
    let home = try await Home()
    let store = home.fixture.store
    let other = try await home.fixture.person("Other", [.guardian])
    let invitation = try await home.invite()
    let token = try await home.token()
    for (account, now, expected) in [
      (other, Fixture.now, InvitationRefusal.forAnother), (home.lea, Fixture.now, .forAnother),
      (home.marc, invitation.expiresAt, .expired),
    ] {
      #expect(await home.find(token, by: account, now: now) == .invitation(expected))
      #expect(await home.accept(invitation.id, by: account, now: now) == .invitation(expected))
      #expect(
        await refusal { try await store.declineInvitation(invitation.id, by: account, now: now) }
          == .invitation(expected))
    }
    #expect(try await store.receivedInvitations(of: home.marc, now: invitation.expiresAt).isEmpty)
    try await store.revokeInvitation(invitation.id, for: home.lea, by: home.julie, now: Fixture.now)
    #expect(await home.accept(invitation.id, by: home.marc) == .invitation(.revoked))

    let declined = try await home.invite()
    try await store.declineInvitation(declined.id, by: home.marc, now: Fixture.now)
    #expect(await home.accept(declined.id, by: home.marc) == .invitation(.used))
    let accepted = try await home.invite()
    #expect(await home.accept(accepted.id, by: home.marc) == nil)
    #expect(await home.accept(accepted.id, by: home.marc) == .invitation(.used))
    for token in ["", "x", String(repeating: "A", count: 43)] {
      #expect(await home.find(token, by: home.marc) == .linkInvalid)
    }
    #expect(await home.accept(UUID(), by: home.marc) == .unknownAccount)
    #expect(
      try await home.fixture.actions(about: home.lea).suffix(6) == [
        .guardianInvited, .invitationRevoked, .guardianInvited, .invitationDeclined, .guardianInvited, .guardianLinked,
      ])
  }

  @Test("Inviting the same address again takes the earlier invitation back, with a new token")
  func again() async throws {
    let home = try await Home()
    let first = try await home.invite()
    let old = try await home.token()
    let second = try await home.invite(now: Fixture.now + 1)
    #expect(try await home.token() != old && second.id != first.id)
    #expect(await home.find(old, by: home.marc) == .invitation(.revoked))
    #expect(try await home.fixture.store.patient(home.lea, for: home.julie, now: Fixture.now)?.invitations == [second])
  }

  @Test("Guardians and open invitations together are two at most")
  func two() async throws {
    let home = try await Home()
    let first = try await home.invite()
    #expect(await refusal { try await home.invite("x@test.example") } == .guardianship(.tooManyGuardians))
    try await home.invite("x@test.example", now: first.expiresAt)
    #expect(
      await refusal { try await home.invite("y@test.example", now: first.expiresAt) }
        == .guardianship(.tooManyGuardians))
    try await home.fixture.store.create(
      NewAccount(givenName: "X", familyName: "Test", email: "x@test.example", roles: [.guardian]), by: .commandLine,
      now: Fixture.now)
    let second = try #require(try await home.fixture.store.profile(email: "x@test.example"))
    try await home.fixture.link(home.lea, second.id, .parent)
    #expect(await refusal { try await home.invite("y@test.example") } == .guardianship(.tooManyGuardians))
  }

  @Test(
    "The relation fits the patient, when inviting and when accepting",
    arguments: Relation.allCases, [Protection.none, .tutelle, .curatelle])
  func relation(relation: Relation, protection: Protection) async throws {
    for birthDate in ["2014-05-01", "1980-01-01"] {
      let home = try await Home()
      let store = home.fixture.store
      let paul = try await home.fixture.person("Paul", born: birthDate, protection: protection)
      let isMinor = birthDate == "2014-05-01"
      let fits = relation.protection == protection && (relation != .parent || isMinor)
      let refused = await refusal { try await home.invite(as: relation, for: paul, by: paul) }
      #expect(refused == (fits ? nil : .guardianship(.relationMismatch)), "\(birthDate)")
      guard fits, let invitation = try await store.receivedInvitations(of: home.marc, now: Fixture.now).first else {
        continue
      }
      let other: Protection = protection == .none ? .tutelle : .none
      try await store.setProtection(of: paul, to: other, ground: "x", by: .commandLine, now: Fixture.now)
      #expect(await home.accept(invitation.id, by: home.marc) == .guardianship(.relationMismatch))
    }
  }

  @Test("Nobody is invited to themself or to whom they represent, and strangers invite nobody")
  func whom() async throws {
    let home = try await Home()
    let tom = try await home.fixture.person("Tom", born: "2012-01-01")
    let boss = try await home.fixture.person("Boss", [.operator])
    #expect(
      await refusal { try await home.invite("tom@test.example", for: tom, by: tom) } == .guardianship(.ownGuardian))
    #expect(await refusal { try await home.invite("julie@test.example") } == .guardianship(.alreadyLinked))
    #expect(await refusal { try await home.invite(by: home.marc) } == .unknownAccount)
    #expect(await refusal { try await home.invite(for: home.marc) } == .unknownAccount)
    #expect(await refusal { try await home.invite(for: boss, by: boss) } == .unknownAccount)
    #expect(await refusal { try await home.invite("boss@test.example", by: boss) } == .forbidden)
    #expect(await refusal { try await home.invite("nonsense") }?.code == "invalid_field")
    try await home.invite(by: boss)
    #expect(
      try await home.fixture.letters(to: "marc@test.example").last == .invitation(from: nil, token: home.token()))
    let received = try await home.fixture.store.receivedInvitations(of: home.marc, now: Fixture.now)
    #expect(received.map(\.inviter) == [nil])
    let id = try #require(received.first?.id)
    for (patient, account) in [(home.lea, home.marc), (tom, home.julie), (home.lea, AccountID(UUID()))] {
      #expect(
        await refusal {
          try await home.fixture.store.revokeInvitation(id, for: patient, by: account, now: Fixture.now)
        } == .unknownAccount)
    }
    try await home.fixture.store.revokeInvitation(id, for: home.lea, by: boss, now: Fixture.now)
  }

  @Test("An account invites 20 times a day, and whether an address has an account makes no difference")
  func throttle() async throws {
    let home = try await Home()
    for number in 0..<20 {
      let email = number.isMultiple(of: 5) ? "marc@test.example" : "nobody\(number)@test.example"
      let sent = try await home.invite(email, now: Fixture.now + Int64(number))
      try await home.fixture.store.revokeInvitation(sent.id, for: home.lea, by: home.julie, now: Fixture.now)
    }
    #expect(
      await refusal { try await home.invite(now: Fixture.now + 1000) }
        == .tooManyAttempts(afterMilliseconds: Fixture.day - 1000))
    try await home.invite(now: Fixture.now + Fixture.day)
    #expect(try await home.fixture.letters().count == 21)
  }

  @Test("Erasing the patient gives no more invitations that day")
  func throttleOutlives() async throws {
    let home = try await Home()
    for number in 0..<20 {
      let child = try await home.fixture.child("Child\(number)", of: home.julie)
      try await home.invite("nobody\(number)@test.example", for: child)
      _ = try await home.fixture.store.erase(child, by: .account(home.julie), now: Fixture.now)
    }
    #expect(await refusal { try await home.invite() } == .tooManyAttempts(afterMilliseconds: Fixture.day))
  }

  @Test("5 letters to an address and 20 from a remote one are free, whoever invites; what is not sent does not count")
  func letters() async throws {
    let home = try await Home()
    for number in 0..<30 {
      #expect(await refusal { try await home.invite(as: .tutor) } == .guardianship(.relationMismatch), "\(number)")
    }
    for number in 0..<6 {
      let parent = try await home.fixture.person("Parent\(number)", [.guardian])
      let child = try await home.fixture.child("Child\(number)", of: parent)
      try await home.invite(for: child, by: parent)
    }
    let locked = AccountRefusal.tooManyAttempts(afterMilliseconds: 1000)
    #expect(await refusal { try await home.invite() } == locked)
    #expect(await refusal { try await home.fixture.signUp(.person("Marc"), from: "192.0.2.50") } == locked)
    for number in 0..<15 { try await home.fixture.signUp(.person("Person\(number)"), from: "") }
    #expect(await refusal { try await home.invite("other@test.example") } == locked)
  }

  @Test("Who does not represent the patient any more, or is closed, has no open invitations and ends no guardianship")
  func afterwards() async throws {
    let home = try await Home()
    let (fixture, store) = (home.fixture, home.fixture.store)
    let teen = try await fixture.person("Teen", born: "2012-01-01")
    let eva = try await fixture.person("Eva", [.guardian])
    for way in 0..<5 {
      try await fixture.raw("UPDATE account SET suspended_at = NULL, suspended_ground = NULL")
      let guardian = way == 4 ? eva : home.julie
      try await fixture.link(teen, guardian, .parent)
      let sent = try await home.invite(for: teen, by: guardian, now: Fixture.now + Int64(way) * Fixture.day)
      switch way {
      case 0: try await store.endGuardianship(patient: teen, guardian: home.julie, by: teen, now: 0)
      case 1: try await store.unlink(patient: teen, guardian: home.julie, by: .commandLine, now: 0)
      case 2:
        try await store.suspend(home.julie, ground: "x", by: .commandLine, now: 0)
      case 3: try await store.endGuardianship(patient: teen, guardian: home.julie, by: home.julie, now: 0)
      default: _ = try await store.erase(eva, by: .account(eva), now: 0)
      }
      #expect(await home.accept(sent.id, by: home.marc) == .invitation(.revoked), "\(way)")
      #expect(try await fixture.actions(about: teen).contains(.invitationRevoked))
      if way == 2 { try await store.unlink(patient: teen, guardian: home.julie, by: .commandLine, now: 0) }
    }
    // Julie granted it, and represents Lea no more.
    let invitation = try await home.invite(now: Fixture.now + 9 * Fixture.day)
    #expect(await home.accept(invitation.id, by: home.marc, now: Fixture.now + 9 * Fixture.day) == nil)
    try await store.endGuardianship(patient: home.lea, guardian: home.julie, by: home.julie, now: 0)
    try await fixture.raw(
      "INSERT INTO credential (account, email) SELECT id, 'lea@test.example' FROM account WHERE given_name = 'Lea'")
    #expect(
      await refusal {
        try await store.endGuardianship(patient: home.lea, guardian: home.marc, by: home.julie, now: 0)
      } == .unknownAccount)
  }

  @Test("The token is in the letter only: what is stored of it is its digest")
  func digest() async throws {
    let home = try await Home()
    try await home.invite()
    let token = try await home.token()
    try await home.fixture.deliverLetters()
    _ = try await home.fixture.store.scrub()
    #expect(try home.fixture.bytesOnDisk().range(of: Data(token.utf8)) == nil)
  }
}

import Foundation
import Testing

@testable import Accounts

@Suite("CU-6.3: whom a guardian represents is judged by the day")
struct ComingOfAgeTests {
  /// 2026-11-23T22:59:59Z: the last second before Lea's 18th birthday in France.
  private static let before: Int64 = 1_795_474_799_000
  private static let birthday = before + 1000
  private static let born = "2008-11-24"

  @Test("From the 18th birthday in France on, a parent sees, writes, corrects and invites no more, and may only erase")
  func withoutSignIn() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.guardian])
    let lea = try await fixture.child("Lea", of: julie, born: Self.born)
    let file = try HealthFile(history: "asthma", socialSecurityNumber: nil)
    var correction = Correction()
    correction.givenName = try PersonName("Léa", field: .givenName)
    for (now, expected) in [(Self.before, nil), (Self.birthday, AccountRefusal.unknownAccount)] {
      #expect(await refusal { try await store.setHealthFile(file, of: lea, by: julie, now: now) } == expected)
      #expect(await refusal { try await store.healthFile(of: lea, for: julie, now: now)?.file } == expected)
      #expect(await refusal { try await store.correctPatient(lea, correction, by: julie, now: now) } == expected)
      #expect(
        await refusal {
          try await store.invite("marc@test.example", as: .parent, for: lea, by: julie, address: .unknown, now: now)
        }
          == expected)
      #expect(try await store.patients(of: julie, now: now).map(\.profile.id) == (expected == nil ? [lea] : []))
      #expect(try await (store.patient(lea, for: julie, now: now) == nil) == (expected != nil))
      #expect(try await store.mayManage(lea, julie, now: now) == (expected == nil))
      #expect(try await store.mayErase(lea, julie))
    }
    try await fixture.publish(LegalText.all(1))
    try await fixture.consent(julie, now: Self.birthday)
    #expect(try await store.consents(of: lea).isEmpty)
  }

  @Test("With a sign-in of their own they keep their file to themself, and a parent erases nothing")
  func withSignIn() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let julie = try await fixture.person("Julie", [.guardian])
    let lea = try await fixture.person("Lea", born: Self.born)
    try await fixture.link(lea, julie, .parent)
    #expect(try await store.healthFile(of: lea, for: julie, now: Self.before) == nil)
    #expect(
      await refusal { try await store.healthFile(of: lea, for: julie, now: Self.birthday)?.file } == .unknownAccount)
    #expect(try await store.healthFile(of: lea, for: lea, now: Self.birthday) == nil)
    #expect(try await store.patient(lea, for: lea, now: Self.birthday)?.guardians.first?.isRevocable == true)
    #expect(try await !store.mayErase(lea, julie))
  }

  @Test("A tutor goes on, whatever the age", arguments: ["1980-01-01", "2008-11-24"])
  func tutor(born: String) async throws {
    let fixture = try Fixture()
    let claire = try await fixture.person("Claire", [.guardian])
    let paul = try await fixture.person("Paul", born: born, protection: .tutelle)
    try await fixture.link(paul, claire, .tutor)
    #expect(try await fixture.store.healthFile(of: paul, for: claire, now: Self.birthday) == nil)
  }
}

import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Importing people who agreed elsewhere")
struct ImportedConsentTests {
  private static let line = """
    {"given_name":"Julie","family_name":"Petit","roles":["patient"],"birth_date":"1984-09-02","consented":true,\
    "email":"julie@test.example","postal_address":{"street":"1 rue A","postal_code":"75001","city":"Paris",\
    "country":"FR"}}
    """

  private func importLine(_ fixture: Fixture, _ json: String = line) async throws -> AccountID {
    let accounts = try ImportedAccount.read(lines: Data(json.utf8))
    return try #require(
      try await fixture.store.importAccounts(accounts, by: .commandLine, now: Fixture.now).first?.id)
  }

  @Test("CU-3: they have agreed to the texts in force, and the source says how")
  func consented() async throws {
    let fixture = try Fixture()
    let refused = await refusal { try await importLine(fixture) }
    #expect(refused?.message.contains("texts publish") == true)
    try await fixture.publish(LegalText.all(1) + LegalText.all(2))
    let julie = try await importLine(fixture)
    let consents = try await fixture.store.consents(of: julie)
    #expect(consents.map(\.version) == [2, 2] && consents.allSatisfy { $0.source == .import })
    #expect(try await fixture.store.consentsNeeded(of: julie).isEmpty)
    let address = try PostalAddress(street: "1 rue A", postalCode: "75001", city: "Paris", country: "FR")
    #expect(try await fixture.store.details(of: julie)?.postalAddress == address)
  }

  @Test("An address that is none is refused by its line")
  func address() async throws {
    for (wrong, message) in [("\"FR\"", "country"), ("1 rue A", "street"), ("\"city\"", "'town' is not known")] {
      let other = ["\"FR\"": "\"France\"", "1 rue A": "", "\"city\"": "\"town\""][wrong] ?? ""
      let json = ImportedConsentTests.line.replacing(wrong, with: other)
      let refused = await refusal { try ImportedAccount.read(lines: Data(json.utf8)) }
      #expect(refused?.message.hasPrefix("line 1: ") == true && refused?.message.contains(message) == true)
    }
  }

  @Test("The demonstration's people have agreed where texts are published")
  func demonstration() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let people = try await DemoData.seed(into: fixture.store, now: Fixture.now)
    #expect(try await fixture.store.withoutConsent(among: Set(people.map(\.account))).isEmpty)
  }
}

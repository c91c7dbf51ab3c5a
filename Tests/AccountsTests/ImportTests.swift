import Foundation
import Testing

@testable import Accounts

@Suite("Importing accounts")
struct ImportTests {
  private func read(_ lines: String) throws -> [ImportedAccount] { try ImportedAccount.read(lines: Data(lines.utf8)) }

  private static let family = """
    {"given_name":"Léa","family_name":"Petit","roles":["patient"],"birth_date":"2014-05-01","attending":"anne@test.example","guardians":[{"email":"Julie@test.example","relation":"parent"}]}

    {"given_name":"Julie","family_name":"Petit","roles":["guardian"],"email":"julie@test.example","password":"correct horse battery"}
    {"given_name":"Anne","family_name":"Martin","roles":["practitioner"],"email":"anne@test.example","practitioner":{"rpps":"10003456786","specialty":"Médecine générale","sector":2,"verification":"verified"}}
    """

  @Test("Accounts come in with their links, in whatever order, with tokens that work")
  func family() async throws {
    let fixture = try Fixture()
    let imported = try await fixture.store.importAccounts(
      read(ImportTests.family), withTokens: true, by: .commandLine, now: Fixture.now)
    #expect(imported.map(\.email) == [nil, "julie@test.example", "anne@test.example"])
    let lea = try #require(try await fixture.store.profile(imported[0].id))
    #expect(lea.attendingPhysician == imported[2].id && lea.email == nil)
    #expect(try await fixture.store.guardians(of: lea.id).map(\.profile.id) == [imported[1].id])
    #expect(try await fixture.store.profile(imported[2].id)?.isVerifiedPractitioner == true)
    _ = try await fixture.signIn("julie@test.example")
    for account in imported {
      let token = try #require(account.token)
      #expect(try await fixture.store.session(forToken: token.text, now: Fixture.now)?.account == account.id)
    }
  }

  @Test(
    "A line that is wrong is refused by its number and member, and never quotes a secret",
    arguments: [
      ("", "not JSON"), ("[]", "must be a JSON object"), (#"{"given_name":"A"}"#, "'family_name' is missing"),
      (#"{"given_name":7,"family_name":"B","roles":[]}"#, "'given_name' has the wrong type"),
      (#"{"given_name":"A","family_name":"B","roles":["king"]}"#, "'roles.[0]' is not one of the values"),
      (#"{"given_name":"A","family_name":"B","roles":["guardian"],"emial":"a@b.c"}"#, "'emial' is not known here"),
      (#"{"given_name":"A","family_name":"B","roles":["patient"]}"#, "birth_date"),
      (#"{"given_name":"A","family_name":"B","roles":["guardian"],"email":"x"}"#, "email"),
      (#"{"given_name":"A","family_name":"B","roles":["guardian"],"email":"a@b.c","password":"tiny"}"#, "12 to 256"),
      (#"{"given_name":"A","family_name":"B","roles":["guardian"],"attending":"a@b.c"}"#, "role patient"),
      (
        #"{"given_name":"A","family_name":"B","roles":["practitioner"],"practitioner":{"rpps":"1","specialty":"x"}}"#,
        "11 digits"
      ),
      (
        #"{"given_name":"A","family_name":"B","roles":["patient"],"birth_date":"2014-05-01","guardians":[{"email":"a@b.c","relation":"aunt"}]}"#,
        "'guardians.[0].relation' is not one"
      ),
    ])
  func wrongLine(json: String, message: String) async throws {
    let text = #"{"given_name":"A","family_name":"B","roles":["guardian"]}"# + "\n\n" + (json.isEmpty ? "{" : json)
    let refused = await refusal { try read(text) }
    #expect(
      refused?.message.hasPrefix("line 3: ") == true && refused?.message.contains(message) == true,
      "\(String(describing: refused?.message))")
    #expect(refused?.message.contains("tiny") == false)
  }

  @Test("What is not UTF-8, or too long, is refused")
  func bytes() async throws {
    #expect(
      await refusal { try ImportedAccount.read(lines: Data([0x7b, 0xff, 0x7d])) }?.message.contains("UTF-8") == true)
    let long = #"{"given_name":"\#(String(repeating: "x", count: 20_000))"}"#
    #expect(await refusal { try read(long) }?.message.contains("16384 bytes") == true)
  }

  @Test(
    "One wrong link or double address, and nothing at all is imported",
    arguments: [
      (#"{"given_name":"Z","family_name":"Z","roles":["guardian"],"email":"julie@test.example"}"#, "email_taken"),
      (
        #"{"given_name":"Z","family_name":"Z","roles":["patient"],"birth_date":"2000-01-01","attending":"no@test.example"}"#,
        "invalid_field"
      ),
      (
        #"{"given_name":"Z","family_name":"Z","roles":["patient"],"birth_date":"2000-01-01","guardians":[{"email":"julie@test.example","relation":"tutor"}]}"#,
        "relation_mismatch"
      ),
      (
        #"{"given_name":"Z","family_name":"Z","roles":["patient"],"birth_date":"2000-01-01","guardians":[{"email":"anne@test.example","relation":"parent"}]}"#,
        "guardian_role_missing"
      ),
    ])
  func atomic(json: String, code: String) async throws {
    let fixture = try Fixture()
    let accounts = try read(ImportTests.family + "\n" + json)
    let refused = await refusal { try await fixture.store.importAccounts(accounts, by: .commandLine, now: 0) }
    #expect(refused?.code == code && refused?.message.hasPrefix("line 5: ") == true)
    #expect(try await fixture.store.page().isEmpty)
    #expect(try await fixture.store.audit().isEmpty)
  }

  @Test("A thousand accounts come in one transaction, and progress is told")
  func thousand() async throws {
    let fixture = try Fixture()
    let lines = (0..<1000).map {
      #"{"given_name":"P\#($0)","family_name":"Test","roles":["patient"],"birth_date":"1980-01-01","email":"p\#($0)@test.example"}"#
    }
    try await confirmation { told in
      _ = try await fixture.store.importAccounts(
        read(lines.joined(separator: "\n")), withTokens: true, by: .commandLine, now: 0
      ) { done in if done == 1000 { told() } }
    }
    #expect(try await fixture.store.page(limit: 1000).count == 1000)
    #expect(fixture.hashing.count == 0)
  }
}

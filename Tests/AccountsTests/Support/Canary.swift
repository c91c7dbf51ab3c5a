import Foundation

@testable import Accounts

/// What is planted to be looked for on disk after an erasure.
enum Canary {
  /// May be on disk while the account is there.
  static let inClear = [
    "Canarygiven", "Canaryfamily", "canarymail", "Canarystreet", "CNRY75", "Canarycity", "Canaryphysician",
    "Canarychild", "canaryinvited",
  ]
  /// Never.
  static let sealed = ["canaryhistory", "255081416802538"]
  static let all = inClear + sealed
}

extension Fixture {
  /// Other people, with rows in many tables.
  func crowd(_ numbers: Range<Int>) async throws {
    let lines = try numbers.map { number in
      try ImportedAccount(
        json: """
          {"given_name":"Given\(number)","family_name":"Family\(number)","roles":["patient","guardian"],\
          "birth_date":"1980-01-01","email":"person\(number)@test.example"}
          """, line: number + 1)
    }
    _ = try await store.importAccounts(lines, by: .commandLine, now: Fixture.now)
  }

  /// A parent with a child without a sign-in, health files, invitations sent and received, letters that wait, and
  /// everything else that can be entered.
  func plantCanaries() async throws -> AccountID {
    let julie = try await store.create(
      NewAccount(
        givenName: "Canarygiven", familyName: "Canaryfamily", email: "canarymail@test.example",
        roles: [.patient, .guardian], birthDate: CivilDate("1980-01-01")), by: .commandLine, now: Fixture.now
    ).id
    try await consent(julie)
    var correction = Correction()
    correction.postalAddress = try PostalAddress(
      street: "7 rue Canarystreet", postalCode: "CNRY75", city: "Canarycity", country: "FR")
    correction.attending = .named(try PersonName("Dr Canaryphysician", field: .attending))
    try await store.correct(julie, correction, now: Fixture.now)
    let child = try await child("Canarychild", of: julie)
    for patient in [julie, child] {
      try await store.setHealthFile(
        HealthFile(history: "canaryhistory", socialSecurityNumber: "255081416802538"), of: patient, by: julie,
        now: Fixture.now)
    }
    _ = try await store.invite(
      "canaryinvited@test.example", as: .parent, for: child, by: julie, address: .unknown, now: Fixture.now)
    for name in ["Teen", "Other"] {
      let teen = try await person(name, born: "2012-01-01")
      let sent = try await store.invite(
        "canarymail@test.example", as: .parent, for: teen, by: teen, address: .unknown, now: Fixture.now)
      if name == "Teen" { try await store.acceptInvitation(sent.id, by: julie, now: Fixture.now) }
    }
    _ = try await store.issueToken(for: julie, by: .commandLine, now: Fixture.now)
    return julie
  }
}

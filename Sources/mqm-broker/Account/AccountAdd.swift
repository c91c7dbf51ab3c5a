import Accounts
import ArgumentParser

struct AccountAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Create an account and print its id.",
    discussion: """
      A child or protected adult who does not sign in needs no e-mail address. With one, the password is asked for, \
      unless --password-stdin or --no-password is given. A practitioner has to be verified before they see any patient. \
      An operator with a password gets a second factor, which is printed below the id.

      Examples:
        mqm-broker account add --role patient --birth-date 2014-05-01 \\
          --given-name Léa --family-name Petit
        mqm-broker account add --role guardian --role patient \\
          --given-name Julie --family-name Petit --email julie@example.org \\
          --birth-date 1984-09-02
        echo "$PASSWORD" | mqm-broker account add --role operator \\
          --given-name Max --family-name Roy --email max@example.org \\
          --password-stdin
      """)

  @OptionGroup var options: AccountOptions

  @Option(name: .customLong("role"), help: "patient, guardian, practitioner or operator; may be given several times.")
  var roles: [Role]

  @Option(help: "1 to 100 characters.")
  var givenName: String

  @Option(help: "1 to 100 characters.")
  var familyName: String

  @Option(help: "Needed to sign in.")
  var email: String?

  @Option(help: "YYYY-MM-DD; of patients.")
  var birthDate: String?

  @Option(help: "A protected adult's: tutelle or curatelle.")
  var protection: Protection = .none

  @Option(help: "The patient's attending physician: their e-mail address or id.")
  var attending: Who?

  @OptionGroup(title: "Practitioners") var practice: AccountPractice
  @OptionGroup(title: "Password") var password: AccountPasswordSource

  func run() async throws {
    try await options.withStore { store in
      let secret = email == nil ? nil : try password.read()
      let new = try NewAccount(
        givenName: givenName, familyName: familyName, email: email, password: secret, roles: Set(roles),
        birthDate: birthDate.map { try CivilDate($0) }, protection: protection, practitioner: practice.details())
      let physician = try await attending?.find(in: store)
      let now = currentMilliseconds()
      let profile = try await store.create(new, by: .commandLine, now: now)
      if let physician {
        try await store.setAttending(of: profile.id, to: physician.id, by: .commandLine, now: now)
      }
      print(profile.id)
      if secret != nil, profile.roles.contains(.operator) { try await printSecondFactor(of: profile.id, in: store) }
    }
  }
}

/// The options of a practitioner.
struct AccountPractice: ParsableArguments {
  @Option(help: "11 digits.")
  var rpps: String?

  @Option(help: "Such as 'Médecine générale'.")
  var specialty: String?

  @Option(help: "Of the agreement with the health insurance: 1, 2 or 3.")
  var sector: Sector = .one

  func details() throws -> NewAccount.Practitioner? {
    switch (rpps, specialty) {
    case (nil, nil): nil
    case (let rpps?, let specialty?): try NewAccount.Practitioner(rpps: rpps, specialty: specialty, sector: sector)
    default: throw ValidationError("a practitioner needs both --rpps and --specialty")
    }
  }
}

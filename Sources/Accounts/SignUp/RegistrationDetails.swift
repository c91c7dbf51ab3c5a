import Foundation

/// What somebody said at sign-up, as it waits in the database. Personal data: never in a log.
struct RegistrationDetails: Codable, Sendable {
  let givenName: String
  let familyName: String
  let language: Language
  let roles: [Role]
  let birthDate: String?
  let protection: Protection
  let postalAddress: PostalAddress?
  let attending: UUID?
  let attendingName: String?
  let practitioner: Practitioner?

  struct Practitioner: Codable, Sendable {
    let rpps: String
    let specialty: String
    let sector: Sector
  }

  init(_ signUp: SignUp) {
    let account = signUp.account
    givenName = account.givenName.text
    familyName = account.familyName.text
    language = signUp.language
    roles = account.roles.sorted { $0.rawValue < $1.rawValue }
    birthDate = account.birthDate?.description
    protection = account.protection
    postalAddress = signUp.postalAddress
    (attending, attendingName) =
      switch signUp.attending {
      case .none: (nil, nil)
      case .registered(let id): (id.uuid, nil)
      case .named(let name): (nil, name.text)
      }
    practitioner = account.practitioner.map {
      Practitioner(rpps: $0.rpps.digits, specialty: $0.specialty.text, sector: $0.sector)
    }
  }

  /// The account without its password, which is stored as a hash.
  func account(email: EmailAddress) throws(AccountRefusal) -> NewAccount {
    try NewAccount(
      givenName: givenName, familyName: familyName, email: email.text, roles: Set(roles),
      birthDate: birthDate.map { text throws(AccountRefusal) in try CivilDate(text) }, protection: protection,
      practitioner: practitioner.map { practitioner throws(AccountRefusal) in
        try NewAccount.Practitioner(
          rpps: practitioner.rpps, specialty: practitioner.specialty, sector: practitioner.sector)
      })
  }

  func attendingChoice() throws(AccountRefusal) -> AttendingChoice {
    if let attending { return .registered(AccountID(attending)) }
    if let attendingName { return .named(try PersonName(attendingName, field: .attending)) }
    return .none
  }
}

import Accounts
import Foundation

/// An account as one line of JSON, in the words of docs/accounts.md.
struct AccountListing: Encodable {
  let id: String
  let givenName: String
  let familyName: String
  let email: String?
  let roles: [String]
  let birthDate: String?
  let protection: String?
  let attending: String?
  let rpps: String?
  let specialty: String?
  let sector: Int?
  let verification: String?
  let suspended: Bool

  init(_ profile: Profile) {
    id = profile.id.description
    givenName = profile.givenName
    familyName = profile.familyName
    email = profile.email
    roles = profile.roles.map(\.rawValue).sorted()
    birthDate = profile.birthDate?.description
    protection = profile.roles.contains(.patient) ? profile.protection.rawValue : nil
    attending = profile.attendingPhysician?.description
    rpps = profile.practitioner?.rpps.digits
    specialty = profile.practitioner?.specialty
    sector = profile.practitioner?.sector.rawValue
    verification = profile.practitioner?.verification.rawValue
    suspended = profile.isSuspended
  }

  /// For a person: id, address, name, roles, and what is particular.
  var line: String {
    let state = [verification, protection == "none" ? nil : protection, suspended ? "SUSPENDED" : nil].compactMap { $0 }
    return ([id, email ?? "-", "\(givenName) \(familyName)", roles.joined(separator: "+")] + state)
      .joined(separator: "  ")
  }
}

/// One line of JSON, members in alphabetical order, names in snake case.
func jsonLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

import Foundation

/// The JSON of an import line. A member that is not known is refused, as it would be a typing error.
struct ImportLine: Decodable {
  let givenName: String
  let familyName: String
  let email: String?
  let password: String?
  let roles: [Role]
  let birthDate: String?
  let protection: Protection?
  let attending: String?
  let guardians: [Guardian]?
  let practitioner: Practitioner?
  let consented: Bool?
  let postalAddress: Address?

  struct Address: Decodable {
    let street: String
    let postalCode: String
    let city: String
    let country: String

    enum CodingKeys: String, CodingKey, CaseIterable {
      case postalCode = "postal_code"
      case street, city, country
    }

    init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      street = try values.decode(String.self, forKey: .street)
      postalCode = try values.decode(String.self, forKey: .postalCode)
      city = try values.decode(String.self, forKey: .city)
      country = try values.decode(String.self, forKey: .country)
    }
  }

  struct Guardian: Decodable {
    let email: String
    let relation: Relation

    enum CodingKeys: String, CodingKey, CaseIterable { case email, relation }

    init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      email = try values.decode(String.self, forKey: .email)
      relation = try values.decode(Relation.self, forKey: .relation)
    }
  }

  struct Practitioner: Decodable {
    let rpps: String
    let specialty: String
    let sector: Sector?
    let verification: Verification?

    enum CodingKeys: String, CodingKey, CaseIterable { case rpps, specialty, sector, verification }

    init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      rpps = try values.decode(String.self, forKey: .rpps)
      specialty = try values.decode(String.self, forKey: .specialty)
      sector = try values.decodeIfPresent(Sector.self, forKey: .sector)
      verification = try values.decodeIfPresent(Verification.self, forKey: .verification)
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case givenName = "given_name"
    case familyName = "family_name"
    case birthDate = "birth_date"
    case postalAddress = "postal_address"
    case email, password, roles, protection, attending, guardians, practitioner, consented
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseOthers(than: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    givenName = try values.decode(String.self, forKey: .givenName)
    familyName = try values.decode(String.self, forKey: .familyName)
    email = try values.decodeIfPresent(String.self, forKey: .email)
    password = try values.decodeIfPresent(String.self, forKey: .password)
    roles = try values.decode([Role].self, forKey: .roles)
    birthDate = try values.decodeIfPresent(String.self, forKey: .birthDate)
    protection = try values.decodeIfPresent(Protection.self, forKey: .protection)
    attending = try values.decodeIfPresent(String.self, forKey: .attending)
    guardians = try values.decodeIfPresent([Guardian].self, forKey: .guardians)
    practitioner = try values.decodeIfPresent(Practitioner.self, forKey: .practitioner)
    consented = try values.decodeIfPresent(Bool.self, forKey: .consented)
    postalAddress = try values.decodeIfPresent(Address.self, forKey: .postalAddress)
  }

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` that names the member which is missing or wrong, never its value.
  static func read(_ json: String) throws -> ImportLine {
    do {
      return try JSONDecoder().decode(ImportLine.self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw AccountRefusal.invalid(field: .json, why: sentence(error))
    }
  }

  private static func sentence(_ error: DecodingError) -> String {
    func path(_ keys: [any CodingKey]) -> String {
      keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context): return "'\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return context.codingPath.isEmpty
        ? "a line must be a JSON object" : "'\(path(context.codingPath))' has the wrong type"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "this is not JSON, or not an object on a single line"
        : "'\(path(context.codingPath))' is not one of the values that are known"
    @unknown default: return "this cannot be read"
    }
  }
}

/// Any member's name.
private struct AnyName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  fileprivate func refuseOthers<Keys: CodingKey & CaseIterable>(than keys: Keys.Type) throws {
    let known = Set(Keys.allCases.map(\.stringValue))
    let names = try container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
    guard let stranger = names.sorted().first(where: { !known.contains($0) }) else { return }
    throw AccountRefusal.invalid(
      field: .json,
      why: "'\(stranger.prefix(40))' is not known here; there are \(known.sorted().joined(separator: ", "))")
  }
}

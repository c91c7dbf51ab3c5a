public import Foundation

/// One line of an import: an account, and how it belongs to others, whom it names by e-mail address. The format is in
/// docs/accounts.md.
public struct ImportedAccount: Sendable {
  /// A line has this many bytes at most.
  public static let maximumLineBytes = 16_384

  /// Where it stood, counted from 1.
  public let line: Int
  public let account: NewAccount
  /// For practitioners.
  public let verification: Verification
  /// The e-mail address of the attending physician.
  public let attending: EmailAddress?
  public let guardians: [Guardian]
  /// Whether they agreed elsewhere to the texts in force here (CU-3).
  public let consented: Bool
  public let postalAddress: PostalAddress?

  public struct Guardian: Hashable, Sendable {
    public let email: EmailAddress
    public let relation: Relation
  }

  init(
    line: Int, account: NewAccount, verification: Verification = .pending, attending: EmailAddress? = nil,
    guardians: [Guardian] = [], consented: Bool = false, postalAddress: PostalAddress? = nil
  ) {
    self.line = line
    self.account = account
    self.verification = verification
    self.attending = attending
    self.guardians = guardians
    self.consented = consented
    self.postalAddress = postalAddress
  }

  /// Reads a line of JSON.
  ///
  /// - Throws: ``AccountRefusal/line(_:_:)`` with what is wrong.
  public init(json: String, line: Int) throws(AccountRefusal) {
    do {
      guard json.utf8.count <= ImportedAccount.maximumLineBytes else {
        throw AccountRefusal.invalid(field: .json, why: "a line has \(ImportedAccount.maximumLineBytes) bytes at most")
      }
      try self.init(ImportLine.read(json), line: line)
    } catch let refusal as AccountRefusal {
      throw .line(line, refusal)
    } catch {
      throw .line(line, .invalid(field: .json, why: "this is not a JSON object as docs/accounts.md describes it"))
    }
  }

  /// Reads a file of lines; empty ones are left out.
  ///
  /// - Throws: ``AccountRefusal/line(_:_:)`` for the first that is wrong.
  public static func read(lines data: Data) throws(AccountRefusal) -> [ImportedAccount] {
    var accounts: [ImportedAccount] = []
    var line = 0
    for bytes in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      guard let json = String(validating: bytes, as: UTF8.self) else {
        throw .line(line, .invalid(field: .json, why: "this is not UTF-8"))
      }
      guard !json.allSatisfy(\.isWhitespace) else { continue }
      accounts.append(try ImportedAccount(json: json, line: line))
    }
    return accounts
  }

  private init(_ read: ImportLine, line: Int) throws(AccountRefusal) {
    self.line = line
    verification = read.practitioner?.verification ?? .pending
    attending = if let email = read.attending { try EmailAddress(email) } else { nil }
    var guardians: [Guardian] = []
    for guardian in read.guardians ?? [] {
      guardians.append(Guardian(email: try EmailAddress(guardian.email), relation: guardian.relation))
    }
    self.guardians = guardians
    consented = read.consented ?? false
    postalAddress = try read.postalAddress.map { address throws(AccountRefusal) in
      try PostalAddress(
        street: address.street, postalCode: address.postalCode, city: address.city, country: address.country)
    }
    var practitioner: NewAccount.Practitioner?
    if let details = read.practitioner {
      practitioner = try NewAccount.Practitioner(
        rpps: details.rpps, specialty: details.specialty, sector: details.sector ?? .one)
    }
    account = try NewAccount(
      givenName: read.givenName, familyName: read.familyName, email: read.email, password: read.password,
      roles: Set(read.roles), birthDate: try read.birthDate.civilDate(), protection: read.protection ?? .none,
      practitioner: practitioner)
    guard account.roles.contains(.patient) || (attending == nil && guardians.isEmpty) else { throw .notAPatient }
  }
}

extension String? {
  fileprivate func civilDate() throws(AccountRefusal) -> CivilDate? {
    guard let self else { return nil }
    return try CivilDate(self)
  }
}

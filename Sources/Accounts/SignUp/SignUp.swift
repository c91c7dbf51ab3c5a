/// What somebody says of themself who wants an account (CU-1). The account comes to be when they have shown that the
/// e-mail address is theirs.
public struct SignUp: Sendable {
  /// Name, e-mail address, password, roles, and what goes with the roles. Always has an address and a password.
  public let account: NewAccount
  public let language: Language
  public let postalAddress: PostalAddress?
  /// Of patients.
  public let attending: AttendingChoice

  /// - Throws: ``AccountRefusal/invalid(field:why:)`` unless there are an e-mail address and a password, and for the role
  ///   operator, which nobody gives themself.
  public init(
    account: NewAccount, language: Language, postalAddress: PostalAddress? = nil, attending: AttendingChoice = .none
  ) throws(AccountRefusal) {
    guard account.email != nil else { throw .invalid(field: .email, why: "an e-mail address is needed") }
    guard account.password != nil else { throw .invalid(field: .password, why: "a password is needed") }
    guard !account.roles.contains(.operator) else {
      throw .invalid(field: .roles, why: "operators are made from the command line")
    }
    guard !account.roles.contains(.patient) || postalAddress != nil else {
      throw .invalid(field: .postalAddress, why: "a patient's postal address is needed")
    }
    self.account = account
    self.language = language
    self.postalAddress = postalAddress
    self.attending = attending
  }
}

/// Why something about accounts was not done. Every case has a stable ``code`` and a ``message`` that says what to do
/// next.
public enum AccountRefusal: Error, Hashable, Sendable {
  /// The address or the password is wrong; which of them is not told (CU-4.1).
  case wrongCredentials
  /// Sign-in is locked for this account or from this address. The same whether or not there is such an account.
  case tooManyAttempts(afterMilliseconds: Int64)
  /// More passwords are waiting to be checked than can be in good time.
  case busy(afterMilliseconds: Int64)
  /// The credentials are right, but an operator closed the account (CU-12.2).
  case accountSuspended
  case emailTaken
  case rppsTaken
  case unknownAccount
  case notAPatient
  case notAPractitioner
  case guardianship(GuardianshipRefusal)
  /// A value that cannot be accepted.
  case invalid(field: AccountField, why: String)
  /// A line of an import that cannot be accepted; lines count from 1.
  indirect case line(Int, AccountRefusal)
  /// The database cannot do it just now; `why` is for operators, and without personal data.
  case unavailable(why: String)

  /// A stable name for programs. Those that can go out over the wire are in docs/protocol.md section 8.
  public var code: String {
    switch self {
    case .wrongCredentials: "wrong_credentials"
    case .tooManyAttempts: "too_many_attempts"
    case .busy: "busy"
    case .accountSuspended: "account_suspended"
    case .emailTaken: "email_taken"
    case .rppsTaken: "rpps_taken"
    case .unknownAccount: "unknown_account"
    case .notAPatient: "not_a_patient"
    case .notAPractitioner: "not_a_practitioner"
    case .guardianship(let refusal): refusal.rawValue
    case .invalid: "invalid_field"
    case .line(_, let refusal): refusal.code
    case .unavailable: "unavailable"
    }
  }

  /// After how many milliseconds the same request may succeed; nil if it never will.
  public var retryAfterMilliseconds: Int64? {
    switch self {
    case .tooManyAttempts(let milliseconds), .busy(let milliseconds): milliseconds
    case .unavailable: 1000
    case .line(_, let refusal): refusal.retryAfterMilliseconds
    default: nil
    }
  }
}

extension AccountRefusal: CustomStringConvertible {
  public var description: String { message }

  /// A sentence for a person.
  public var message: String {
    switch self {
    case .wrongCredentials: "The e-mail address or the password is wrong."
    case .tooManyAttempts(let milliseconds):
      "There were too many attempts to sign in. Try again in \((milliseconds + 999) / 1000) s."
    case .busy: "Many people are signing in just now. Try again in a moment."
    case .accountSuspended: "This account was closed by an operator."
    case .emailTaken: "There is an account with this e-mail address already."
    case .rppsTaken: "There is a practitioner with this RPPS number already."
    case .unknownAccount: "There is no such account."
    case .notAPatient: "This account does not have the role patient."
    case .notAPractitioner: "This account does not have the role practitioner."
    case .guardianship(let refusal): refusal.message
    case .invalid(let field, let why): "\(field.rawValue): \(why)."
    case .line(let number, let refusal): "line \(number): \(refusal.message)"
    case .unavailable(let why): "The account database cannot be used: \(why)"
    }
  }
}

/// A part of an account that can be refused, under its name in JSON.
public enum AccountField: String, Hashable, Sendable {
  case attending
  case birthDate = "birth_date"
  case email
  case familyName = "family_name"
  case givenName = "given_name"
  case ground
  case guardians
  case json
  case password
  case protection
  case roles
  case rpps
  case sector
  case specialty
  case verification
}

/// Why somebody cannot be the guardian of somebody. The raw values are also the schema's own messages.
public enum GuardianshipRefusal: String, CaseIterable, Hashable, Sendable {
  case ownGuardian = "own_guardian"
  case guardianRoleMissing = "guardian_role_missing"
  case relationMismatch = "relation_mismatch"
  case tooManyGuardians = "too_many_guardians"
  case tooManyPatients = "too_many_patients"
  case alreadyLinked = "already_linked"
  case notLinked = "not_linked"

  public var message: String {
    switch self {
    case .ownGuardian: "Nobody can be their own guardian."
    case .guardianRoleMissing: "Only an account with the role guardian can represent somebody."
    case .relationMismatch:
      """
      The relation does not fit: parent for a patient without protection, tutor for one under tutelle, curator for one \
      under curatelle.
      """
    case .tooManyGuardians: "A patient has two guardians at most."
    case .tooManyPatients: "A guardian represents 100 patients at most."
    case .alreadyLinked: "This guardian represents the patient already; unlink them first to change the relation."
    case .notLinked: "This guardian does not represent the patient."
    }
  }
}

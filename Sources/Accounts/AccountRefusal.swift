/// Why something about accounts was not done. Every case has a stable ``code`` and a ``message`` that says what to do
/// next.
public enum AccountRefusal: Error, Hashable, Sendable {
  /// The address or the password is wrong; which of them is not told (CU-4.1).
  case wrongCredentials
  /// It was tried too often, for this e-mail address or from this remote one. The same whether or not there is such an
  /// account.
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
  /// The password is right, and a code of the authenticator app is needed, too.
  case secondFactorRequired
  /// The code is wrong, or was used before.
  case wrongCode
  /// An operator who has no second factor yet; the command line makes one.
  case secondFactorMissing
  /// A second factor is in force already.
  case secondFactorOn
  /// The link was used, has expired, or never was one.
  case linkInvalid
  case invitation(InvitationRefusal)
  /// The text is not the one in force any more (CU-3).
  case textChanged
  /// This account may not do it.
  case forbidden
  /// A patient without a sign-in of their own keeps a guardian.
  case lastGuardian
  /// The protection does not change while there are guardians.
  case hasGuardians
  /// The platform keeps an operator.
  case lastOperator
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
    case .secondFactorRequired: "second_factor_required"
    case .wrongCode: "wrong_code"
    case .secondFactorMissing: "second_factor_missing"
    case .secondFactorOn: "second_factor_on"
    case .linkInvalid: "link_invalid"
    case .invitation(let refusal): refusal.rawValue
    case .textChanged: "text_changed"
    case .forbidden: "forbidden"
    case .lastGuardian: "last_guardian"
    case .hasGuardians: "has_guardians"
    case .lastOperator: "last_operator"
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
      "There were too many attempts. Try again in \((milliseconds + 999) / 1000) s."
    case .busy: "Many people are signing in just now. Try again in a moment."
    case .accountSuspended: "This account was closed by an operator."
    case .emailTaken: "There is an account with this e-mail address already."
    case .rppsTaken: "There is a practitioner with this RPPS number already."
    case .unknownAccount: "There is no such account."
    case .notAPatient: "This account does not have the role patient."
    case .notAPractitioner: "This account does not have the role practitioner."
    case .guardianship(let refusal): refusal.message
    case .secondFactorRequired: "The code of the authenticator app is needed, too."
    case .wrongCode: "The code is wrong, or was used before. Wait for the next one."
    case .secondFactorMissing:
      "An operator needs a second factor. Make one on the server: mqm-broker account second-factor."
    case .secondFactorOn: "A second factor is in force already; remove it first."
    case .linkInvalid: "This link was used, or has expired. Ask for a new one."
    case .invitation(let refusal): refusal.message
    case .textChanged: "There is a newer version of this text. Read that one."
    case .forbidden: "This account may not do that."
    case .lastGuardian: "This patient has no sign-in of their own, and needs a guardian. Erase the patient instead."
    case .hasGuardians: "The protection cannot change while there are guardians. End their guardianship first."
    case .lastOperator: "This is the last operator's account. Make another one first."
    case .invalid(let field, let why): "\(field.rawValue): \(why)."
    case .line(let number, let refusal): "line \(number): \(refusal.message)"
    case .unavailable(let why): "The account database cannot be used: \(why)"
    }
  }
}

/// A part of an account that can be refused, under its name in JSON.
public enum AccountField: String, Hashable, Sendable {
  case attending
  case authority
  case birthDate = "birth_date"
  case city
  case consented
  case country
  case email
  case familyName = "family_name"
  case givenName = "given_name"
  case ground
  case guardians
  case history
  case json
  case name
  case password
  case postalAddress = "postal_address"
  case postalCode = "postal_code"
  case protection
  case relation
  case roles
  case rpps
  case sector
  case socialSecurityNumber = "social_security_number"
  case specialty
  case street
  case texts
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

/// Why an invitation cannot be answered.
public enum InvitationRefusal: String, CaseIterable, Hashable, Sendable {
  case expired = "invitation_expired"
  case used = "invitation_used"
  case revoked = "invitation_revoked"
  case forAnother = "invitation_for_another"

  public var message: String {
    switch self {
    case .expired: "This invitation has expired. Ask for a new one."
    case .used: "This invitation was answered already."
    case .revoked: "This invitation was taken back."
    case .forAnother: "This invitation went to another e-mail address. Sign in with the account of that address."
    }
  }
}

/// A letter that the platform sends; what it says and in which words is ``written(in:origin:)``'s matter.
///
/// Never health data. Codable, as it waits in a queue on disk; a case or a label that is renamed needs a migration of
/// that queue.
public enum Letter: Codable, Hashable, Sendable {
  /// Link `ORIGIN/#/confirm/TOKEN`, good for 48 hours.
  case confirmRegistration(givenName: String, token: String)
  /// Somebody signed up with an address that has an account: sign in, or reset the password.
  case alreadyRegistered
  /// Link `ORIGIN/#/reset/TOKEN`, good for an hour (CU-4.1).
  case resetPassword(token: String)
  case passwordChanged
  /// To a new address: link `ORIGIN/#/email/TOKEN`, good for 24 hours.
  case confirmEmail(token: String)
  /// Somebody wants to change to this address, which has an account.
  case emailTaken
  /// To the old address.
  case emailChanged
  /// Link `ORIGIN/#/invitation/TOKEN`, good for 7 days. Whom to accompany, and as what, is read after signing in
  /// (CU-6.3b).
  ///
  /// - Parameter from: full name of who invites; nil for an operator.
  case invitation(from: String?, token: String)
  /// - Parameter by: full name.
  case invitationAccepted(by: String)
  /// Who accompanies the reader, or somebody whom the reader accompanies, has changed or is about to: so that nobody
  /// comes to see what they should not without anybody noticing (CU-6.3).
  case accompanimentChanged
  /// - Parameter patient: full name; nil if they were erased, so that nothing of them waits here.
  case guardianshipEnded(patient: String?)
  case practitionerVerified
  case practitionerRefused(ground: String)
  /// CU-6.7.
  case practitionerSuspended(ground: String)
  /// A new version of the terms or of the text on data processing, to read and agree to at the next visit (CU-3).
  case newTexts
  /// The account is closed and erased on that day, unless its owner signs in (CU-4.4).
  ///
  /// - Parameter closesOn: `YYYY-MM-DD`.
  case unusedAccount(closesOn: String)
  /// The same of the account of somebody whom the reader accompanies: a sign-in of the reader's keeps it, too.
  ///
  /// - Parameters:
  ///   - person: full name.
  ///   - closesOn: `YYYY-MM-DD`.
  case unusedAccompanied(person: String, closesOn: String)
  /// By an operator (CU-12.2).
  case accountClosed(ground: String)
  case secondFactorOn
  case secondFactorOff
  /// To the patient's side, as are the next three: nobody claimed or began a consultation in time (CU-6.2).
  case consultationOverdue
  /// The physician whom it was assigned to does not take it (CU-6.5).
  case consultationRefused
  case documentHandedOver
  /// A day later what was not fetched is lost.
  case consultationClosesTomorrow
}

extension Letter {
  /// What sort of letter it is, as it may stand in a log.
  public var kind: String {
    switch self {
    case .confirmRegistration: "confirm_registration"
    case .alreadyRegistered: "already_registered"
    case .resetPassword: "reset_password"
    case .passwordChanged: "password_changed"
    case .confirmEmail: "confirm_email"
    case .emailTaken: "email_taken"
    case .emailChanged: "email_changed"
    case .invitation: "invitation"
    case .invitationAccepted: "invitation_accepted"
    case .accompanimentChanged: "accompaniment_changed"
    case .guardianshipEnded: "guardianship_ended"
    case .practitionerVerified: "practitioner_verified"
    case .practitionerRefused: "practitioner_refused"
    case .practitionerSuspended: "practitioner_suspended"
    case .newTexts: "new_texts"
    case .unusedAccount: "unused_account"
    case .unusedAccompanied: "unused_accompanied"
    case .accountClosed: "account_closed"
    case .secondFactorOn: "second_factor_on"
    case .secondFactorOff: "second_factor_off"
    case .consultationOverdue: "consultation_overdue"
    case .consultationRefused: "consultation_refused"
    case .documentHandedOver: "document_handed_over"
    case .consultationClosesTomorrow: "consultation_closes_tomorrow"
    }
  }

  /// How long the link in it is good, in seconds; nil for a letter whose link does not expire.
  public var linkSeconds: Int64? {
    switch self {
    case .confirmRegistration: 48 * 3600
    case .resetPassword: 3600
    case .confirmEmail: 24 * 3600
    case .invitation: 7 * 24 * 3600
    default: nil
    }
  }
}

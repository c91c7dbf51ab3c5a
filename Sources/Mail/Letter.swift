/// A letter that the platform sends. Never health data. Codable: it waits in a queue on disk.
public enum Letter: Codable, Hashable, Sendable {
  case confirmRegistration(givenName: String, token: String)
  case alreadyRegistered
  case resetPassword(token: String)
  case passwordChanged
  case confirmEmail(token: String)
  case emailTaken
  case emailChanged
  case invitation(from: String?, token: String)
  case invitationAccepted(by: String)
  case guardianshipEnded(patient: String)
  case practitionerVerified
  case practitionerRefused(ground: String)
  case practitionerSuspended(ground: String)
  case newTexts
  case unusedAccount(closesOn: String)
  case accountClosed(ground: String)
  case secondFactorOn
  case secondFactorOff
}

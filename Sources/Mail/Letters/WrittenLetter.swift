/// A letter in words, ready to be put into a message.
public struct WrittenLetter: Sendable, Equatable {
  /// One line, without anything that came from a person.
  public let subject: String
  /// Lines end with `\n`.
  public let text: String
  /// A whole document: inline styles only, nothing that is fetched from elsewhere.
  public let html: String
}

extension Letter {
  /// What the letter says.
  ///
  /// - Parameter origin: where the pages are, such as `https://teleconsultation.example`, without a slash at the end.
  public func written(in language: MailLanguage, origin: String) -> WrittenLetter {
    LetterLayout(wording: wording(in: language), language: language, origin: origin).letter
  }

  func wording(in language: MailLanguage) -> Wording {
    switch self {
    case .confirmRegistration(let givenName, let token):
      .confirmRegistration(language, givenName: LetterValue.name(givenName), token: token)
    case .alreadyRegistered: .alreadyRegistered(language)
    case .resetPassword(let token): .resetPassword(language, token: token)
    case .passwordChanged: .passwordChanged(language)
    case .confirmEmail(let token): .confirmEmail(language, token: token)
    case .emailTaken: .emailTaken(language)
    case .emailChanged: .emailChanged(language)
    case .invitation(let from, let token): .invitation(language, from: from.map(LetterValue.name), token: token)
    case .invitationAccepted(let by): .invitationAccepted(language, by: LetterValue.name(by))
    case .accompanimentChanged: .accompanimentChanged(language)
    case .guardianshipEnded(let patient): .guardianshipEnded(language, patient: patient.map(LetterValue.name))
    case .practitionerVerified: .practitionerVerified(language)
    case .practitionerRefused(let ground): .practitionerRefused(language, ground: LetterValue.sentence(ground))
    case .practitionerSuspended(let ground): .practitionerSuspended(language, ground: LetterValue.sentence(ground))
    case .newTexts: .newTexts(language)
    case .unusedAccount(let closesOn): .unusedAccount(language, closesOn: LetterValue.day(closesOn, in: language))
    case .unusedAccompanied(let person, let closesOn):
      .unusedAccompanied(
        language, person: LetterValue.name(person), closesOn: LetterValue.day(closesOn, in: language))
    case .accountClosed(let ground): .accountClosed(language, ground: LetterValue.sentence(ground))
    case .secondFactorOn: .secondFactorOn(language)
    case .secondFactorOff: .secondFactorOff(language)
    case .consultationOverdue: .consultationOverdue(language)
    case .consultationRefused: .consultationRefused(language)
    case .documentHandedOver: .documentHandedOver(language)
    case .consultationClosesTomorrow: .consultationClosesTomorrow(language)
    }
  }
}

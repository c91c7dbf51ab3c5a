extension Wording {
  static func confirmRegistration(_ language: MailLanguage, givenName: String, token: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Confirmez votre inscription", greeting: givenName.isEmpty ? nil : "Bonjour \(givenName),",
        opening: [
          "Vous recevez ce message parce qu’une inscription à MQM Téléconsultation a été demandée avec cette adresse.",
          "Pour la terminer, ouvrez le lien et saisissez le mot de passe que vous avez choisi.",
        ],
        link: Link("Confirmer mon inscription", page: "confirm", token: token),
        closing: [
          "Ce lien est valable 48 heures et ne sert qu’une fois. Ensuite, recommencez simplement l’inscription.",
          "Si vous n’êtes pas à l’origine de cette demande, ne faites rien : aucun compte ne sera créé.",
        ])
    case .en:
      Wording(
        subject: "Confirm your registration", greeting: givenName.isEmpty ? nil : "Hello \(givenName),",
        opening: [
          "You receive this message because somebody signed up for MQM Téléconsultation with this address.",
          "To finish, open the link and enter the password that you chose.",
        ],
        link: Link("Confirm my registration", page: "confirm", token: token),
        closing: [
          "This link is good for 48 hours and works once. After that, simply sign up again.",
          "If it was not you, do nothing: no account will be made.",
        ])
    }
  }

  static func alreadyRegistered(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Vous avez déjà un compte",
        opening: [
          "Vous recevez ce message parce qu’une inscription à MQM Téléconsultation a été demandée avec cette adresse, "
            + "qui a déjà un compte. Rien n’a changé.",
          "Connectez-vous avec votre mot de passe. Si vous l’avez oublié, choisissez « J’ai oublié mon mot de passe » "
            + "sur la page de connexion.",
        ],
        link: .home(language),
        closing: ["Si vous n’êtes pas à l’origine de cette demande, ne faites rien : votre compte reste tel quel."])
    case .en:
      Wording(
        subject: "You already have an account",
        opening: [
          "You receive this message because somebody signed up for MQM Téléconsultation with this address, which has "
            + "an account already. Nothing has changed.",
          "Sign in with your password. If it is lost, choose “I have forgotten my password” on the sign-in page.",
        ],
        link: .home(language),
        closing: ["If it was not you, do nothing: your account stays as it is."])
    }
  }
}

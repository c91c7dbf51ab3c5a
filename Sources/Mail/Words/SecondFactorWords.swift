extension Wording {
  static func secondFactorOn(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "La double authentification est activée",
        opening: [
          "Vous recevez ce message parce que la double authentification vient d’être activée pour votre compte MQM "
            + "Téléconsultation.",
          "Un code de votre application sera demandé à chaque connexion. Gardez vos codes de secours en lieu sûr.",
        ],
        link: .home(language),
        closing: [
          "Si ce n’était pas vous, choisissez tout de suite « J’ai oublié mon mot de passe » sur la page de connexion, "
            + "puis demandez de l’aide."
        ])
    case .en:
      Wording(
        subject: "Two-factor authentication is on",
        opening: [
          "You receive this message because two-factor authentication has just been switched on for your MQM "
            + "Téléconsultation account.",
          "A code of your app will be asked for at each sign-in. Keep your recovery codes in a safe place.",
        ],
        link: .home(language),
        closing: [
          "If it was not you, choose “I have forgotten my password” on the sign-in page at once, then ask for help."
        ])
    }
  }

  static func secondFactorOff(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "La double authentification est désactivée",
        opening: [
          "Vous recevez ce message parce que la double authentification vient d’être désactivée pour votre compte MQM "
            + "Téléconsultation.",
          "Si c’était vous, il n’y a rien à faire. Votre mot de passe suffit désormais pour vous connecter.",
        ],
        link: .home(language),
        closing: [
          "Si ce n’était pas vous, choisissez tout de suite « J’ai oublié mon mot de passe » sur la page de connexion, "
            + "puis demandez de l’aide."
        ])
    case .en:
      Wording(
        subject: "Two-factor authentication is off",
        opening: [
          "You receive this message because two-factor authentication has just been switched off for your MQM "
            + "Téléconsultation account.",
          "If it was you, there is nothing to do. Your password alone signs you in from now on.",
        ],
        link: .home(language),
        closing: [
          "If it was not you, choose “I have forgotten my password” on the sign-in page at once, then ask for help."
        ])
    }
  }
}

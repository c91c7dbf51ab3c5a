extension Wording {
  static func resetPassword(_ language: MailLanguage, token: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Choisissez un nouveau mot de passe",
        opening: [
          "Vous recevez ce message parce qu’un nouveau mot de passe a été demandé pour le compte MQM Téléconsultation "
            + "de cette adresse.",
          "Pour le choisir, ouvrez le lien. Tous vos appareils seront ensuite déconnectés.",
        ],
        link: Link("Choisir un mot de passe", page: "reset", token: token),
        closing: [
          "Ce lien est valable une heure et ne sert qu’une fois.",
          "Si vous n’êtes pas à l’origine de cette demande, ne faites rien : votre mot de passe reste le même.",
        ])
    case .en:
      Wording(
        subject: "Choose a new password",
        opening: [
          "You receive this message because a new password was asked for, for the MQM Téléconsultation account of "
            + "this address.",
          "To choose it, open the link. You will then be signed out on all your devices.",
        ],
        link: Link("Choose a password", page: "reset", token: token),
        closing: [
          "This link is good for one hour and works once.",
          "If it was not you, do nothing: your password stays the same.",
        ])
    }
  }

  static func passwordChanged(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre mot de passe a changé",
        opening: [
          "Vous recevez ce message parce que le mot de passe de votre compte MQM Téléconsultation vient d’être changé.",
          "Si c’était vous, il n’y a rien à faire. Vos autres appareils ont été déconnectés.",
        ],
        link: .home(language),
        closing: [
          "Si ce n’était pas vous, choisissez tout de suite « J’ai oublié mon mot de passe » sur la page de connexion, "
            + "puis demandez de l’aide."
        ])
    case .en:
      Wording(
        subject: "Your password has changed",
        opening: [
          "You receive this message because the password of your MQM Téléconsultation account has just been changed.",
          "If it was you, there is nothing to do. Your other devices have been signed out.",
        ],
        link: .home(language),
        closing: [
          "If it was not you, choose “I have forgotten my password” on the sign-in page at once, then ask for help."
        ])
    }
  }
}

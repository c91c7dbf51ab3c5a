extension Wording {
  static func confirmEmail(_ language: MailLanguage, token: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Confirmez votre nouvelle adresse",
        opening: [
          "Vous recevez ce message parce que le titulaire d’un compte MQM Téléconsultation veut désormais utiliser "
            + "cette adresse.",
          "Si c’est vous, ouvrez le lien. D’ici là, l’ancienne adresse reste en service.",
        ],
        link: Link("Confirmer cette adresse", page: "email", token: token),
        closing: [
          "Ce lien est valable 24 heures et ne sert qu’une fois.",
          "Si vous n’êtes pas à l’origine de cette demande, ne faites rien : votre adresse ne sera pas utilisée.",
        ])
    case .en:
      Wording(
        subject: "Confirm your new address",
        opening: [
          "You receive this message because the owner of an MQM Téléconsultation account wants to use this address "
            + "from now on.",
          "If this is you, open the link. Until then the old address stays in use.",
        ],
        link: Link("Confirm this address", page: "email", token: token),
        closing: [
          "This link is good for 24 hours and works once.",
          "If it was not you, do nothing: your address will not be used.",
        ])
    }
  }

  static func emailTaken(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Cette adresse a déjà un compte",
        opening: [
          "Vous recevez ce message parce que le titulaire d’un autre compte MQM Téléconsultation veut utiliser cette "
            + "adresse, qui a déjà un compte. Rien n’a changé.",
          "Si c’est vous, connectez-vous au compte de cette adresse, ou indiquez-en une autre dans le premier.",
        ],
        link: .home(language),
        closing: ["Si vous n’êtes pas à l’origine de cette demande, ne faites rien : votre compte reste tel quel."])
    case .en:
      Wording(
        subject: "This address already has an account",
        opening: [
          "You receive this message because the owner of another MQM Téléconsultation account wants to use this "
            + "address, which has an account already. Nothing has changed.",
          "If this is you, sign in to the account of this address, or give another address in the first one.",
        ],
        link: .home(language),
        closing: ["If it was not you, do nothing: your account stays as it is."])
    }
  }

  static func emailChanged(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre adresse e-mail a changé",
        opening: [
          "Vous recevez ce message parce que votre compte MQM Téléconsultation utilise désormais une autre adresse que "
            + "celle-ci.",
          "Si c’était vous, il n’y a rien à faire. Connectez-vous avec la nouvelle adresse.",
        ],
        link: .home(language),
        closing: [
          "Si ce n’était pas vous, demandez de l’aide tout de suite : quelqu’un d’autre connaît votre mot de passe."
        ])
    case .en:
      Wording(
        subject: "Your e-mail address has changed",
        opening: [
          "You receive this message because your MQM Téléconsultation account now uses another address than this one.",
          "If it was you, there is nothing to do. Sign in with the new address.",
        ],
        link: .home(language),
        closing: ["If it was not you, ask for help at once: somebody else knows your password."])
    }
  }
}

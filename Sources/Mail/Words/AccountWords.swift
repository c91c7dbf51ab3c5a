extension Wording {
  static func newTexts(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Nos textes ont changé",
        opening: [
          "Vous recevez ce message parce que vous avez un compte MQM Téléconsultation et que nos conditions "
            + "d’utilisation, ou notre texte sur vos données personnelles, ont une nouvelle version.",
          "À votre prochaine visite, vous pourrez la lire et dire si vous l’acceptez. D’ici là, vous pouvez toujours "
            + "lire les textes, télécharger vos données ou supprimer votre compte.",
        ],
        link: .home(language),
        closing: ["Si vous n’avez pas de compte, ne tenez pas compte de ce message."])
    case .en:
      Wording(
        subject: "Our texts have changed",
        opening: [
          "You receive this message because you have an MQM Téléconsultation account, and there is a new version of "
            + "our terms of use or of our text on your personal data.",
          "At your next visit you can read it and say whether you agree. Until then you can still read the texts, "
            + "download your data or delete your account.",
        ],
        link: .home(language),
        closing: ["If it was not you who made an account, disregard this message."])
    }
  }

  static func unusedAccount(_ language: MailLanguage, closesOn: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre compte sera bientôt fermé",
        opening: [
          "Vous recevez ce message parce que votre compte MQM Téléconsultation n’a pas servi depuis presque deux ans.",
          "Sans visite de votre part, il sera fermé et toutes ses données seront effacées le \(closesOn).",
          "Pour le garder, il suffit de vous connecter avant cette date.",
        ],
        link: .home(language),
        closing: ["Si vous n’en avez plus besoin, ou si ce compte n’est pas le vôtre, ne faites rien."])
    case .en:
      Wording(
        subject: "Your account will be closed soon",
        opening: [
          "You receive this message because your MQM Téléconsultation account has not been used for almost two years.",
          "Unless you come back, it will be closed and all its data erased on \(closesOn).",
          "To keep it, simply sign in before that day.",
        ],
        link: .home(language),
        closing: ["If you need it no more, or if it was not you who made it, do nothing."])
    }
  }

  static func unusedAccompanied(_ language: MailLanguage, person: String, closesOn: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Un compte que vous accompagnez sera bientôt fermé",
        opening: [
          "Vous recevez ce message parce que vous accompagnez \(person) sur MQM Téléconsultation, et que ce compte n’a "
            + "pas servi depuis presque deux ans.",
          "Sans visite de sa part ou de la vôtre, il sera fermé et toutes ses données seront effacées le \(closesOn).",
          "Pour le garder, il suffit que l’un de vous se connecte avant cette date.",
        ],
        link: .home(language),
        closing: ["Si ce compte ne sert plus, ou si ce message ne vous est pas destiné, ne faites rien."])
    case .en:
      Wording(
        subject: "An account that you accompany will be closed soon",
        opening: [
          "You receive this message because you accompany \(person) on MQM Téléconsultation, and that account has not "
            + "been used for almost two years.",
          "Unless one of you comes back, it will be closed and all its data erased on \(closesOn).",
          "To keep it, one of you has to sign in before that day.",
        ],
        link: .home(language),
        closing: ["If that account is needed no more, or this message is not meant for you, do nothing."])
    }
  }

  static func accountClosed(_ language: MailLanguage, ground: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre compte a été fermé",
        opening: [
          "Vous recevez ce message parce que votre compte MQM Téléconsultation a été fermé par l’équipe de la "
            + "plateforme.",
          "Motif : \(ground)",
          "Pour en parler, demandez de l’aide.",
        ],
        link: .home(language),
        closing: ["Si vous n’avez pas de compte, ne tenez pas compte de ce message."])
    case .en:
      Wording(
        subject: "Your account was closed",
        opening: [
          "You receive this message because your MQM Téléconsultation account was closed by the platform’s team.",
          "Ground: \(ground)",
          "To talk about it, ask for help.",
        ],
        link: .home(language),
        closing: ["If it was not you who made an account, disregard this message."])
    }
  }
}

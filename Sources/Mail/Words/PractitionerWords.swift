extension Wording {
  static func practitionerVerified(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre inscription de praticien est validée",
        opening: [
          "Vous recevez ce message parce que vous avez demandé à exercer sur MQM Téléconsultation. Votre inscription a "
            + "été vérifiée.",
          "Connectez-vous : la file d’attente vous est ouverte.",
        ],
        link: .home(language),
        closing: ["Si vous n’avez rien demandé, demandez de l’aide."])
    case .en:
      Wording(
        subject: "Your registration as a practitioner is verified",
        opening: [
          "You receive this message because you applied to practise on MQM Téléconsultation. Your registration has "
            + "been verified.",
          "Sign in: the waiting queue is open to you.",
        ],
        link: .home(language),
        closing: ["If it was not you who applied, ask for help."])
    }
  }

  static func practitionerRefused(_ language: MailLanguage, ground: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre inscription de praticien est refusée",
        opening: [
          "Vous recevez ce message parce que vous avez demandé à exercer sur MQM Téléconsultation. Votre demande n’a "
            + "pas été acceptée.",
          "Motif : \(ground)",
          "Vous pouvez corriger vos indications dans votre compte et demander une nouvelle vérification.",
        ],
        link: .home(language),
        closing: ["Si vous n’avez rien demandé, demandez de l’aide."])
    case .en:
      Wording(
        subject: "Your registration as a practitioner is refused",
        opening: [
          "You receive this message because you applied to practise on MQM Téléconsultation. Your application was not "
            + "accepted.",
          "Ground: \(ground)",
          "You can correct what you gave in your account and apply again.",
        ],
        link: .home(language),
        closing: ["If it was not you who applied, ask for help."])
    }
  }

  static func practitionerSuspended(_ language: MailLanguage, ground: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre inscription de praticien est suspendue",
        opening: [
          "Vous recevez ce message parce que votre inscription de praticien sur MQM Téléconsultation est suspendue dès "
            + "maintenant. La file d’attente ne vous est plus ouverte.",
          "Motif : \(ground)",
          "Pour en parler, demandez de l’aide.",
        ],
        link: .home(language),
        closing: ["Si vous n’êtes pas inscrit comme praticien, ne tenez pas compte de ce message."])
    case .en:
      Wording(
        subject: "Your registration as a practitioner is suspended",
        opening: [
          "You receive this message because your registration as a practitioner on MQM Téléconsultation is suspended "
            + "from now on. The waiting queue is closed to you.",
          "Ground: \(ground)",
          "To talk about it, ask for help.",
        ],
        link: .home(language),
        closing: ["If it was not you who registered as a practitioner, disregard this message."])
    }
  }
}

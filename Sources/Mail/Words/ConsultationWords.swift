extension Wording {
  static func consultationOverdue(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre demande de consultation a pris du retard",
        opening: [
          "Vous recevez ce message parce qu’une consultation demandée sur MQM Téléconsultation, pour vous ou pour une "
            + "personne que vous accompagnez, n’a pas avancé dans le délai prévu.",
          "Vous pouvez attendre encore, choisir un autre praticien, ouvrir la demande à tous les praticiens, ou "
            + "l’annuler. Pour cela, connectez-vous.",
        ],
        link: .home(language),
        closing: ["Si vous n’attendez aucune consultation, connectez-vous pour vérifier, puis demandez de l’aide."])
    case .en:
      Wording(
        subject: "Your request for a consultation is overdue",
        opening: [
          "You receive this message because a consultation that was asked for on MQM Téléconsultation, for you or for "
            + "somebody whom you accompany, has not moved on in the time that was promised.",
          "You can go on waiting, choose another practitioner, open the request to all practitioners, or cancel it. To "
            + "do so, sign in.",
        ],
        link: .home(language),
        closing: ["If you are not waiting for any consultation, sign in to make sure, then ask for help."])
    }
  }

  static func consultationRefused(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre demande cherche un autre praticien",
        opening: [
          "Vous recevez ce message parce que le praticien choisi pour une consultation sur MQM Téléconsultation, pour "
            + "vous ou pour une personne que vous accompagnez, ne peut pas la prendre en charge.",
          "La demande est gardée. Vous pouvez choisir un autre praticien, l’ouvrir à tous les praticiens, ou "
            + "l’annuler. Pour cela, connectez-vous.",
        ],
        link: .home(language),
        closing: ["Si vous n’avez demandé aucune consultation, connectez-vous pour vérifier, puis demandez de l’aide."])
    case .en:
      Wording(
        subject: "Your request needs another practitioner",
        opening: [
          "You receive this message because the practitioner chosen for a consultation on MQM Téléconsultation, for you "
            + "or for somebody whom you accompany, cannot take it on.",
          "The request is kept. You can choose another practitioner, open it to all practitioners, or cancel it. To do "
            + "so, sign in.",
        ],
        link: .home(language),
        closing: ["If you have not asked for any consultation, sign in to make sure, then ask for help."])
    }
  }

  static func documentHandedOver(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Un document vous attend",
        opening: [
          "Vous recevez ce message parce qu’un document vous a été remis sur MQM Téléconsultation, pour vous ou pour "
            + "une personne que vous accompagnez.",
          "Connectez-vous pour le récupérer et le garder : il est effacé à la clôture de la consultation.",
        ],
        link: .home(language),
        closing: ["Si vous n’attendez aucun document, connectez-vous pour vérifier, puis demandez de l’aide."])
    case .en:
      Wording(
        subject: "A document is waiting for you",
        opening: [
          "You receive this message because a document was handed over to you on MQM Téléconsultation, for you or for "
            + "somebody whom you accompany.",
          "Sign in to fetch it and keep it: it is erased when the consultation is closed.",
        ],
        link: .home(language),
        closing: ["If you are not expecting any document, sign in to make sure, then ask for help."])
    }
  }

  static func consultationClosesTomorrow(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre consultation sera bientôt close",
        opening: [
          "Vous recevez ce message parce qu’une consultation terminée sur MQM Téléconsultation, pour vous ou pour une "
            + "personne que vous accompagnez, sera close dans un jour.",
          "Les documents qui s’y trouvent sont alors effacés pour de bon. S’il vous en manque un, connectez-vous pour le "
            + "récupérer avant.",
        ],
        link: .home(language),
        closing: ["Si vous avez tout récupéré, il n’y a rien à faire."])
    case .en:
      Wording(
        subject: "Your consultation will soon be closed",
        opening: [
          "You receive this message because a consultation that has ended on MQM Téléconsultation, for you or for "
            + "somebody whom you accompany, will be closed in a day.",
          "Its documents are erased for good then. Sign in before, and fetch what you do not have yet.",
        ],
        link: .home(language),
        closing: ["If you have fetched everything, there is nothing to do."])
    }
  }
}

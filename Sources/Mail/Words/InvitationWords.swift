extension Wording {
  static func invitation(_ language: MailLanguage, from: String?, token: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Invitation à accompagner quelqu’un",
        opening: [
          "Vous recevez ce message car \(from ?? "l’équipe de MQM Téléconsultation") vous invite à accompagner "
            + "quelqu’un sur MQM Téléconsultation.",
          "Ouvrez le lien, puis connectez-vous ou inscrivez-vous avec cette adresse : vous verrez alors de qui il "
            + "s’agit, et vous pourrez accepter ou refuser.",
        ],
        link: Link("Voir l’invitation", page: "invitation", token: token),
        closing: [
          "Ce lien est valable 7 jours et ne sert qu’une fois.",
          "Si ce message ne vous est pas destiné, ne faites rien : l’invitation prendra fin d’elle-même.",
        ])
    case .en:
      Wording(
        subject: "Invitation to accompany somebody",
        opening: [
          "You receive this message because \(from ?? "the team of MQM Téléconsultation") invites you to accompany "
            + "somebody on MQM Téléconsultation.",
          "Open the link, then sign in or sign up with this address: you will then see who it is, and can accept or "
            + "decline.",
        ],
        link: Link("See the invitation", page: "invitation", token: token),
        closing: [
          "This link is good for 7 days and works once.",
          "If this message is not meant for you, do nothing: the invitation will end by itself.",
        ])
    }
  }

  static func invitationAccepted(_ language: MailLanguage, by: String) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Votre invitation a été acceptée",
        opening: [
          "Vous recevez ce message car \(by) a accepté votre invitation sur MQM Téléconsultation.",
          "Il n’y a rien à faire. Vous pouvez y mettre fin à tout moment dans la rubrique « Ma famille ».",
        ],
        link: .home(language),
        closing: [
          "Si vous n’aviez invité personne, mettez-y fin dans la rubrique « Ma famille » et changez votre mot de passe."
        ])
    case .en:
      Wording(
        subject: "Your invitation was accepted",
        opening: [
          "You receive this message because \(by) accepted your invitation on MQM Téléconsultation.",
          "There is nothing to do. You can end this at any time under “My family”.",
        ],
        link: .home(language),
        closing: ["If it was not you who invited them, end it under “My family” and change your password."])
    }
  }

  static func accompanimentChanged(_ language: MailLanguage) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Un accompagnement a changé",
        opening: [
          "Vous recevez ce message parce qu’il y a du nouveau dans un accompagnement qui vous concerne sur MQM "
            + "Téléconsultation : une invitation envoyée par notre équipe, une personne de plus, ou un réglage.",
          "Vérifiez dans la rubrique « Ma famille » que tout est comme vous l’attendez.",
        ],
        link: .home(language),
        closing: ["Si ce n’est pas le cas, mettez-y fin dans cette rubrique, et demandez de l’aide."])
    case .en:
      Wording(
        subject: "An accompaniment has changed",
        opening: [
          "You receive this message because there is something new about who accompanies you, or somebody with you, on "
            + "MQM Téléconsultation: an invitation from our team, one person more, or a setting.",
          "Check under “My family” that everything is as you expect.",
        ],
        link: .home(language),
        closing: ["If it is not, end it there, and ask for help."])
    }
  }

  static func guardianshipEnded(_ language: MailLanguage, patient: String?) -> Wording {
    switch language {
    case .fr:
      Wording(
        subject: "Vous n’accompagnez plus une personne",
        opening: [
          "Vous recevez ce message parce que vous n’accompagnez plus \(patient ?? "une personne") sur MQM "
            + "Téléconsultation\(patient == nil ? ", dont le compte a été supprimé" : "").",
          "Cela vaut dès maintenant. Votre propre compte reste tel quel, et il n’y a rien à faire.",
        ],
        link: .home(language),
        closing: ["Si vous pensez que c’est une erreur, parlez-en à cette personne, ou demandez de l’aide."])
    case .en:
      Wording(
        subject: "You no longer accompany somebody",
        opening: [
          "You receive this message because you no longer accompany \(patient ?? "somebody") on MQM "
            + "Téléconsultation\(patient == nil ? ": their account was deleted" : "").",
          "This holds from now on. Your own account stays as it is, and there is nothing to do.",
        ],
        link: .home(language),
        closing: ["If you think that this is a mistake, speak to them, or ask for help."])
    }
  }
}

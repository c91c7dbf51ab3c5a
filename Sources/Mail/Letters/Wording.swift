/// What a letter says in one language, before it is laid out.
struct Wording {
  let subject: String
  var greeting: String?
  /// What happened, why the person gets this, what to do; one paragraph each.
  let opening: [String]
  let link: Link
  /// How long the link is good, and what to do if it was not them; one paragraph each.
  let closing: [String]

  /// Where the letter leads.
  struct Link {
    /// What the button says.
    let label: String
    /// What comes after the origin: empty, or `/#/…`.
    let path: String

    init(_ label: String, page: String, token: String) {
      self.label = label
      path = "/#/\(page)/\(LetterValue.token(token))"
    }

    private init(label: String) {
      self.label = label
      path = ""
    }

    /// To the platform's own address, in letters without anything to act on.
    static func home(_ language: MailLanguage) -> Link {
      switch language {
      case .fr: Link(label: "Ouvrir MQM Téléconsultation")
      case .en: Link(label: "Open MQM Téléconsultation")
      }
    }
  }
}

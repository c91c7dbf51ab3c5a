/// Lays a wording out as plain text and as HTML, with what every letter says about its sender.
struct LetterLayout {
  let wording: Wording
  let language: MailLanguage
  let origin: String

  var letter: WrittenLetter { WrittenLetter(subject: typeset(wording.subject), text: text, html: html) }

  private var address: String { origin + wording.link.path }

  private var greeting: String { wording.greeting ?? (language == .fr ? "Bonjour," : "Hello,") }

  private var copyLink: String {
    switch language {
    case .fr: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :"
    case .en: "If the button does not work, copy this address into your browser:"
    }
  }

  private var help: (label: String, address: String) {
    (language == .fr ? "Aide :" : "Help:", origin + "/#/support")
  }

  private var footer: [String] {
    switch language {
    case .fr:
      [
        "Ce message vous est envoyé automatiquement par MQM Téléconsultation. Les réponses ne sont pas lues.",
        "Nous ne vous demanderons jamais votre mot de passe par e-mail.",
      ]
    case .en:
      [
        "This message was sent to you automatically by MQM Téléconsultation. Replies are not read.",
        "We will never ask you for your password by e-mail.",
      ]
    }
  }

  private var text: String {
    let paragraphs =
      [greeting] + wording.opening + ["\(wording.link.label) :\n\(address)"] + wording.closing
      + ["-- \n" + (footer + ["\(help.label) \(help.address)"]).joined(separator: "\n")]
    return paragraphs.map(typeset).joined(separator: "\n\n") + "\n"
  }

  private var html: String {
    let font = "font-family:Arial,Helvetica,sans-serif;color:#1b2733;"
    let paragraph = "<p style=\"margin:0 0 16px;font-size:16px;line-height:24px\">"
    let small = "<p style=\"margin:0 0 8px;font-size:14px;line-height:20px;color:#4a5763\">"
    let href = escape(address)
    var lines = [
      "<!DOCTYPE html>",
      "<html lang=\"\(language.rawValue)\">",
      "<head>",
      "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
      "<title>\(prose(wording.subject))</title>",
      "</head>",
      "<body style=\"margin:0;padding:0;background:#f3f5f7\">",
      "<div role=\"article\" lang=\"\(language.rawValue)\" style=\"max-width:560px;margin:0 auto;padding:24px;"
        + "background:#ffffff;\(font)\">",
      "<p style=\"margin:0 0 24px;font-size:14px;line-height:20px;font-weight:bold\">MQM Téléconsultation</p>",
      "<h1 style=\"margin:0 0 16px;font-size:22px;line-height:30px\">\(prose(wording.subject))</h1>",
    ]
    lines += ([greeting] + wording.opening).map { "\(paragraph)\(prose($0))</p>" }
    lines += [
      "<p style=\"margin:24px 0\"><a href=\"\(href)\" style=\"display:inline-block;padding:12px 20px;border-radius:6px;"
        + "background:#0b5cad;color:#ffffff;font-size:16px;font-weight:bold;text-decoration:none\">"
        + "\(prose(wording.link.label))</a></p>",
      "<p style=\"margin:0 0 24px;font-size:14px;line-height:20px;color:#4a5763\">\(prose(copyLink))<br>"
        + "<a href=\"\(href)\" style=\"color:#0b5cad;word-break:break-all\">\(href)</a></p>",
    ]
    lines += wording.closing.map { "\(paragraph)\(prose($0))</p>" }
    lines += ["<hr style=\"margin:24px 0 16px;border:0;border-top:1px solid #c9d1d9\">"]
    lines += footer.map { "\(small)\(prose($0))</p>" }
    lines += [
      "\(small)\(prose(help.label)) <a href=\"\(escape(help.address))\" style=\"color:#0b5cad\">"
        + "\(escape(help.address))</a></p>",
      "</div>",
      "</body>",
      "</html>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func prose(_ text: String) -> String { escape(typeset(text)) }

  /// French puts a space that does not break before `:`, `;`, `!` and `?`, and inside of « »; English has none there.
  private func typeset(_ text: String) -> String {
    let space = language == .fr ? "\u{A0}" : ""
    var text = text
    for mark in [":", ";", "!", "?", "»"] { text = text.replacing(" \(mark)", with: "\(space)\(mark)") }
    return text.replacing("« ", with: "«\(space)")
  }

  private func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

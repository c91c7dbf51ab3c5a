import ArgumentParser
import Foundation
import Mail

/// How this broker sends e-mail, as the settings say.
struct MailDelivery {
  let postman: any Postman
  let sender: Mailbox
  /// For who starts the broker: where e-mails go.
  let explanation: String

  init(_ settings: Settings, folder: DataFolder) throws {
    let from = try settings.text(.mailFrom)
    do throws(MailRefusal) {
      sender = try Mailbox(from)
    } catch {
      throw ValidationError("The setting 'mail.from' is wrong: \(error.why).")
    }
    switch try settings.text(.mailDelivery) {
    case "sendmail":
      let program = try settings.text(.mailSendmail)
      do throws(MailRefusal) {
        postman = try SendmailPostman(program: program)
      } catch {
        throw ValidationError("The setting 'mail.sendmail' is wrong: \(error.why).")
      }
      explanation = "e-mails are handed to \(program)"
    case "smtp":
      guard let url = try settings.optionalText(.mailSMTPURL) else {
        throw ValidationError("The delivery 'smtp' needs 'mail.smtp.url', such as smtps://mail.example:465.")
      }
      let user = try settings.optionalText(.mailSMTPUser)
      let password = try settings.optionalText(.mailSMTPPassword)
      let authority = try settings.optionalText(.mailSMTPAuthorities)
      do throws(MailRefusal) {
        postman = SMTPPostman(
          server: try SMTPServer(url: url, user: user, password: password, authority: authority))
      } catch {
        throw ValidationError("The settings 'mail.smtp' are wrong: \(error.why).")
      }
      explanation = "e-mails are sent through \(url)"
    default:
      let path = try settings.optionalText(.mailFolder) ?? folder.outbox.path
      postman = OutboxFolder(path: path)
      explanation = "e-mails are not sent, but written into \(path)"
    }
  }
}

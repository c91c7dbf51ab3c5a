/// What it means that curl did not deliver a message.
struct CurlFailure {
  /// For `curl --write-out`: the server's last answer, and how many bytes of the message it got.
  static let report = "%{response_code} %{size_upload}"

  /// curl's exit status; see `man curl`.
  let status: Int32
  /// The server's last answer (RFC 5321 section 4.2); 0 for none.
  let answer: Int
  private let messageWasSent: Bool

  /// - Parameter output: made after ``report``.
  init(status: Int32, output: String) {
    self.status = status
    let numbers = output.split(separator: " ").map { Int($0) ?? 0 }
    answer = numbers.first ?? 0
    messageWasSent = (numbers.dropFirst().first ?? 0) > 0
  }

  /// Permanent only when the server refused this sender, recipient or message for good. What may be a mistake in our
  /// configuration, such as a wrong password or a missing certificate, is temporary: no letter is lost by it.
  var failure: DeliveryFailure {
    switch status {
    case 6: .temporary("the mail server's name cannot be resolved; check mail.smtp.url")
    case 7: .temporary("the mail server cannot be reached; check mail.smtp.url")
    case 28: .temporary("the mail server took too long")
    case 35, 51, 58, 59, 60, 83, 90, 91:
      .temporary("no TLS with the mail server, or its certificate is not trusted (curl \(status)); check mail.smtp.ca")
    case 64: .temporary("the mail server offers no STARTTLS, and nothing is sent without TLS")
    case 67: .temporary("the mail server refuses our user or password (\(answer))")
    case 77: .temporary("the file of trusted certificates cannot be read; check mail.smtp.ca")
    // MAIL or RCPT was refused.
    case 55 where isFinal: .permanent("the mail server refused it with \(answer)")
    // Without a message sent it is the greeting that was no welcome.
    case 8 where isFinal && messageWasSent: .permanent("the mail server refused it with \(answer)")
    default: .temporary("curl ended with exit status \(status), and the mail server's last answer was \(answer)")
    }
  }

  /// 5xx but for those that ask for another way to sign in (RFC 4954 section 6).
  private var isFinal: Bool {
    (500...599).contains(answer) && ![530, 534, 535, 538].contains(answer)
  }
}

import Foundation

/// Hands messages to a mail server over SMTP with TLS, through the `curl` command.
///
/// Credentials, sender and recipient go to curl's standard input as its configuration, and the message through a file
/// in memory: nothing of them is on a command line, in the environment or on disk.
public struct SMTPPostman: Postman {
  private let server: SMTPServer
  private let program: String
  private let limit: Int

  /// - Parameters:
  ///   - curl: its absolute path.
  ///   - limit: seconds that one message may take.
  public init(server: SMTPServer, curl: String = "/usr/bin/curl", limit: Int = 60) {
    self.server = server
    program = curl
    self.limit = limit
  }

  public func deliver(_ message: MailMessage) async throws(DeliveryFailure) {
    let command = Command(
      program: program, arguments: Self.arguments, input: Data(configuration(for: message).utf8),
      attachment: message.bytes, limit: limit + 5)
    switch await command.run() {
    case .exited(0, _): return
    case .exited(let status, let output): throw CurlFailure(status: status, output: output).failure
    case .killed(let signal): throw .temporary("curl was killed by signal \(signal)")
    case .outOfTime: throw .temporary("the mail server took more than \(limit) s")
    case .cancelled: throw .temporary("interrupted")
    case .notStarted(let why): throw .temporary("curl could not be run: \(why)")
    }
  }

  /// Without the user's own `.curlrc`, which curl reads unless this comes first.
  static let arguments = ["--disable", "--config", "-"]

  /// In the form of `curl --config`. The URL has a path always: it is what curl presents itself as, and without one
  /// it would be the uploaded file's name.
  func configuration(for message: MailMessage) -> String {
    let port = server.port.map { ":\($0)" } ?? ""
    let url = "\(server.scheme)://\(server.host)\(port)/\(server.clientName ?? message.sender.domain)"
    var options = [
      ("url", url),
      ("proto", "=smtp,smtps"),
      ("mail-from", message.sender.address),
      ("mail-rcpt", message.recipient.address),
      ("upload-file", Command.attachmentPath),
      ("output", "/dev/null"),
      ("write-out", CurlFailure.report),
      ("connect-timeout", "20"),
      ("max-time", "\(limit)"),
    ]
    if let credentials = server.credentials { options.append(("user", "\(credentials.user):\(credentials.password)")) }
    if let authority = server.authority { options.append(("cacert", authority)) }
    return "ssl-reqd\ntlsv1.2\nsilent\n" + options.map { "\($0) = \(Self.quoted($1))\n" }.joined()
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}

/// Hands messages to the system's `sendmail` command, as every mail server for Unix has it.
public struct SendmailPostman: Postman {
  private let program: String
  private let limit: Int

  /// - Parameters:
  ///   - program: an absolute path.
  ///   - limit: seconds that it may take for one message.
  /// - Throws: when the path is not absolute.
  public init(program: String = "/usr/sbin/sendmail", limit: Int = 60) throws(MailRefusal) {
    guard program.hasPrefix("/"), !program.utf8.contains(0) else {
      throw MailRefusal("the sendmail command must be an absolute path such as /usr/sbin/sendmail")
    }
    self.program = program
    self.limit = limit
  }

  public func deliver(_ message: MailMessage) async throws(DeliveryFailure) {
    let command = Command(
      program: program,
      arguments: ["-i", "-f", message.sender.address, "--", message.recipient.address], input: message.bytes,
      limit: limit)
    switch await command.run() {
    case .exited(0, _): return
    case .exited(let status, _): throw Self.failure(status)
    case .killed(let signal): throw .temporary("sendmail was killed by signal \(signal)")
    case .outOfTime: throw .temporary("sendmail took more than \(limit) s")
    case .cancelled: throw .temporary("interrupted")
    case .notStarted(let why): throw .temporary("sendmail could not be run: \(why)")
    }
  }

  /// After `sysexits.h`: what is wrong with the message or its recipient stays wrong, everything else may pass.
  private static func failure(_ status: Int32) -> DeliveryFailure {
    switch status {
    case 65: .permanent("sendmail refused the message (EX_DATAERR)")
    case 67: .permanent("sendmail does not know the recipient (EX_NOUSER)")
    case 68: .permanent("sendmail does not know the recipient's domain (EX_NOHOST)")
    case 75: .temporary("sendmail asks to try later (EX_TEMPFAIL)")
    default: .temporary("sendmail ended with exit status \(status)")
    }
  }
}

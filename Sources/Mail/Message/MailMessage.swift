import Foundation

/// A message as it goes over the wire (RFC 5322, RFC 2045 to 2047), with its envelope.
public struct MailMessage: Sendable {
  /// The id of the letter in its queue.
  public let letter: Int64
  public let sender: Mailbox
  public let recipient: Mailbox
  /// When it was composed, in milliseconds since 1970-01-01T00:00:00Z.
  public let composedAt: Int64
  /// The header and the body; lines of 78 bytes at most (but for an address that is longer) that end with CRLF, all
  /// of them ASCII.
  public let bytes: Data

  /// - Parameters:
  ///   - queued: the letter, to whom, and in which language.
  ///   - sender: shown as from `MQM Téléconsultation`.
  ///   - origin: where the pages are, without a slash at the end.
  ///   - now: milliseconds since 1970-01-01T00:00:00Z.
  /// - Throws: ``DeliveryFailure/permanent(_:)`` when the recipient's address cannot be used.
  public init(_ queued: QueuedLetter, from sender: Mailbox, origin: String, now: Int64) throws(DeliveryFailure) {
    do {
      recipient = try Mailbox(queued.recipient)
    } catch {
      throw .permanent("the recipient's address cannot be used: \(error.why)")
    }
    letter = queued.id
    self.sender = sender
    composedAt = now
    let written = queued.letter.written(in: queued.language, origin: origin)
    let lines =
      [
        "From: \(EncodedWords.encode(MailMessage.platform))",
        " <\(sender.address)>",
        "To: <\(recipient.address)>",
        "Subject: \(EncodedWords.encode(written.subject))",
        "Date: \(MailMessage.headerDate(now))",
        "Message-ID: <\(queued.id).\(MailMessage.fingerprint(of: queued))@\(sender.domain)>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "Content-Language: \(queued.language.rawValue)",
        "Content-Type: multipart/alternative; boundary=\"\(MailMessage.boundary)\"",
        "",
      ] + MailMessage.part("plain", written.text) + MailMessage.part("html", written.html) + [
        "--\(MailMessage.boundary)--", "",
      ]
    bytes = Data(lines.joined(separator: "\r\n").utf8)
  }

  static let platform = "MQM Téléconsultation"
  /// Cannot occur in quoted-printable, where `=` is followed by two hexadecimal digits or ends the line.
  static let boundary = "=_mqm_alternative"

  private static func part(_ subtype: String, _ text: String) -> [String] {
    [
      "--\(boundary)",
      "Content-Type: text/\(subtype); charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      QuotedPrintable.encode(text),
    ]
  }

  private static func headerDate(_ milliseconds: Int64) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
  }

  /// The same for the same letter however often it is delivered; another one for the letter that has the same id in
  /// another queue. FNV-1a, 64 bits.
  private static func fingerprint(of queued: QueuedLetter) -> String {
    let written = queued.letter.written(in: queued.language, origin: "")
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(queued.recipient)\n\(written.subject)\n\(written.text)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

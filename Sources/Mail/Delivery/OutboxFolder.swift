import Foundation

/// Writes each message into a file of its own, such as `20261124T101502Z-000042.eml`, that any mail program opens: the
/// delivery for development, as nobody gets anything.
public struct OutboxFolder: Postman {
  private let folder: String

  /// - Parameter path: of the folder; made when it is missing, for its owner only.
  public init(path: String) { folder = path }

  public func deliver(_ message: MailMessage) async throws(DeliveryFailure) {
    let result = await DeliveryThreads.run { Result { () throws(DeliveryFailure) in try write(message) } }
    try result.get()
  }

  /// When it was composed, in UTC, and the letter's id.
  static func name(of message: MailMessage) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    let time = formatter.string(from: Date(timeIntervalSince1970: Double(message.composedAt) / 1000))
    let id = String(message.letter)
    return "\(time)-\(String(repeating: "0", count: max(0, 6 - id.count)))\(id).eml"
  }

  /// Whoever looks into the folder sees whole messages only.
  private func write(_ message: MailMessage) throws(DeliveryFailure) {
    let name = Self.name(of: message)
    let draft = "\(folder)/.\(name).part"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      unlink(draft)
      let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw SystemError(code: errno) }
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: message.bytes)
      try file.synchronize()
      try file.close()
      guard rename(draft, "\(folder)/\(name)") == 0 else { throw SystemError(code: errno) }
    } catch {
      unlink(draft)
      throw .temporary("the outbox folder cannot be written; is there room, and does it belong to this user?")
    }
  }
}

import ArgumentParser
import Foundation
import MQMSessions

struct RecordVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the whole record, also that of a running broker.",
    discussion: """
      Every entry, the chain, the tree, the heads, what was exported, what the tables say of each consultation, and the \
      database itself with its indexes. Ends with 0 if all is whole, with 1 and what was found if it is not.

      The broker's own heads file must have everything that was handed over to it. In another file that is named with \
      --heads, such as a copy, nothing may be missing between its first line and its last.

      Name the heads file and the public key from where the operator of this machine cannot reach them: somebody who has \
      the machine has the signing key, too, and can make another record.

      EXAMPLES
        mqm-broker record verify
        mqm-broker record verify --heads elsewhere/heads.jsonl --key BASE64
      """)

  @OptionGroup var options: RecordOptions

  @Option(
    help: ArgumentHelp(
      "Exported heads; by default $MQM_RECORD_HEADS_FILE, or heads.jsonl in the folder of the data.", valueName: "file")
  )
  var heads: String?

  @Option(help: ArgumentHelp("Public key; by default that of the signing key.", valueName: "base64"))
  var key: PublicKeyOption?

  func run() throws {
    let key = try self.key?.bytes ?? options.publicKey()
    // How far the file has to go before its lines, and those before the record: what comes later is there already.
    let handedOver = isOwnFile ? self.handedOver() : nil
    let exported = try lines(mustBeThere: handedOver == nil)
    let meter = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)
    var clock = Stopwatch()
    let verifier = RecordVerifier(publicKey: key, exported: exported, handedOver: handedOver)
    let report = verifier.verify(file: options.record) { done, all in meter.show("entry \(done) of \(all)") }
    let entries = clock.lap()
    meter.show("pages and indexes of the database")
    let damage = RecordVerifier.checkDatabase(options.record)
    let database = clock.lap()
    meter.clear()
    for fault in report.faults + damage { print("WRONG: \(fault)") }
    if max(report.faults.count, damage.count) == RecordVerifier.faultLimit { print("There may be more.") }
    guard report.isWhole, damage.isEmpty, let tip = report.tip else { throw ExitCode.failure }
    print(
      """
      The record is whole: \(report.entries) entries, \(report.heads) heads, \(report.exportedLines) exported lines, \
      checked in \(entries).
      The database and its indexes are whole, checked in \(database).
      log \(tip.log), root \(tip.root), key \(tip.key)
      """)
  }

  /// The file to which the broker exports, as far as this command knows.
  private var ownFile: URL {
    ProcessInfo.processInfo.environment[SettingKey.recordHeadsFile.environmentName].map { URL(filePath: $0) }
      ?? options.folder.appending(path: "heads.jsonl")
  }

  private var file: URL { heads.map { URL(filePath: $0) } ?? ownFile }

  private var isOwnFile: Bool {
    file.standardizedFileURL.resolvingSymlinksInPath() == ownFile.standardizedFileURL.resolvingSymlinksInPath()
  }

  /// - Returns: nil if the record cannot be read, which is found later.
  private func handedOver() -> ExportProgress? { try? RecordFile(options.record).exportedToFile() }

  /// - Parameter mustBeThere: whether a missing file is the mistake of who named it; otherwise it has no lines.
  private func lines(mustBeThere: Bool) throws -> [String] {
    guard !mustBeThere || heads == nil || FileManager.default.fileExists(atPath: file.path) else {
      throw ValidationError("There is no heads file '\(file.path)'.")
    }
    return try HeadsFile.lines(file)
  }
}

/// Tells the seconds since it was asked last.
private struct Stopwatch {
  private var started = ContinuousClock.now

  mutating func lap() -> String {
    defer { started = .now }
    return (ContinuousClock.now - started)
      .formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))
  }
}

/// A line on a terminal that is written over again and again.
final class ProgressLine {
  private let isShown: Bool

  init(isShown: Bool) {
    self.isShown = isShown
  }

  func show(_ text: String) {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8)) }
  }

  func clear() { show("") }
}
